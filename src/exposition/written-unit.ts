import { baseName } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { isMetricName } from '../model/names.ts'

/**
 * The unit of a family as it may be written; empty for none. A declaration with another one is refused, but anybody may
 * build a family: a unit that the name does not end with is left out, as it would cost the scrape (conformance N7).
 */
export function writtenUnit(family: Pick<MetricFamily, 'name' | 'type' | 'unit'>): string {
  const name = baseName(family) || family.name
  return name.endsWith(`_${family.unit}`) ? anyUnit(family) : ''
}

/** The same where the name need not end with it. */
export function anyUnit({ type, unit }: Pick<MetricFamily, 'type' | 'unit'>): string {
  return type !== 'info' && type !== 'stateset' && isMetricName(`_${unit}`) ? unit : ''
}
