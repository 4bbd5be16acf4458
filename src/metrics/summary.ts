import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare } from './metric.ts'
import { ObservingMetric, ObservingSeries } from './observing-metric.ts'
import type { ExemplarCounts } from './sampled-series.ts'

/** What a summary is declared with. */
export interface SummaryOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names> {}

/**
 * Counts observations and sums them, which is enough for a mean and costs two numbers per series.
 * Built so, it is in no registry yet; {@link summary} builds and registers.
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
  /** @throws {MetricError} if the declaration breaks a rule, see {@link MetricErrorCode} */
  constructor(options: SummaryOptions<Names>) {
    const descriptor = describe(options, 'summary')
    super(descriptor, 2, (values, at, exemplars) => new SummarySeries(values, at, descriptor, exemplars), options)
    const all = { atLeast: Number.NEGATIVE_INFINITY, context: undefined }
    // oxlint-disable-next-line typescript/unbound-method -- generated() binds it
    this.observe = this.generated(this.observe, { ...all, record: count })
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
    this.recordIn(args[0], value, count, undefined)
  }

  override collect(): readonly MetricFamily[] {
    return [{ ...this.descriptor, type: 'summary', quantiles: [], columns: this.snapshot() }]
  }
}

/** One label set of a {@link Summary}. Keep it where the same labels are used again and again. */
export class SummarySeries extends ObservingSeries {
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, descriptor: Descriptor, exemplars: ExemplarCounts) {
    super(values, at, exemplars)
    this.#descriptor = descriptor
  }

  override observe(value: number): void {
    if (typeof value !== 'number') throw wrongValue(this.#descriptor, value)
    count(this.values, this.at, value)
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

/** Counts `value` in the row at `at`: the count, the sum. */
function count(values: Float64Array, at: number, value: number): void {
  values[at]!++
  values[at + 1]! += value
}

function wrongValue(descriptor: Descriptor, value: unknown): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `${descriptor.name} cannot observe ${shown(value)}: an observation is a number.`,
  )
}
