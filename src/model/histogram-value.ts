/** What a histogram observed, with its classic buckets. */
export interface HistogramValue {
  readonly count: number
  /** NaN once NaN was observed. */
  readonly sum: number
  /** Ascending; the last upper bound is `Infinity`. Counts are of the bucket alone, not cumulative. */
  readonly buckets: readonly { readonly upperBound: number; readonly count: number }[]
}
