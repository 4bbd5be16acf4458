import { describe, expect, test } from 'vitest'
import { nativeUpperBound, octaveBounds } from './native-bounds.ts'

describe('the upper bound of a bucket', () => {
  test.each([
    [0, 3, 1],
    [8, 3, 2],
    [-8, 3, 0.5],
    [-2, -1, 0.0625],
    [3, -4, 2 ** 48],
    [-67, -4, 2 ** -1072],
    [-274_944, 8, 5e-324],
    // As Prometheus has it, though 0.8408964152537145 is nearer to the root.
    [-1, 2, 0.840_896_415_253_714_4],
  ])('%s in schema %s is %s', (index, schema, bound) => {
    expect(nativeUpperBound(index, schema)).toBe(bound)
  })

  test.each([
    [-4, 64],
    [0, 1024],
    [3, 8192],
    [8, 262_144],
  ])('in schema %s, of bucket %s is the largest number, and infinity follows', (schema, index) => {
    expect(nativeUpperBound(index, schema)).toBe(Number.MAX_VALUE)
    expect(nativeUpperBound(index + 1, schema)).toBe(Number.POSITIVE_INFINITY)
  })

  test('the square root of two is one step too low, as Prometheus has it', () => {
    expect(nativeUpperBound(1, 1)).toBe(Math.SQRT2 - 2 ** -52)
  })

  test('powers of two are exact, over all of their range', () => {
    for (let exponent = -1074; exponent < 1024; exponent++) {
      let power = 1
      for (let i = 0; i < Math.abs(exponent); i++) power = exponent < 0 ? power / 2 : power * 2
      expect(nativeUpperBound(exponent, 0)).toBe(power)
      expect(nativeUpperBound(exponent * 8, 3)).toBe(power)
    }
  })
})

test('the bounds of a schema are among those of the next', () => {
  for (let schema = 1; schema < 8; schema++) {
    expect([...octaveBounds(schema)]).toEqual([...octaveBounds(schema + 1)].filter((_, k) => k % 2 === 0))
  }
})

test('a bound is not further from the root than four steps of a number', () => {
  // The root of 2 to the power of k / 256, as a number of 53 bits: its 256th power is 2 to the power of 256 * 52 + k.
  for (const [k, bound] of octaveBounds(8).entries()) {
    const power = 2n ** BigInt(256 * 52 + k)
    const steps = BigInt(bound * 2 ** 52)
    expect((steps - 4n) ** 256n < power && power < (steps + 4n) ** 256n).toBe(true)
  }
})
