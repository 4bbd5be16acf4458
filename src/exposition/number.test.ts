import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBound, formatValue } from './number.ts'

describe('a value', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-2.5, '-2.5'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [2 ** 53, '9007199254740992'],
    [1.797_693_134_862_315_7e308, '1.7976931348623157e+308'],
    [5e-324, '5e-324'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('%d is written %s (T6)', (value, text) => {
    expect(formatValue(value)).toBe(text)
  })

  test('reads back equal', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatValue(value)) === value).toBe(true)
      }),
    )
  })
})

// The rule: the fewest digits that read back equal; with an exponent below −4 and from 6 on, which has a sign and two
// digits at least; otherwise without.
describe('an upper bound', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1, '-1'],
    [10, '10'],
    [2.5, '2.5'],
    [0.005, '0.005'],
    [0.1, '0.1'],
    [-0.25, '-0.25'],
    [1 / 3, '0.3333333333333333'],
    [0.1 + 0.2, '0.30000000000000004'],

    // the turn at 10^6
    [99_999, '99999'],
    [100_000, '100000'],
    [144_320, '144320'],
    [999_999, '999999'],
    [999_999.999_999, '999999.999999'],
    [1_000_000, '1e+06'],
    [-1_000_000, '-1e+06'],
    [1_000_001, '1.000001e+06'],
    [1_048_576, '1.048576e+06'],
    [1_234_567.89, '1.23456789e+06'],
    [1_234_500_000, '1.2345e+09'],
    [10_000_000_000, '1e+10'],
    [2 ** 53, '9.007199254740992e+15'],
    [1e21, '1e+21'],
    [1e100, '1e+100'],
    [1.797_693_134_862_315_7e308, '1.7976931348623157e+308'],

    // the turn at 10^−4
    [0.001, '0.001'],
    [0.0001, '0.0001'],
    [0.000_123, '0.000123'],
    [0.000_099, '9.9e-05'],
    [0.000_01, '1e-05'],
    [-0.000_015, '-1.5e-05'],
    [1e-7, '1e-07'],
    [1e-9, '1e-09'],
    [1e-10, '1e-10'],
    [2.938_735_877_055_719e-39, '2.938735877055719e-39'],
    [1e-100, '1e-100'],
    [2.225_073_858_507_201_4e-308, '2.2250738585072014e-308'],
    [5e-324, '5e-324'],

    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%d is written %s (O16)', (bound, text) => {
    expect(formatBound(bound)).toBe(text)
  })

  test('reads back equal, and is written as the rule says', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (bound) => {
        const text = formatBound(bound)
        expect(Number(text) === bound).toBe(true)
        const size = Math.abs(bound)
        const exponent = bound !== 0 && (size < 1e-4 || size >= 1e6)
        expect(text).toMatch(exponent ? /^-?\d(\.\d*[1-9])?e[+-]\d{2,3}$/ : /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
        // No digit more than needed.
        const digits = text.replace(/e.*/, '').replaceAll(/^-?0?\.?0*|[.-]|0+$/g, '')
        const shorter = bound === 0 ? '' : bound.toPrecision(Math.max(1, digits.length - 1))
        expect(digits.length > 1 && Number(shorter) === bound).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})
