import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import { ObservingSeries } from './observing-metric.ts'
import type { ExemplarCounts } from './sampled-series.ts'

/** One label set of a summary. Keep it where the same labels are used again and again. */
export class SummarySeries extends ObservingSeries {
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, descriptor: Descriptor, exemplars: ExemplarCounts) {
    super(values, at, exemplars)
    this.#descriptor = descriptor
  }

  override observe(value: number): void {
    if (typeof value !== 'number') throw wrongValue(this.#descriptor, value)
    countAndSum(this.values, this.at, value)
  }
}

/** Counts `value` in the row at `at`: the count, the sum. */
export function countAndSum(values: Float64Array, at: number, value: number): void {
  values[at]!++
  values[at + 1]! += value
}

/** What a summary cannot observe. */
export function wrongValue(descriptor: Descriptor, value: unknown): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `${descriptor.name} cannot observe ${shown(value)}: an observation is a number.`,
  )
}
