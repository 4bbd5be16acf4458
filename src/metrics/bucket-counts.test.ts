import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BucketCounts } from './bucket-counts.ts'

test('buckets are counted as in a map, however far from each other they are', () => {
  const index = fc.oneof(
    fc.integer({ min: -5, max: 40 }),
    fc.integer({ min: -274_944, max: 262_145 }),
    // What would fall into the same place.
    fc.integer({ min: -100, max: 100 }).map((i) => i * 1024),
  )
  fc.assert(
    fc.property(fc.array(index, { maxLength: 300 }), (indexes) => {
      const buckets = new BucketCounts()
      const expected = new Map<number, number>()
      for (const each of indexes) {
        expect(buckets.increment(each)).toBe(!expected.has(each))
        expected.set(each, (expected.get(each) ?? 0) + 1)
      }
      expect(shown(buckets)).toEqual(ascending(expected))
      expect(buckets.size).toBe(expected.size)
      expect(buckets.least).toBe(Math.min(...indexes))
    }),
  )
})

test('buckets that get the same index become one', () => {
  const buckets = counted([-3, -2, -1, 0, 1, 1, 4])
  buckets.reindex((index) => (index + 1) >> 1)
  expect(shown(buckets)).toEqual([
    [-1, 2],
    [0, 2],
    [1, 2],
    [2, 1],
  ])
  expect(buckets.size).toBe(4)
})

test('a bucket that is taken out leaves the others, those in its place too', () => {
  const buckets = counted([0, 16, 32, 32, 48])
  expect(buckets.remove(16)).toBe(1)
  expect(buckets.remove(16)).toBe(0)
  expect(shown(buckets)).toEqual([
    [0, 1],
    [32, 2],
    [48, 1],
  ])
})

test('nothing is left of what was cleared', () => {
  const buckets = counted([1, 2, 3])
  buckets.clear()
  expect([buckets.size, buckets.least, shown(buckets)]).toEqual([0, Number.POSITIVE_INFINITY, []])
  expect(buckets.increment(2)).toBe(true)
})

test('a snapshot stays as it is', () => {
  const buckets = counted([7])
  const snapshot = buckets.snapshot()
  buckets.increment(7)
  expect([...snapshot.counts]).toEqual([1])
})

function counted(indexes: readonly number[]): BucketCounts {
  const buckets = new BucketCounts()
  for (const index of indexes) buckets.increment(index)
  return buckets
}

function shown(buckets: BucketCounts): [number, number][] {
  const { indexes, counts } = buckets.snapshot()
  return [...indexes].map((index, i) => [index, counts[i]!])
}

function ascending(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].toSorted(([a], [b]) => a - b)
}
