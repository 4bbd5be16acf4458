import type { Exemplar } from './exemplar.ts'

/**
 * The buckets of a native histogram: exponential ones, of which only those are there that were observed in
 * (conformance H1, H2). Count and sum are with those of the classic buckets.
 */
export interface NativeBuckets {
  /** From -4 to 8: the upper bounds are the powers of 2^(2^-schema). */
  readonly schema: number
  /** What is not further from zero is in the zero bucket. */
  readonly zeroThreshold: number
  readonly zeroCount: number
  /** Of bucket i, the values above base^(i-1) and up to base^i. */
  readonly positive: NativeSide
  /** The same of the negated values. */
  readonly negative: NativeSide
  /** Each with its timestamp, in the order of their values. */
  readonly exemplars: readonly Exemplar[]
}

/** The populated buckets on one side of zero. */
export interface NativeSide {
  /** Ascending. */
  readonly indexes: Int32Array
  /** Of the bucket alone, by position in `indexes`. */
  readonly counts: Float64Array
}
