import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { checkedBuckets, DEFAULT_BUCKETS } from './classic-buckets.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare } from './metric.ts'
import { ObservingMetric, ObservingSeries } from './observing-metric.ts'

/** Up to so many bounds, looking at one after the other is faster than halving (question growth of the benchmarks). */
const FEW_BOUNDS = 64

/** What a histogram is declared with. */
export interface HistogramOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names> {
  /** Upper bounds, ascending; {@link DEFAULT_BUCKETS} if left out. The one at infinity is added by itself. */
  readonly buckets?: readonly number[]
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

  /** @throws {MetricError} `INVALID_BUCKETS`, or as every declaration, see {@link MetricErrorCode} */
  constructor(options: HistogramOptions<Names>) {
    const descriptor = describe(options, 'histogram')
    const buckets = checkedBuckets(options.buckets ?? DEFAULT_BUCKETS, `buckets of the histogram ${descriptor.name}`)
    const bounds = Float64Array.from(buckets)
    const make = (values: Float64Array, at: number): HistogramSeries =>
      new HistogramSeries(values, at, bounds, descriptor)
    super(descriptor, buckets.length + 2, make, options, { buckets })
    this.#upperBounds = Object.freeze(buckets)
    this.#bounds = bounds
    // oxlint-disable-next-line typescript/unbound-method -- generated() binds it
    this.observe = this.generated(this.observe, { atLeast: Number.NEGATIVE_INFINITY, record: count, context: bounds })
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
    this.recordIn(args[0], value, count, this.#bounds)
  }

  override collect(): readonly MetricFamily[] {
    return [{ ...this.descriptor, type: 'histogram', upperBounds: this.#upperBounds, columns: this.snapshot() }]
  }
}

/** One label set of a {@link Histogram}. Keep it where the same labels are used again and again. */
export class HistogramSeries extends ObservingSeries {
  readonly #bounds: Float64Array
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, bounds: Float64Array, descriptor: Descriptor) {
    super(values, at)
    this.#bounds = bounds
    this.#descriptor = descriptor
  }

  override observe(value: number): void {
    if (typeof value !== 'number') throw wrongValue(this.#descriptor, value)
    count(this.values, this.at, value, this.#bounds)
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

/** Counts `value` in the row at `at`: a count per bound, the count above, the sum. */
function count(values: Float64Array, at: number, value: number, bounds: Float64Array): void {
  const bucket = bounds.length <= FEW_BOUNDS ? linearSearch(bounds, value) : binarySearch(bounds, value)
  values[at + bucket]!++
  values[at + bounds.length + 1]! += value
}

/** The first bound that `value` is not above. */
function linearSearch(bounds: Float64Array, value: number): number {
  let bucket = 0
  // Not `value > bound`: NaN must end in the last bucket, here and below.
  while (bucket < bounds.length && !(value <= bounds[bucket]!)) bucket++
  return bucket
}

/** The same, for many bounds. */
function binarySearch(bounds: Float64Array, value: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= bounds[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

function wrongValue(descriptor: Descriptor, value: unknown): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `${descriptor.name} cannot observe ${shown(value)}: an observation is a number.`,
  )
}
