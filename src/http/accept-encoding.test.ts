import { expect, test } from 'vitest'
import { CODINGS, preferredCoding, type Coding } from './accept-encoding.ts'

test.each<[string | undefined, Coding]>([
  ['gzip', 'gzip'],
  ['gzip, deflate, br', 'gzip'],
  ['br;q=1.0, GZIP;q=0.8, *;q=0.1', 'gzip'],
  ['*', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip;q=0.001', 'gzip'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd;q=0.5, gzip;q=0.8', 'gzip'],
  ['gzip, zstd;q=1', 'zstd'],
  ['ZSTD ; q=0.9 , gzip;q=0.8', 'zstd'],
  ['zstd;q=0, gzip', 'gzip'],
  ['identity, gzip', 'gzip'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['identity;q=1, gzip;q=0.5', 'identity'],
  ['gzip;q=0.5, identity', 'identity'],
  ['gzip;q=0.5, *;q=1', 'gzip'],
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['gzip;q=0', 'identity'],
  ['gzip; q=0.0', 'identity'],
  ['*, gzip;q=0', 'identity'],
  ['*;q=0', 'identity'],
  ['gzip;q=nonsense', 'identity'],
  ['deflate, br', 'identity'],
  // There is nothing else: better an answer than none.
  ['identity;q=0', 'identity'],
])('U8: Accept-Encoding %j prefers %s', (header, coding) => {
  expect(preferredCoding(header, CODINGS)).toBe(coding)
})

test('what the platform does not have is not preferred', () => {
  expect(preferredCoding('gzip, zstd', ['gzip', 'identity'])).toBe('gzip')
  expect(preferredCoding('gzip, zstd;q=0.5', ['identity'])).toBe('identity')
})
