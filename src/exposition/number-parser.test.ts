import { describe, expect, test } from 'vitest'
import { parseMilliseconds, parseNumber, parseSeconds } from './number-parser.ts'

describe('T6: a value', () => {
  test.each([
    ['0', 0],
    ['-0', -0],
    ['007', 7],
    ['+1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['-1.5e-3', -0.0015],
    ['1E3', 1000],
    ['5e-324', 5e-324],
    ['1e-999', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['Inf', Number.POSITIVE_INFINITY],
    ['+inf', Number.POSITIVE_INFINITY],
    ['-INF', Number.NEGATIVE_INFINITY],
    ['+Infinity', Number.POSITIVE_INFINITY],
    ['-infinity', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['nan', Number.NaN],
  ])('%s is read', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  test.each(['', ' 1', '1 ', '.', '-', '1e', '1e+', 'e1', '1.5.5', '--1', '+-1', '1e1.5', 'one', '１'])(
    '%j is no number',
    (text) => {
      expect(parseNumber(text)).toBeUndefined()
    },
  )

  test.each(['0x10', '0x1p4', '1_000', '0b1', '1n', '+NaN', '-nan', 'Infinit', 'infinityy', '1e999', '-1e999'])(
    '%s is none that Prometheus reads',
    (text) => {
      expect(parseNumber(text)).toBeUndefined()
    },
  )
})

describe('T6: a timestamp of the text format', () => {
  test.each([
    ['0', 0],
    ['-0', 0],
    ['+5', 5],
    ['-1395066363000', -1395066363000],
    ['9223372036854775807', 2 ** 63],
    ['-9223372036854775808', -(2 ** 63)],
  ])('%s is read', (text, value) => {
    expect(parseMilliseconds(text)).toBe(value)
  })

  test.each(['', '1.5', '1e3', '9223372036854775808', '-9223372036854775809', '1'.repeat(100_000), 'NaN', '0x1'])(
    '%.30s is none',
    (text) => {
      expect(parseMilliseconds(text)).toBeUndefined()
    },
  )
})

describe('O14: a timestamp of OpenMetrics', () => {
  test.each([
    ['1', 1000],
    ['1520879607.789', 1520879607789],
    ['1.520879607789e9', 1520879607789],
    ['-0.001', -1],
    ['0.00025', 0.25],
  ])('%s is read as milliseconds', (text, value) => {
    expect(parseSeconds(text)).toBe(value)
  })

  test.each(['', 'NaN', '+Inf', '1e306', '1s', '0x1'])('%s is none', (text) => {
    expect(parseSeconds(text)).toBeUndefined()
  })
})
