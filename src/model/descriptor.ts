import { underscored } from './names.ts'

/** The types of OpenMetrics; each writer maps the ones that its format does not know. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown'

/**
 * What is known of a metric before it has a value: validated once, frozen.
 *
 * `name` is the name of the family: a counter's ends in `_total`, an info's in `_info`.
 */
export interface Descriptor {
  readonly name: string
  readonly help: string
  readonly type: MetricType
  /** A base unit such as `seconds`; empty when there is none. */
  readonly unit: string
  readonly labelNames: readonly string[]
}

/** The suffixes of the sample names that each type may expose, in any format. */
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  // `_count` and `_sum` too: text 0.0.4 knows no gauge histogram and shows a histogram.
  gaugehistogram: ['_bucket', '_gcount', '_gsum', '_count', '_sum'],
  summary: ['_count', '_sum', '_created'],
  info: ['_info'],
}

/** Whether values of the type add up from a start, so that it matters when that was, and some format tells. */
export function addsUp(type: MetricType): boolean {
  return SUFFIXES[type]?.includes('_created') === true
}

/** The label that belongs to the format itself, by type; that of a state set is called as the metric is. */
export const OWN_LABELS: Partial<Record<MetricType, string>> = {
  histogram: 'le',
  gaugehistogram: 'le',
  summary: 'quantile',
}

/** The suffix that the name of a family has by its type. */
export function familySuffix(type: MetricType): string {
  return type === 'counter' ? '_total' : type === 'info' ? '_info' : ''
}

/** The name without the suffix that belongs to the type: what OpenMetrics 1.0 calls the family. */
export function baseName({ name, type }: Pick<Descriptor, 'name' | 'type'>): string {
  const suffix = familySuffix(type)
  return name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name
}

/**
 * Every name under which a metric may appear in an exposition, as it is and with underscores. Two metrics of one
 * registry must not share any (conformance O8): not `x` and `x_total`, not the histogram `x` and a counter `x_count`,
 * not `x.y` and `x_y`.
 */
export function expositionNames(descriptor: Pick<Descriptor, 'name' | 'type'>): string[] {
  const base = baseName(descriptor)
  const names = ['', ...(SUFFIXES[descriptor.type] ?? [])].map((suffix) => base + suffix)
  return [...new Set([...names, ...names.map(underscored)])]
}
