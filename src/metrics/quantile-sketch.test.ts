import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QUANTILE_ERROR, QuantileSketch } from './quantile-sketch.ts'

const QUANTILES = [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]

describe('every quantile is within the stated error of the exact one', () => {
  // As hostile as can be: what breaks sketches that assume a shape, an order or a range.
  const random = randomFrom(7)
  const some = (value: (i: number) => number): number[] => Array.from({ length: 5_000 }, (_, i) => value(i))
  test.each<[string, number[]]>([
    ['one value alone', [0.1]],
    ['one value many times', some(() => 0.1)],
    ['ascending', some((i) => i)],
    ['descending', some((i) => -i)],
    ['two far ends', some((i) => (i % 2 === 0 ? 1e-300 : 1e300))],
    ['a heavy tail', some(() => (1 - random()) ** -2)],
    ['all magnitudes', some(() => 10 ** (600 * random() - 300))],
    ['both signs of all magnitudes', some(() => (random() < 0.5 ? -1 : 1) * 10 ** (600 * random() - 300))],
    ['a few high ones among many low ones', some((i) => (i % 997 === 0 ? 1e9 + i : 1e-3 + i * 1e-9))],
    [
      'values next to the ends of buckets',
      some((i) => (1 + (i % 64) / 64) * (1 + (i % 3) * Number.EPSILON) - (i % 2) * 1e-16),
    ],
    ['zeros, and what has hardly a magnitude', some((i) => [0, -0, 5e-324, -5e-324, 1][i % 5]!)],
    ['infinities', some((i) => [Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY][i % 3]!)],
    ['the largest and the smallest numbers', some((i) => [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022][i % 3]!)],
  ])('of %s', (_, values) => {
    expectWithin(values)
  })

  test('of anything', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 200, size: 'max' }), (values) =>
        expectWithin(values),
      ),
      { numRuns: 300 },
    )
  })
})

test('the ends are exact', () => {
  expect(sketchOf([0.123456789, 3, 7.987654321]).quantiles([0, 1])).toEqual([0.123456789, 7.987654321])
})

test('sketches add up to that of all values', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.double({ noNaN: true }), { maxLength: 20 }), { maxLength: 6 }), (several) => {
      const sum = QuantileSketch.sum(several.map(sketchOf))
      expect(sum.quantiles(QUANTILES)).toEqual(sketchOf(several.flat()).quantiles(QUANTILES))
    }),
    { numRuns: 200 },
  )
})

test('without values there is no quantile, and NaN is no value', () => {
  const sketch = sketchOf([Number.NaN])
  expect(sketch.quantiles([0.5])).toEqual([Number.NaN])
  sketch.add(2)
  expect(sketch.quantiles([0, 0.5, 1])).toEqual([2, 2, 2])
})

test('a sketch that is cleared has forgotten everything', () => {
  const sketch = sketchOf([-1, 0, 1])
  sketch.clear()
  expect(sketch.quantiles([0.5])).toEqual([Number.NaN])
  sketch.add(5)
  expect(sketch.quantiles([0, 1])).toEqual([5, 5])
})

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

function expectWithin(values: readonly number[]): void {
  const inOrder = values.toSorted((a, b) => a - b)
  const told = sketchOf(values).quantiles(QUANTILES)
  for (const [i, quantile] of QUANTILES.entries()) {
    const exact = inOrder[Math.max(1, Math.ceil(quantile * values.length)) - 1]!
    // Below the least normal number there is no relative error to speak of: that is zero. Infinity is told as it is.
    const error = told[i] === exact ? 0 : Math.abs(told[i]! - exact)
    expect(error).toBeLessThanOrEqual(Math.abs(exact) * QUANTILE_ERROR + 2 ** -1022)
  }
}

/** Numbers from 0 to 1, the same in every run (a linear congruential generator, Numerical Recipes). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
