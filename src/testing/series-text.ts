import { escapeLabelValue } from '../exposition/escape.ts'
import { quotedLabel, quotedMetric } from '../exposition/quoted-layout.ts'

/** A series as people write it: `requests_total{endpoint="/"}`, or `{"http.requests_total",endpoint="/"}`. */
export function seriesText(name: string, labels: readonly (readonly [name: string, value: string])[]): string {
  const pairs = labels.map(([label, value]) => `${quotedLabel(label)}="${escapeLabelValue(value)}"`)
  const written = quotedMetric(name)
  if (written !== name) return `{${[written, ...pairs].join(',')}}`
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}
