import { expect, test } from 'vitest'
import { ignoredRoutes } from './ignored-routes.ts'

test('without the option, nothing is', () => {
  expect(ignoredRoutes(undefined)).toBeUndefined()
})

test('patterns are taken as they are, expressions are tried', () => {
  const isIgnored = ignoredRoutes(['/metrics', /^\/internal\//g, /health/y])!
  const ignored = (endpoint: string | undefined): boolean => isIgnored(endpoint, {})
  expect(['/metrics', '/internal/a', '/internal/b', 'health'].map(ignored)).toEqual([true, true, true, true])
  expect(['/metrics/x', '/x/internal/', '/healthz', undefined].map(ignored)).toEqual([false, false, false, false])
})

test('what matched no route is _unmatched', () => {
  expect(ignoredRoutes(['_unmatched'])!(undefined, {})).toBe(true)
})

test('a function is asked with the pattern and the request', () => {
  const isIgnored = ignoredRoutes(
    (endpoint, request: { url: string }) => endpoint === undefined && request.url === '/a',
  )!
  expect(isIgnored(undefined, { url: '/a' })).toBe(true)
  expect(isIgnored(undefined, { url: '/b' })).toBe(false)
  expect(isIgnored('/a', { url: '/a' })).toBe(false)
})

test('a function that throws ignores nothing', () => {
  const isIgnored = ignoredRoutes(() => {
    throw new Error('deliberate')
  })!
  expect(isIgnored('/a', {})).toBe(false)
})

test('anything else is refused', () => {
  for (const ignore of ['/metrics', [1], {}, null]) {
    expect(() => ignoredRoutes(ignore as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  }
})
