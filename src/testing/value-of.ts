import type { Counter } from '../metrics/counter.ts'
import type { Gauge } from '../metrics/gauge.ts'
import type { Histogram } from '../metrics/histogram.ts'
import type { Info } from '../metrics/info.ts'
import type { LabelNames, LabelsByName } from '../metrics/labels.ts'
import type { StateSet } from '../metrics/state-set.ts'
import type { Summary } from '../metrics/summary.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import type { SampleValue, StateSetValue, SummaryValue } from '../model/sample.ts'
import { findValue, type SoughtLabels } from './sample-search.ts'
import { isGatherer, readFamilies, type Gatherer, type ReadableCollector } from './source.ts'

/** A counter, a gauge, or any other metric. */
export type ReadableMetric = ReadableCollector & { readonly descriptor: Descriptor }

/**
 * The value of one series of a metric: a number, or all that a histogram, a summary or a state set is worth.
 * `undefined` if there is no such series. Of a registry it answers later, and is told the name: that of a family, with
 * or without its `_total` or `_info`, or that of a sample in the text format (`slow_count`, `slow_bucket` with `le`).
 *
 * @throws {Error} if no metric has that name, or the metric has not those labels: a test that hopes for `undefined`
 * must not pass because of a misspelling. Also for a metric with a `collect` callback, which is read through its
 * registry.
 *
 * @example
 * ```ts
 * import { counter, histogram, Registry } from 'narthex'
 * import { valueOf } from 'narthex/testing'
 *
 * const registry = new Registry()
 * const orders = counter({ name: 'orders', help: 'Orders taken.', labelNames: ['shop'], registry })
 * orders.inc({ shop: 'tea' })
 * console.log(valueOf(orders, { shop: 'tea' })) // 1
 * console.log(valueOf(orders, { shop: 'coffee' })) // undefined
 *
 * histogram({ name: 'slow', help: 'Slow.', buckets: [1, 5], registry }).observe(3)
 * console.log(await valueOf(registry, 'slow_bucket', { le: 5 })) // 1
 * console.log(await valueOf(registry, 'slow'))
 * // {
 * //   count: 1,
 * //   sum: 3,
 * //   buckets: [
 * //     { upperBound: 1, count: 0 },
 * //     { upperBound: 5, count: 1 },
 * //     { upperBound: Infinity, count: 0 }
 * //   ]
 * // }
 * ```
 */
export function valueOf<M extends ReadableMetric>(metric: M, ...labels: LabelsOf<M>): ValueOf<M> | undefined
export function valueOf(registry: Gatherer, name: string, labels?: SoughtLabels): Promise<SampleValue | undefined>
export function valueOf(
  source: Gatherer | ReadableMetric,
  ...args: readonly unknown[]
): SampleValue | undefined | Promise<SampleValue | undefined> {
  const [name, labels] = isGatherer(source)
    ? args
    : [(source as Partial<ReadableMetric> | undefined)?.descriptor?.name, args[0]]
  return readFamilies(source, (families) => findValue(families, name as string, labels as SoughtLabels | undefined))
}

/** What a series of a metric is worth. */
export type ValueOf<M> = M extends Counter<infer _> | Gauge<infer _> | Info
  ? number
  : M extends Histogram<infer _>
    ? HistogramValue
    : M extends Summary<infer _>
      ? SummaryValue
      : M extends StateSet<string, infer _>
        ? StateSetValue
        : SampleValue

/** The labels of a series of a metric, as an argument: none for a metric without labels. */
export type LabelsOf<M> =
  NamesOf<M> extends readonly []
    ? readonly []
    : number extends NamesOf<M>['length']
      ? readonly [labels?: SoughtLabels]
      : readonly [labels: LabelsByName<NamesOf<M>>]

type NamesOf<M> = M extends
  | Counter<infer Names>
  | Gauge<infer Names>
  | Histogram<infer Names>
  | Summary<infer Names>
  | StateSet<string, infer Names>
  ? Names
  : LabelNames
