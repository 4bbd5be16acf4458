import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exponent, highMantissa, lowMantissa, takeApart } from './float64.ts'

test.each([
  [1, 0, 1],
  [1.5, 0, 1.5],
  [0.75, -1, 1.5],
  [Number.MAX_VALUE, 1023, 2 - 2 ** -52],
  [2 ** -1022, -1022, 1],
])('%s is 2 ** %s times %s', (number, ...expected) => {
  takeApart(number)
  expect([exponent(), mantissa()]).toEqual(expected)
})

test.each([
  [0, -1023],
  [Number.MIN_VALUE, -1023],
  [Number.POSITIVE_INFINITY, 1024],
])('%s has the exponent %s, which no other number has', (number, expected) => {
  takeApart(number)
  expect(exponent()).toBe(expected)
})

test('a number is its mantissa times two to its exponent', () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -1022, noNaN: true, noDefaultInfinity: true }), (number) => {
      takeApart(number)
      expect(mantissa() * 2 ** exponent()).toBe(number)
    }),
  )
})

function mantissa(): number {
  return 1 + highMantissa() / 2 ** 20 + lowMantissa() / 2 ** 52
}
