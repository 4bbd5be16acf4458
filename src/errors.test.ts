import { describe, expect, test } from 'vitest'
import { MetricError, shown } from './errors.ts'

describe('a MetricError', () => {
  test('is an Error with a code to match on and a message to read', () => {
    const error = new MetricError('INVALID_BUCKETS', 'Buckets ascend.')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ code: 'INVALID_BUCKETS', message: 'Buckets ascend.' })
  })

  test('names itself in a stack trace', () => {
    expect(new MetricError('MISSING_HELP', 'Help!').stack).toMatch(/^MetricError: Help!/)
  })
})

describe('a value in a message', () => {
  test.each<[kind: string, value: unknown, text: string]>([
    ['a text', 'a "text"', String.raw`"a \"text\""`],
    ['a text of two lines', 'two\nlines', String.raw`"two\nlines"`],
    ['an empty text', '', '""'],
    ['a text of digits', '1', '"1"'],
    ['a number', 1, '1'],
    ['NaN', Number.NaN, 'NaN'],
    ['a bigint', 5n, '5'],
    ['a boolean', true, 'true'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['an object', { a: 1 }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
    ['an array', ['a'], 'an array'],
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('secret'), 'a symbol'],
  ])('shows its type: %s', (_, value, text) => {
    expect(shown(value)).toBe(text)
  })

  test('is short, however long it is', () => {
    expect(shown('a'.repeat(1_000_000))).toBe(`"${'a'.repeat(60)}…"`)
    expect(shown('a'.repeat(60))).toBe(`"${'a'.repeat(60)}"`)
  })
})
