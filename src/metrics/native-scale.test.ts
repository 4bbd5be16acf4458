import { describe, expect, test } from 'vitest'
import { nativeUpperBound } from '../model/native-bounds.ts'
import { halvedIndex, scaleOf, schemaFor } from './native-scale.ts'

const SCHEMAS = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]

describe('the bucket', () => {
  test.each(SCHEMAS)('of 1 is number 0, in schema %s', (schema) => {
    expect(scaleOf(schema).indexOf(1)).toBe(0)
  })

  test.each([
    [-4, 64, -67],
    [-3, 128, -134],
    [-2, 256, -268],
    [-1, 512, -537],
    [0, 1024, -1074],
    [1, 2048, -2148],
    [5, 32_768, -34_368],
    [8, 262_144, -274_944],
  ])('in schema %s, of the largest number is number %s, of the smallest number %s', (schema, largest, smallest) => {
    expect(scaleOf(schema).indexOf(Number.MAX_VALUE)).toBe(largest)
    expect(scaleOf(schema).indexOf(Number.POSITIVE_INFINITY)).toBe(largest + 1)
    expect(scaleOf(schema).indexOf(Number.MIN_VALUE)).toBe(smallest)
  })

  test.each(SCHEMAS)('ends with its bound, which is in it, and the next number is in the next: schema %s', (schema) => {
    const first = -2 * 2 ** Math.max(0, schema)
    for (let index = first; index <= -first; index++) {
      const bound = nativeUpperBound(index, schema)
      expect(scaleOf(schema).indexOf(bound)).toBe(index)
      expect(scaleOf(schema).indexOf(next(bound))).toBe(index + 1)
    }
  })

  test.each(SCHEMAS.slice(1))('is the half of its number, rounded up, in half the resolution: schema %s', (schema) => {
    for (const magnitude of [5e-324, 3e-310, 1e-40, 0.3, 0.5, 1, 1.1, 2, 3, 1e9, 1.7e308, Number.POSITIVE_INFINITY]) {
      expect(halvedIndex(scaleOf(schema).indexOf(magnitude))).toBe(scaleOf(schema - 1).indexOf(magnitude))
    }
  })
})

test.each([
  [1e9, -4],
  [65_536, -4],
  [256, -3],
  [17, -2],
  [16, -2],
  [4, -1],
  [2, 0],
  [1.5, 1],
  [1.2, 2],
  [1.1, 3],
  [1.05, 4],
  [1.03, 5],
  [1.02, 6],
  [1.01, 7],
  [1.005, 8],
  [1.000_001, 8],
])('the factor %s is kept by schema %s', (factor, schema) => {
  expect(schemaFor(factor)).toBe(schema)
})

function next(number: number): number {
  const bits = new BigInt64Array(Float64Array.of(number).buffer)
  bits[0]!++
  return new Float64Array(bits.buffer)[0]!
}
