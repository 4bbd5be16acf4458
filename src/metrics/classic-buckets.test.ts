import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { Registry } from '../registry/registry.ts'
import {
  checkedBuckets,
  DEFAULT_BUCKETS,
  exponentialBuckets,
  exponentialBucketsRange,
  linearBuckets,
} from './classic-buckets.ts'
import { histogram, Histogram } from './histogram.ts'

test('the default buckets are those of the other clients, and stay so (CL10)', () => {
  expect(DEFAULT_BUCKETS).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
  expect(Object.isFrozen(DEFAULT_BUCKETS)).toBe(true)
})

describe('linear buckets', () => {
  test.each([
    [
      [0, 10, 4],
      [0, 10, 20, 30],
    ],
    [
      [-15, 5, 4],
      [-15, -10, -5, 0],
    ],
    [
      [0.1, 0.1, 6],
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    ],
    [
      [1e-9, 1e-9, 3],
      [1e-9, 2e-9, 3e-9],
    ],
    [[5, 1, 1], [5]],
  ])(
    'from start, width and count %j are %j, without the errors of binary addition',
    ([start, width, count], bounds) => {
      expect(linearBuckets(start!, width!, count!)).toEqual(bounds)
    },
  )

  test('begin at the start exactly, and are about a width apart', () => {
    const start = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    const width = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(start, width, fc.integer({ min: 1, max: 50 }), (start, width, count) => {
        const bounds = linearBuckets(start, width, count)
        expect(bounds).toHaveLength(count)
        expect(bounds[0] === start).toBe(true)
        for (const [i, bound] of bounds.entries()) expect((bound - start) / width).toBeCloseTo(i, 6)
      }),
    )
  })

  test.each([
    [Number.NaN, 1, 3],
    [Number.POSITIVE_INFINITY, 1, 3],
    [0, 0, 3],
    [0, -1, 3],
    [0, Number.NaN, 3],
    [0, Number.POSITIVE_INFINITY, 3],
    [0, 1, 0],
    [0, 1, -1],
    [0, 1, 2.5],
    [0, 1, Number.NaN],
    [0, 1, Number.POSITIVE_INFINITY],
    [1e300, 1, 3],
  ])('refuse start %d, width %d, count %d', (start, width, count) => {
    expect(refusal(() => linearBuckets(start, width, count)).code).toBe('INVALID_BUCKETS')
  })
})

describe('exponential buckets', () => {
  test.each([
    [
      [1, 2, 5],
      [1, 2, 4, 8, 16],
    ],
    [
      [100, 1.2, 3],
      [100, 120, 144],
    ],
    [
      [0.001, 10, 5],
      [0.001, 0.01, 0.1, 1, 10],
    ],
    [[3, 7, 1], [3]],
    [
      [0.1, 3, 3],
      [0.1, 0.3, 0.9],
    ],
  ])('from start, factor and count %j are %j', ([start, factor, count], bounds) => {
    expect(exponentialBuckets(start!, factor!, count!)).toEqual(bounds)
  })

  test.each([
    [0, 2, 3],
    [-1, 2, 3],
    [Number.NaN, 2, 3],
    [Number.POSITIVE_INFINITY, 2, 3],
    [1, 1, 3],
    [1, 0.5, 3],
    [1, Number.NaN, 3],
    [1, Number.POSITIVE_INFINITY, 3],
    [1, 2, 0],
    [1, 2, 1.5],
    [1, 10, 400],
  ])('refuse start %d, factor %d, count %d', (start, factor, count) => {
    expect(refusal(() => exponentialBuckets(start, factor, count)).code).toBe('INVALID_BUCKETS')
  })
})

describe('exponential buckets over a range', () => {
  test.each([
    [
      [1, 64, 4],
      [1, 4, 16, 64],
    ],
    [
      [1, 1000, 4],
      [1, 10, 100, 1000],
    ],
    [
      [0.001, 1, 4],
      [0.001, 0.01, 0.1, 1],
    ],
    [
      [0.1, 0.3, 2],
      [0.1, 0.3],
    ],
  ])('from min, max and count %j are %j', ([min, max, count], bounds) => {
    expect(exponentialBucketsRange(min!, max!, count!)).toEqual(bounds)
  })

  test('include both ends exactly, in equal ratio', () => {
    const min = fc.double({ min: 1e-9, max: 1, noNaN: true })
    const ratio = fc.double({ min: 2, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(min, ratio, fc.integer({ min: 2, max: 50 }), (min, ratio, count) => {
        const max = min * ratio
        const bounds = exponentialBucketsRange(min, max, count)
        expect(bounds).toHaveLength(count)
        expect([bounds[0], bounds.at(-1)]).toEqual([min, max])
        const factor = (max / min) ** (1 / (count - 1))
        for (let i = 1; i < count; i++) expect(bounds[i]! / bounds[i - 1]! / factor).toBeCloseTo(1, 9)
      }),
    )
  })

  test.each([
    [0, 1, 3],
    [-1, 1, 3],
    [1, 1, 3],
    [2, 1, 3],
    [Number.NaN, 1, 3],
    [1, Number.NaN, 3],
    [1, Number.POSITIVE_INFINITY, 3],
    [1, 2, 1],
    [1, 2, 2.5],
  ])('refuse min %d, max %d, count %d', (min, max, count) => {
    expect(refusal(() => exponentialBucketsRange(min, max, count)).code).toBe('INVALID_BUCKETS')
  })
})

describe('buckets of one’s own are refused at declaration, and nothing is registered, when they are', () => {
  test.each<[string, unknown, string]>([
    ['unsorted', [1, 3, 2], '2 after 3'],
    ['descending', [3, 2, 1], '2 after 3'],
    ['there twice', [1, 1], '1 after 1'],
    ['zero twice', [-0, 0], 'after'],
    ['NaN', [1, Number.NaN], 'NaN'],
    ['infinite', [1, Number.POSITIVE_INFINITY], 'Infinity'],
    ['infinite downwards', [Number.NEGATIVE_INFINITY, 1], '-Infinity'],
    ['texts', ['1', '2'], '"1"'],
    // oxlint-disable-next-line no-sparse-arrays -- a hole is what is tested
    ['missing between', [1, , 3], 'undefined'],
    ['none at all', [], 'at least'],
    ['no array', 5, 'not 5'],
    ['a text', '12', 'not "12"'],
  ])('%s', async (_, buckets, said) => {
    const registry = new Registry()
    const declare = (): unknown => histogram({ name: 'slow', help: 'Slow.', buckets: buckets as number[], registry })
    const error = refusal(declare)
    expect(error.code).toBe('INVALID_BUCKETS')
    expect(error.message).toContain('buckets of the histogram slow')
    expect(error.message).toContain(said)
    expect(refusal(() => new Histogram({ name: 'slow', help: 'Slow.', buckets: buckets as number[] })).code).toBe(
      'INVALID_BUCKETS',
    )
    expect(await registry.gather()).toEqual([])
  })
})

test('checked buckets are a copy', () => {
  const bounds = [-1, 0, 5e-324, 1]
  expect(checkedBuckets(bounds)).toEqual(bounds)
  expect(checkedBuckets(bounds)).not.toBe(bounds)
})
