import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deltasOf, NO_OP_SPAN, spannedBuckets } from './native-spans.ts'

describe('buckets as spans (H10)', () => {
  test('without bridges, a span for each run of neighbours', () => {
    const spanned = spannedBuckets([-2, -1, 2, 4, 5], [3, 5, 1, 3, 2], 0)
    expect(spanned).toEqual({ offsets: [-2, 2, 1], lengths: [2, 1, 2], counts: [3, 5, 1, 3, 2] })
    expect(deltasOf(spanned.counts)).toEqual([3, 2, -4, 2, -1])
  })

  test('a gap that may be bridged is written as zeros', () => {
    const spanned = spannedBuckets([-2, -1, 2, 4, 5], [3, 5, 1, 3, 2], 1)
    expect(spanned).toEqual({ offsets: [-2, 2], lengths: [2, 4], counts: [3, 5, 1, 0, 3, 2] })
    expect(deltasOf(spanned.counts)).toEqual([3, 2, -4, -1, 3, -1])
  })

  test('gaps of two are bridged by default, gaps of three are not', () => {
    const spanned = spannedBuckets([-2, -1, 2, 4, 5, 9], [3, 5, 1, 3, 2, 7])
    expect(spanned).toEqual({ offsets: [-2, 3], lengths: [8, 1], counts: [3, 5, 0, 0, 1, 0, 3, 2, 7] })
    expect(deltasOf(spanned.counts)).toEqual([3, 2, -5, 0, 1, -1, 3, -1, 5])
  })

  test('no buckets are no spans: an empty one is only for a histogram with nothing else to show for itself (H11)', () => {
    expect(spannedBuckets([], [])).toEqual({ offsets: [], lengths: [], counts: [] })
    expect(NO_OP_SPAN).toEqual({ offsets: [0], lengths: [0], counts: [] })
  })

  test('spans lead back to the buckets, none is empty, and no gap could have been bridged', () => {
    const buckets = fc.uniqueArray(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 1, max: 1e9 })), {
      selector: ([index]) => index,
    })
    fc.assert(
      fc.property(buckets, fc.integer({ min: 0, max: 5 }), (unsorted, bridged) => {
        const sorted = unsorted.toSorted(([a], [b]) => a - b)
        const spanned = spannedBuckets(
          sorted.map(([index]) => index),
          sorted.map(([, count]) => count),
          bridged,
        )
        const back: [number, number][] = []
        let index = 0
        let at = 0
        for (const [span, offset] of spanned.offsets.entries()) {
          index += offset
          expect(span === 0 || offset > bridged).toBe(true)
          expect(spanned.lengths[span]).toBeGreaterThan(0)
          for (let i = 0; i < spanned.lengths[span]!; i++) back.push([index++, spanned.counts[at++]!])
        }
        expect(at).toBe(spanned.counts.length)
        expect(back.filter(([, count]) => count > 0)).toEqual(sorted)
        expect(deltasOf(spanned.counts).reduce((sum, delta) => sum + delta, 0)).toBe(spanned.counts.at(-1) ?? 0)
      }),
    )
  })
})
