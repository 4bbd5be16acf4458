import { expect, test } from 'vitest'
import { requestTarget } from './request-target.ts'

test.each([
  ['/', '/', ''],
  ['/a/b?c=d?e', '/a/b', 'c=d?e'],
  ['/a?', '/a', ''],
  ['?x', '', 'x'],
  ['*', '*', ''],
  ['//a/b', '//a/b', ''],
  ['/%zz', '/%zz', ''],
  ['http://host:80/a?b', '/a', 'b'],
  ['http://host?b', '', 'b'],
  ['/redirect?to=http://host/a', '/redirect', 'to=http://host/a'],
  ['host:443', 'host:443', ''],
])('%s has the path %o and the query %o', (url, path, query) => {
  expect(requestTarget(url)).toEqual({ path, query })
})
