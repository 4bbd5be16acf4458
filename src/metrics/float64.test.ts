import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exponentOf, lastMantissa, lastMantissaBits } from './float64.ts'

test.each([
  [1, 0, 1],
  [1.5, 0, 1.5],
  [0.75, -1, 1.5],
  [Number.MAX_VALUE, 1023, 2 - 2 ** -52],
  [2 ** -1022, -1022, 1],
  // Subnormal numbers have fewer bits of their own, and a mantissa all the same.
  [2 ** -1022 - 2 ** -1074, -1023, 2 - 2 ** -51],
  [Number.MIN_VALUE * 3, -1073, 1.5],
  [Number.MIN_VALUE, -1074, 1],
])('%s is 2 ** %s times %s', (number, exponent, mantissa) => {
  expect([exponentOf(number), lastMantissa()]).toEqual([exponent, mantissa])
})

test('a number above zero is its mantissa times two to its exponent', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true }), (number) => {
      const exponent = exponentOf(number)
      const firstBits = lastMantissaBits(9)
      const mantissa = lastMantissa()
      const half = Math.trunc(exponent / 2)
      expect(mantissa * 2 ** half * 2 ** (exponent - half)).toBe(number)
      expect(mantissa >= 1 && mantissa < 2).toBe(true)
      expect(firstBits).toBe(Math.floor((mantissa - 1) * 2 ** 9))
    }),
  )
})
