import { expect, test } from 'vitest'
import { counter, Registry } from 'narthex'
import { exposeText, lint, valueOf } from 'narthex/testing'
import { seriesText } from './series-text.ts'

test.each<[string, Record<string, string>, string]>([
  ['a', {}, 'a'],
  ['a', { b: 'c"', d: 'e' }, 'a{b="c\\"",d="e"}'],
  ['a.b', {}, '{"a.b"}'],
  ['a.b', { 'c d': 'e' }, '{"a.b","c d"="e"}'],
])('T10: %s with %j is %s', (name, labels, text) => {
  expect(seriesText(name, Object.entries(labels))).toBe(text)
})

test('N1: a metric with a name of any text is found, shown and linted as any other', async () => {
  const registry = new Registry()
  const requests = counter({ name: 'http.requests', help: 'X.', labelNames: ['http.method'], utf8: true, registry })
  requests.inc({ 'http.method': 'GET' }, 2)
  expect(valueOf(requests, { 'http.method': 'GET' })).toBe(2)
  expect(await valueOf(registry, 'http.requests_total', { 'http.method': 'GET' })).toBe(2)
  expect(exposeText(requests)).toContain('http_requests_total{http_method="GET"} 2')
  expect(await lint(registry)).toEqual([])
})
