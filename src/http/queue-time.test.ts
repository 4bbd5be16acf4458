import { expect, test } from 'vitest'
import { queueSeconds } from './queue-time.ts'

const now = 1_700_000_002_000

test.each([
  ['nginx', 't=1700000000.123', 1.877],
  ['Apache', 't=1700000000123456', 1.876544],
  ['Heroku', '1700000000123', 1.877],
  ['seconds without a fraction', '1700000000', 2],
  ['two proxies, of which the first counts', 't=1700000000.000, t=1700000001.500', 2],
  ['spaces around it', ' t=1700000000.000 ', 2],
  ['this very moment', 't=1700000002.000', 0],
  ['a clock of microseconds in the same millisecond', 't=1700000002000999', 0],
  ['a clock that is a little ahead', 't=1700000002.009', 0],
])('the time of %s is understood', (_, header, seconds) => {
  expect(queueSeconds(header, now)).toBeCloseTo(seconds, 6)
})

test.each([
  ['the future', 't=1700000002.011'],
  ['the far future', 't=1800000000.000'],
  ['more than an hour ago', 't=1699996401.000'],
  ['another century', 't=0000000001.000'],
  ['nothing', ''],
  ['a word', 'now'],
  ['a sign', 't=-1700000000.123'],
  ['an exponent', '1.7e9'],
  ['a hexadecimal number', '0x6553f100'],
  ['too many digits', '17000000001234567890'],
  ['something after it', 't=1700000000.123; drop'],
  ['a date', 'Tue, 14 Nov 2023 22:13:20 GMT'],
])('%s is ignored', (_, header) => {
  expect(queueSeconds(header, now)).toBeUndefined()
})

test('a header without end is refused in no time', () => {
  expect(queueSeconds(`t=${'1'.repeat(1e6)}`, now)).toBeUndefined()
  expect(queueSeconds(`${' '.repeat(1e5)}x`, now)).toBeUndefined()
})
