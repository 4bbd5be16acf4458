import { expect, test } from 'vitest'
import { endpointLabel, methodLabel } from './route-label.ts'

test('a known method is its own label', () => {
  const known = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE']
  expect(known.map(methodLabel)).toEqual(known)
})

test('every other method is _OTHER', () => {
  const others = ['get', 'PURGE', '', '__proto__', 'constructor', 'GET ', 'X'.repeat(10_000), undefined]
  expect(new Set(others.map(methodLabel))).toEqual(new Set(['_OTHER']))
})

test('a route pattern is its own label, and no pattern is _unmatched', () => {
  expect(endpointLabel('/users/:id')).toBe('/users/:id')
  expect(endpointLabel('')).toBe('/')
  expect(endpointLabel(undefined)).toBe('_unmatched')
})

test('a very long pattern is cut to 256 characters', () => {
  expect(endpointLabel('x'.repeat(256))).toBe('x'.repeat(256))
  expect(endpointLabel('x'.repeat(257))).toBe(`${'x'.repeat(255)}…`)
})
