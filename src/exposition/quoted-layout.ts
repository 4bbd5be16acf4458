import { isLabelName, isMetricName } from '../model/names.ts'
import { escapeLabelValue } from './escape.ts'
import { layoutOf, lineLayout, pairOf, type LineLayout, type MakeLayout } from './text-layout.ts'

/**
 * A layout in which names that not every server accepts stand in quotes, that of a metric among its labels:
 * `{"my.name",label="v"} 1` (conformance T10). In text 1.0.0 and OpenMetrics, for who asks for `escaping=allow-utf-8`.
 */
export const quotedLayout: MakeLayout = (name, head, labelNames, lines, numbers, options) => {
  const layouts = lines.map(([of, label, value]) => quotedLine(of, label && pairOf(quotedLabel(label), value)))
  return layoutOf(head(quotedMetric(name)), quotedLabel, labelNames, layouts, numbers, options)
}

function quotedLine(name: string, pair: string | undefined): LineLayout {
  if (isMetricName(name)) return lineLayout(`${name}{`, name, pair)
  return lineLayout(`{${quoted(name)},`, `{${quoted(name)}}`, pair)
}

/** The name of a metric as it stands by itself. */
export function quotedMetric(name: string): string {
  return isMetricName(name) ? name : quoted(name)
}

export function quotedLabel(name: string): string {
  return isLabelName(name) ? name : quoted(name)
}

function quoted(name: string): string {
  return `"${escapeLabelValue(name)}"`
}
