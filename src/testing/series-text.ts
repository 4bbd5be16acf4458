import { escapeLabelValue } from '../exposition/escape.ts'

/** A series as people write it: `requests_total{endpoint="/"}`. */
export function seriesText(name: string, labels: readonly (readonly [name: string, value: string])[]): string {
  if (labels.length === 0) return name
  return `${name}{${labels.map(([label, value]) => `${label}="${escapeLabelValue(value)}"`).join(',')}}`
}
