import type { NativeBuckets } from './native-buckets.ts'

/** What a histogram observed, with its classic buckets, and its native ones where it has any. */
export interface HistogramValue {
  readonly count: number
  /** NaN once NaN was observed. */
  readonly sum: number
  /** Ascending; the last upper bound is `Infinity`. Counts are of the bucket alone, not cumulative. */
  readonly buckets: readonly { readonly upperBound: number; readonly count: number }[]
  readonly native?: NativeBuckets
}
