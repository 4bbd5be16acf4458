import { expect, test } from 'vitest'
import { settingsFrom } from './settings.ts'

test('an empty environment gives the defaults', () => {
  const defaults = { host: '127.0.0.1', port: 8000, failRate: 0.01, meanS: 0.3, dbMinS: 1, dbMaxS: 3 }
  expect(settingsFrom({})).toEqual(defaults)
  expect(settingsFrom({ PORT: '', HOST: ' ', FAIL_RATE: '' })).toEqual(defaults)
})

test('every variable is heard', () => {
  expect(
    settingsFrom({ HOST: '::1', PORT: '0', FAIL_RATE: '1', MEAN_S: '0', DB_MIN_S: '.5', DB_MAX_S: '1e1' }),
  ).toEqual({ host: '::1', port: 0, failRate: 1, meanS: 0, dbMinS: 0.5, dbMaxS: 10 })
  expect(settingsFrom({ DB_MIN_S: '5' })).toMatchObject({ dbMinS: 5, dbMaxS: 5 })
})

test.each([
  [{ PORT: 'http' }, 'PORT must be a number from 0 to 65535, not "http".'],
  [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535, not "65536".'],
  [{ PORT: '80.5' }, 'PORT must be an integer, not 80.5.'],
  [{ FAIL_RATE: '2' }, 'FAIL_RATE must be a number from 0 to 1, not "2".'],
  [{ FAIL_RATE: '1%' }, 'FAIL_RATE must be a number from 0 to 1, not "1%".'],
  [{ MEAN_S: '-1' }, 'MEAN_S must be a number from 0 to 3600, not "-1".'],
  [{ MEAN_S: 'NaN' }, 'MEAN_S must be a number from 0 to 3600, not "NaN".'],
  [{ DB_MAX_S: 'Infinity' }, 'DB_MAX_S must be a number from 0 to 3600, not "Infinity".'],
  [{ DB_MIN_S: '3', DB_MAX_S: '2' }, 'DB_MIN_S must not be above DB_MAX_S, but 3 is above 2.'],
])('%o makes no sense, and one line says so', (environment, line) => {
  expect(() => settingsFrom(environment)).toThrow(new Error(line))
})
