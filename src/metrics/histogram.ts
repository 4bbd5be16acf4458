import { isArray } from '../errors.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { checkedBuckets, DEFAULT_BUCKETS } from './classic-buckets.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import { countObservation, HistogramSeries, wrongValue } from './histogram-series.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import type { NativeRules } from './live-native-buckets.ts'
import { declare, type MakeSeries } from './metric.ts'
import type { NativeHistogramOptions } from './native-options.ts'
import { checkedNative } from './native-options.ts'
import { NativeHistogramSeries, nativeColumns } from './native-histogram-series.ts'
import { ObservingMetric } from './observing-metric.ts'
import type { RecordingOptions } from './sampled-series.ts'

/** What a histogram is declared with. */
export interface HistogramOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names> {
  /**
   * Upper bounds, ascending; {@link DEFAULT_BUCKETS} if left out. The one at infinity is added by itself.
   * `[]` leaves a native histogram with its native buckets alone.
   */
  readonly buckets?: readonly number[]
  /**
   * Exponential buckets, beside the classic ones: `true`, or how they are chosen. See docs/guides/native-histograms.md.
   */
  readonly native?: boolean | NativeHistogramOptions
}

/**
 * Counts observations in buckets, and sums them: latencies, sizes.
 * Built so, it is in no registry yet; {@link histogram} builds and registers.
 *
 * NaN is counted in the bucket up to infinity and makes the sum NaN (conformance H8, P8).
 *
 * @example
 * ```ts
 * import { expose, Histogram, Registry } from 'narthex'
 *
 * const registry = new Registry()
 * const sizes = new Histogram({ name: 'mail_size_bytes', help: 'Size of a mail.', buckets: [1e3, 1e6] })
 * registry.register(sizes).observe(2500)
 * console.log(await expose(registry))
 * // # HELP mail_size_bytes Size of a mail.
 * // # TYPE mail_size_bytes histogram
 * // mail_size_bytes_bucket{le="1000"} 0
 * // mail_size_bytes_bucket{le="1e+06"} 1
 * // mail_size_bytes_bucket{le="+Inf"} 1
 * // mail_size_bytes_sum 2500
 * // mail_size_bytes_count 1
 * ```
 */
export class Histogram<const Names extends LabelNames = LabelNames> extends ObservingMetric<Names, HistogramSeries> {
  readonly #upperBounds: readonly number[]
  /** The same, for the search. */
  readonly #bounds: Float64Array

  readonly #native: NativeRules | undefined

  /**
   * @throws {MetricError} `INVALID_BUCKETS` or `INVALID_OPTION`, or as every declaration, see {@link MetricErrorCode}
   */
  constructor(options: HistogramOptions<Names>) {
    const descriptor = describe(options, 'histogram')
    const native = checkedNative(options.native, descriptor.name)
    const buckets = bucketsOf(options, descriptor.name)
    const bounds = Float64Array.from(buckets)
    const make: MakeSeries<HistogramSeries> = (values, at, exemplars) =>
      native === undefined
        ? new HistogramSeries(values, at, bounds, descriptor, exemplars)
        : new NativeHistogramSeries(values, at, bounds, descriptor, exemplars, native)
    super(descriptor, buckets.length + 2, make, options, { buckets, native })
    this.#upperBounds = Object.freeze(buckets)
    this.#bounds = bounds
    this.#native = native
  }

  /**
   * Counts an observation; on a metric with labels, in the series of `labels`, which come first.
   *
   * @throws {MetricError} `INVALID_VALUE`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`; nothing is counted.
   */
  observe(...args: RecordingArguments<Names, readonly [value: number, options?: RecordingOptions]>): void
  observe(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.observe(args[0] as number, args[1] as RecordingOptions | undefined)
      return
    }
    const value = args[1]
    if (typeof value !== 'number') throw wrongValue(this.descriptor, value)
    const more = args[2] as RecordingOptions | undefined
    const row = this.rowByName(args[0])
    if (this.#native !== undefined) {
      // Native buckets are with the series.
      this.seriesAt(row).observe(value, more)
      return
    }
    countObservation(this.table.valuesOf(row), this.table.startOf(row), value, this.#bounds)
    this.sampleIn(row, value, more)
  }

  override clear(): void {
    super.clear()
    if (this.only instanceof NativeHistogramSeries) this.only.beginAgain(Date.now())
  }

  override collect(): readonly MetricFamily[] {
    const columns = this.#native === undefined ? this.snapshot() : nativeColumns(this.table, () => this.snapshot())
    return [{ ...this.descriptor, type: 'histogram', upperBounds: this.#upperBounds, columns }]
  }
}

/**
 * Declares a histogram and registers it. Asked again with the same declaration, it returns the histogram that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link Histogram}
 *
 * @example
 * ```ts
 * import { histogram } from 'narthex'
 *
 * const slow = histogram({ name: 'slow', help: 'Slow Requests', labelNames: ['endpoint'] })
 * const query = async (): Promise<string[]> => ['a row']
 * const rows = await slow.labels('/database').time(() => query())
 * slow.observe({ endpoint: '/database' }, 0.25)
 * ```
 */
export function histogram<const Names extends LabelNames = []>(
  options: HistogramOptions<Names> & { readonly registry?: Registry },
): Histogram<Names> {
  return declare(new Histogram<Names>(options), options.registry)
}

/** Upper bounds as declared. None is what only a native histogram may have. */
function bucketsOf(options: HistogramOptions, name: string): number[] {
  const { buckets = DEFAULT_BUCKETS, native = false } = options
  if (native !== false && isArray(buckets) && buckets.length === 0) return []
  return checkedBuckets(buckets, `buckets of the histogram ${name}`)
}
