import type { AppOptions } from './app.ts'

/** What the service is told in its environment. */
export interface Settings extends AppOptions {
  readonly host: string
  readonly port: number
}

/** @throws {Error} in one line, if a variable makes no sense */
export function settingsFrom(environment: NodeJS.ProcessEnv): Settings {
  const number = (name: string, byDefault: number, most: number): number => {
    const given = environment[name]?.trim()
    const value = given ? Number(given) : byDefault
    if (value >= 0 && value <= most) return value
    throw new Error(`${name} must be a number from 0 to ${most}, not ${JSON.stringify(given)}.`)
  }
  const port = number('PORT', 8000, 65_535)
  if (!Number.isInteger(port)) throw new Error(`PORT must be an integer, not ${port}.`)
  const dbMinS = number('DB_MIN_S', 1, 3600)
  const dbMaxS = number('DB_MAX_S', Math.max(3, dbMinS), 3600)
  if (dbMinS > dbMaxS) throw new Error(`DB_MIN_S must not be above DB_MAX_S, but ${dbMinS} is above ${dbMaxS}.`)
  return {
    host: environment['HOST']?.trim() || '127.0.0.1',
    port,
    failRate: number('FAIL_RATE', 0.01, 1),
    meanS: number('MEAN_S', 0.3, 3600),
    dbMinS,
    dbMaxS,
  }
}
