import { BucketCounts } from './bucket-counts.ts'
import { exponent, HIGH_MANTISSA_BITS, highMantissa, takeApart } from './float64.ts'

/** Each power of two has so many buckets of equal width. */
const BUCKETS_PER_OCTAVE = 64
const DROPPED_BITS = /* @__PURE__ */ (() => HIGH_MANTISSA_BITS - Math.log2(BUCKETS_PER_OCTAVE))()
/** What is nearer to zero has no exponent of its own, and counts as zero. */
const LEAST_NORMAL = /* @__PURE__ */ (() => 2 ** -1022)()

/**
 * How far a quantile may be from the exact one, relative to it: half a bucket, at the bucket's lower end, where that is
 * most.
 */
export const QUANTILE_ERROR: number = /* @__PURE__ */ (() => 1 / (2 * BUCKETS_PER_OCTAVE))()

/**
 * Counts of values by magnitude, from which any quantile can be told with a relative error of {@link QUANTILE_ERROR},
 * whatever was observed. Sketches of several times add up to that of all of them, which those that bound the error of
 * the rank do not; so a sliding window needs one count per value.
 *
 * The idea is DDSketch's (Masson, Rim, Lee, VLDB 2019) with the buckets of HdrHistogram, which are read off the bits of
 * a number instead of being computed with a logarithm.
 */
export class QuantileSketch {
  #count = 0
  #zeros = 0
  readonly #positive: BucketCounts = new BucketCounts()
  /** Mostly there are none. */
  #negative: BucketCounts | undefined
  #least = Number.POSITIVE_INFINITY
  #greatest = Number.NEGATIVE_INFINITY

  /** NaN has no place among the others, and is left out. */
  add(value: number): void {
    const magnitude = Math.abs(value)
    if (magnitude >= LEAST_NORMAL) {
      takeApart(magnitude)
      const index = exponent() * BUCKETS_PER_OCTAVE + (highMantissa() >>> DROPPED_BITS)
      if (value > 0) this.#positive.increment(index)
      else (this.#negative ??= new BucketCounts()).increment(index)
    } else if (magnitude < LEAST_NORMAL) this.#zeros++
    else return
    this.#count++
    if (value < this.#least) this.#least = value
    if (value > this.#greatest) this.#greatest = value
  }

  clear(): void {
    if (this.#count === 0) return
    this.#count = 0
    this.#zeros = 0
    this.#positive.clear()
    this.#negative = undefined
    this.#least = Number.POSITIVE_INFINITY
    this.#greatest = Number.NEGATIVE_INFINITY
  }

  /** The sketch of what several have counted. */
  static sum(sketches: readonly QuantileSketch[]): QuantileSketch {
    const sum = new QuantileSketch()
    for (const each of sketches) {
      if (each.#count === 0) continue
      sum.#count += each.#count
      sum.#zeros += each.#zeros
      sum.#positive.addAll(each.#positive)
      if (each.#negative !== undefined) (sum.#negative ??= new BucketCounts()).addAll(each.#negative)
      sum.#least = Math.min(sum.#least, each.#least)
      sum.#greatest = Math.max(sum.#greatest, each.#greatest)
    }
    return sum
  }

  /**
   * The values that so many parts of all values are not above: of n values, the one of rank ⌈q·n⌉.
   *
   * @param quantiles ascending, from 0 to 1
   * @returns NaN for each if there are no values
   */
  quantiles(quantiles: readonly number[]): number[] {
    if (this.#count === 0) return quantiles.map(() => Number.NaN)
    const buckets = this.#inOrder()
    let at = 0
    let seen = buckets[0]!.count
    return quantiles.map((quantile) => {
      const rank = Math.max(1, Math.ceil(quantile * this.#count))
      while (seen < rank && at < buckets.length - 1) seen += buckets[++at]!.count
      // The least and the greatest are known, so the ends are exact.
      if (rank === 1) return this.#least
      return rank === this.#count ? this.#greatest : within(buckets[at]!.value, this.#least, this.#greatest)
    })
  }

  /** All buckets from the least values to the greatest, each with the middle of its values. */
  #inOrder(): { value: number; count: number }[] {
    const positive = this.#positive.snapshot()
    const negative = this.#negative?.snapshot() ?? { indexes: new Int32Array(), counts: new Float64Array() }
    const below = Array.from(negative.indexes, (index, i) => ({ value: -middleOf(index), count: negative.counts[i]! }))
    const above = Array.from(positive.indexes, (index, i) => ({ value: middleOf(index), count: positive.counts[i]! }))
    const zeros = this.#zeros === 0 ? [] : [{ value: 0, count: this.#zeros }]
    return [...below.toReversed(), ...zeros, ...above]
  }
}

function middleOf(index: number): number {
  const octave = Math.floor(index / BUCKETS_PER_OCTAVE)
  return 2 ** octave * (1 + (index - octave * BUCKETS_PER_OCTAVE + 0.5) / BUCKETS_PER_OCTAVE)
}

function within(value: number, least: number, greatest: number): number {
  return Math.min(Math.max(value, least), greatest)
}
