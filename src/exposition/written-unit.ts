import { baseName } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/**
 * The unit of a family as it may be written; empty for none. A declaration with another one is refused, but anybody may
 * build a family: a unit that the name does not end with is left out, as it would cost the scrape (conformance N7).
 */
export function writtenUnit(family: MetricFamily): string {
  const { type, unit } = family
  const name = baseName(family) || family.name
  return type !== 'info' && type !== 'stateset' && name.endsWith(`_${unit}`) ? unit : ''
}
