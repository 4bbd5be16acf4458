import { expect, test } from 'vitest'
import { gatherTimeoutMs } from './scrape-timeout.ts'

test.each([
  ['10', 4000],
  ['5', 2200],
  ['1.500', 600],
  ['1', 400],
  ['0.5', 200],
  ['0.000001', 100],
  ['999999999', 4000],
])('of %s seconds, each of the two steps has %i ms, and something is left', (seconds, ms) => {
  expect(gatherTimeoutMs(seconds)).toBe(ms)
})

test.each([undefined, '', '-1', 'NaN', 'Infinity', '1e3', '0x10', ' 1', '1,5', '9'.repeat(1000)])(
  '%j says nothing: the usual time',
  (header) => {
    expect(gatherTimeoutMs(header)).toBe(4000)
  },
)
