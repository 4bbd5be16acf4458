import { expect, test } from 'vitest'
import { errorType } from './outgoing-error-type.ts'

class PaymentError extends Error {}

const coded = (code: unknown): Error => Object.assign(new Error('x'), { code })

test.each([
  [101, ''],
  [200, ''],
  [399, ''],
  [400, '400'],
  [503, '503'],
  // Nothing came, and nobody says why.
  [undefined, '_OTHER'],
])('the status %s without an error is "%s"', (status, type) => {
  expect(errorType(status, undefined)).toBe(type)
})

test.each<[string, unknown]>([
  ['ECONNREFUSED', coded('ECONNREFUSED')],
  ['E', coded('E')],
  ['x'.repeat(64), coded('x'.repeat(64))],
  ['response_aborted', { code: 'response_aborted' }],
  ['TimeoutError', new DOMException('x', 'TimeoutError')],
  ['TypeError', new TypeError('x')],
  ['PaymentError', new PaymentError('x')],
  ['Error', new Error('x')],
])('an error is called %s, whatever the status', (type, error) => {
  expect(errorType(undefined, error)).toBe(type)
  expect(errorType(200, error)).toBe(type)
})

test.each<[string, unknown]>([
  ['a text', 'unknown'],
  ['nothing', null],
  ['a text for a code', coded('no such host: shop')],
  ['a digit first', coded('7')],
  ['nothing for a code', coded('')],
  ['65 characters', coded('x'.repeat(65))],
])('what has no name is _OTHER: %s', (_, error) => {
  expect(errorType(500, error)).toBe('_OTHER')
})

test('an error that throws when it is looked at is _OTHER', () => {
  const hostile = {
    get code(): string {
      throw new Error('deliberate')
    },
  }
  expect(errorType(undefined, hostile)).toBe('_OTHER')
})
