import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import { ObservingSeries } from './observing-metric.ts'
import { SampledSeries, type ExemplarCounts, type RecordingOptions } from './sampled-series.ts'

/** Up to so many bounds, looking at one after the other is faster than halving (question growth of the benchmarks). */
const FEW_BOUNDS = 64

/** One label set of a histogram. Keep it where the same labels are used again and again. */
export class HistogramSeries extends ObservingSeries {
  readonly #bounds: Float64Array
  readonly #descriptor: Descriptor

  constructor(
    values: Float64Array,
    at: number,
    bounds: Float64Array,
    descriptor: Descriptor,
    exemplars: ExemplarCounts,
  ) {
    super(values, at, exemplars)
    this.#bounds = bounds
    this.#descriptor = descriptor
  }

  override observe(value: number, options?: RecordingOptions): void {
    if (typeof value !== 'number') throw wrongValue(this.#descriptor, value)
    countObservation(this.values, this.at, value, this.#bounds)
    if (options !== undefined || (this.tick !== undefined && this.sampledAt !== this.tick)) {
      SampledSeries.sample(this, value, options)
    }
  }

  protected override columnOf(value: number): number {
    return bucketOf(this.#bounds, value)
  }
}

/** Counts `value` in the row at `at`: a count per bound, the count above, the sum. */
export function countObservation(values: Float64Array, at: number, value: number, bounds: Float64Array): void {
  values[at + bucketOf(bounds, value)]!++
  values[at + bounds.length + 1]! += value
}

/** The first bound that `value` is not above. */
function bucketOf(bounds: Float64Array, value: number): number {
  return bounds.length <= FEW_BOUNDS ? linearSearch(bounds, value) : binarySearch(bounds, value)
}

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

/** What a histogram cannot observe. */
export function wrongValue(descriptor: Descriptor, value: unknown): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `${descriptor.name} cannot observe ${shown(value)}: an observation is a number.`,
  )
}
