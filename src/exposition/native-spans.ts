/** The buckets of one side of a native histogram as the formats say them: runs of neighbours, and a count for each. */
export interface SpannedBuckets {
  /**
   * By span: the index of the first bucket in the first one, the number of buckets left out before it in the others.
   */
  readonly offsets: readonly number[]
  /** By span: how many buckets are in it. */
  readonly lengths: readonly number[]
  /** By bucket, span after span: its own count, not the difference from the one before. */
  readonly counts: readonly number[]
}

/**
 * So many empty buckets in a row cost fewer bytes than a further span. The Go client bridges as many (conformance H10).
 */
const BRIDGED_GAP = 2

/** What says "this is a native histogram" where nothing else does (conformance H11). */
export const NO_OP_SPAN: SpannedBuckets = /* @__PURE__ */ Object.freeze({ offsets: [0], lengths: [0], counts: [] })

/**
 * Buckets as spans (conformance H10).
 *
 * @param indexes of populated buckets, ascending
 * @param counts by bucket
 * @param bridged up to so many empty buckets between two populated ones are written, as zeros, rather than left out
 */
export function spannedBuckets(
  indexes: ArrayLike<number>,
  counts: ArrayLike<number>,
  bridged: number = BRIDGED_GAP,
): SpannedBuckets {
  const offsets: number[] = []
  const lengths: number[] = []
  const all: number[] = []
  for (let i = 0; i < indexes.length; i++) {
    const gap = i === 0 ? Number.POSITIVE_INFINITY : indexes[i]! - indexes[i - 1]! - 1
    if (gap > bridged) {
      offsets.push(i === 0 ? indexes[0]! : gap)
      lengths.push(0)
    } else {
      for (let empty = 0; empty < gap; empty++) all.push(0)
      lengths[lengths.length - 1]! += gap
    }
    lengths[lengths.length - 1]!++
    all.push(counts[i]!)
  }
  return { offsets, lengths, counts: all }
}

/** Counts as the format for integers has them: the first, then each less the one before (conformance H10). */
export function deltasOf(counts: readonly number[]): number[] {
  return counts.map((count, i) => (i === 0 ? count : count - counts[i - 1]!))
}
