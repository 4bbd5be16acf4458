import { expect, test } from 'vitest'
import { errorType } from './error-type.ts'
import { ABORTED } from './request-observation.ts'

class PaymentError extends Error {}

const endpoint = '/users/:id'

test('what succeeded, or was the fault of the client, has no error type', () => {
  for (const status of [101, 200, 204, 302, 304, 400, 404, 499]) {
    expect(errorType({ endpoint, status })).toBe('')
    expect(errorType({ endpoint, status, error: new Error('told all the same') })).toBe('')
  }
})

test('a failure is named by the class of its error, else by its status', () => {
  expect(errorType({ endpoint, status: 500 })).toBe('500')
  expect(errorType({ endpoint, status: 503 })).toBe('503')
  expect(errorType({ endpoint, status: 500, error: new TypeError('x') })).toBe('TypeError')
  expect(errorType({ endpoint, status: 500, error: new PaymentError('x') })).toBe('PaymentError')
  expect(errorType({ endpoint, status: 500, error: new DOMException('x', 'AbortError') })).toBe('AbortError')
})

test('what ended before its response is client_aborted, unless the service knows an error', () => {
  expect(errorType({ endpoint, status: ABORTED })).toBe('client_aborted')
  expect(errorType({ endpoint, status: 200, aborted: true })).toBe('client_aborted')
  expect(errorType({ endpoint, status: ABORTED, aborted: false, error: new RangeError('x') })).toBe('RangeError')
})

test('what the service did not answer to the end has failed, whatever its status says', () => {
  const error = new RangeError('x')
  expect(errorType({ endpoint, status: 200, aborted: false, cutShort: true, error })).toBe('RangeError')
  expect(errorType({ endpoint, status: 200, aborted: false, cutShort: true })).toBe('_OTHER')
})

test('an error that throws when it is looked at breaks nothing', () => {
  const hostile = [
    Object.defineProperty(new Error('x'), 'name', {
      get() {
        throw new Error('deliberate')
      },
    }),
    Object.assign(new Error('x'), { constructor: undefined }),
    Object.assign(new Error('x'), { name: Symbol('x') }),
    new Proxy(new Error('x'), {
      getPrototypeOf() {
        throw new Error('deliberate')
      },
    }),
  ]
  for (const error of hostile) expect(errorType({ endpoint, status: 500, error })).toBe('_OTHER')
})

test('what has no class, or a class with a text for a name, is _OTHER', () => {
  const named = (name: unknown): Error => Object.assign(new Error('x'), { name })
  for (const error of ['thrown text', 42, null, {}, named('no such user: 7'), named('x'.repeat(200)), named('')]) {
    expect(errorType({ endpoint, status: 500, error })).toBe('_OTHER')
  }
})
