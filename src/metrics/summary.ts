import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare, type MakeSeries } from './metric.ts'
import { ObservingMetric } from './observing-metric.ts'
import { checkedQuantiles, type QuantileOptions } from './quantile-options.ts'
import { quantileColumns, QuantileSeries } from './quantile-series.ts'
import { countAndSum, SummarySeries, wrongValue } from './summary-series.ts'

/** One list for all that have none: writers compare it by reference. */
const NO_QUANTILES: readonly number[] = []

/** What a summary is declared with. */
export interface SummaryOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names>, QuantileOptions {}

/**
 * Counts observations and sums them, which is enough for a mean and costs two numbers per series. With `quantiles` it
 * tells those of a sliding window, too. Built so, it is in no registry yet; {@link summary} builds and registers.
 *
 * @example
 * ```ts
 * import { expose, Registry, Summary } from 'narthex'
 *
 * const registry = new Registry()
 * registry.register(new Summary({ name: 'batch_size', help: 'Rows per batch.' })).observe(12)
 * console.log(await expose(registry))
 * // # HELP batch_size Rows per batch.
 * // # TYPE batch_size summary
 * // batch_size_sum 12
 * // batch_size_count 1
 * ```
 */
export class Summary<const Names extends LabelNames = LabelNames> extends ObservingMetric<Names, SummarySeries> {
  readonly #quantiles: readonly number[]

  /** @throws {MetricError} `INVALID_OPTION`, or as every declaration, see {@link MetricErrorCode} */
  constructor(options: SummaryOptions<Names>) {
    const descriptor = describe(options, 'summary')
    const rules = checkedQuantiles(options, descriptor.name)
    const make: MakeSeries<SummarySeries> = (values, at, exemplars) =>
      rules === undefined
        ? new SummarySeries(values, at, descriptor, exemplars)
        : new QuantileSeries(values, at, descriptor, exemplars, rules)
    super(descriptor, 2, make, options, rules)
    this.#quantiles = rules?.quantiles ?? NO_QUANTILES
  }

  /**
   * Counts an observation; on a metric with labels, in the series of `labels`, which come first.
   *
   * @throws {MetricError} `INVALID_VALUE`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`; nothing is counted.
   */
  observe(...args: RecordingArguments<Names, readonly [value: number]>): void
  observe(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.observe(args[0] as number)
      return
    }
    const value = args[1]
    if (typeof value !== 'number') throw wrongValue(this.descriptor, value)
    const row = this.rowByName(args[0])
    if (this.#quantiles.length === 0) countAndSum(this.table.valuesOf(row), this.table.startOf(row), value)
    // The window is with the series.
    else this.seriesAt(row).observe(value)
  }

  override clear(): void {
    super.clear()
    if (this.only instanceof QuantileSeries) this.only.emptyWindow()
  }

  override collect(): readonly MetricFamily[] {
    const quantiles = this.#quantiles
    const columns = this.snapshot()
    const shown = quantiles.length === 0 ? columns : quantileColumns(this.table, columns, quantiles.length)
    return [{ ...this.descriptor, type: 'summary', quantiles, columns: shown }]
  }
}

/**
 * Declares a summary and registers it. Asked again with the same declaration, it returns the summary that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link Summary}
 *
 * @example
 * ```ts
 * import { expose, summary } from 'narthex'
 *
 * const batches = summary({ name: 'batch_size', help: 'Rows per batch.' })
 * batches.observe(12)
 * batches.observe(3)
 * console.log(await expose())
 * // # HELP batch_size Rows per batch.
 * // # TYPE batch_size summary
 * // batch_size_sum 15
 * // batch_size_count 2
 * ```
 */
export function summary<const Names extends LabelNames = []>(
  options: SummaryOptions<Names> & { readonly registry?: Registry },
): Summary<Names> {
  return declare(new Summary<Names>(options), options.registry)
}
