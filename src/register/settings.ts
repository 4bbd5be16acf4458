import { shown } from '../errors.ts'
import { isMetricName } from '../model/names.ts'
import type { Warn } from './channel-listener.ts'

/** What the environment says; where it says nothing, or something wrong, the default. */
export interface Settings {
  /** `NARTHEX_HOST`: the address on which the metrics are served. */
  readonly host: string
  /** `NARTHEX_PORT`: 0 for one that is free. */
  readonly port: number
  /** `NARTHEX_PATH`: where scrapes are answered. */
  readonly path: string
  /** `NARTHEX_PREFIX`: what the names of the request metrics begin with. */
  readonly prefix: string
  /** `NARTHEX_MAX_SERIES`: how many series each request metric may have. */
  readonly maxSeries: number
}

/** Reads them; each that is wrong gives one warning and its default. A variable that is empty is one that is not set. */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>, warn: Warn): Settings {
  const settings = {} as Record<string, unknown>
  for (const [name, { variable, standard, rule, read }] of Object.entries(VARIABLES)) {
    const given = environment[variable] ?? ''
    const value = given === '' ? standard : read(given)
    if (value === undefined) warn(`narthex: ${variable} must be ${rule}, not ${shown(given)}: it is ${standard} now`)
    settings[name] = value ?? standard
  }
  return settings as unknown as Settings
}

interface Variable<Value> {
  readonly variable: string
  readonly standard: Value
  /** What it must be, as the end of a sentence. */
  readonly rule: string
  /** `undefined` if it is wrong. */
  readonly read: (given: string) => Value | undefined
}

const VARIABLES: { readonly [Name in keyof Settings]: Variable<Settings[Name]> } = {
  host: {
    variable: 'NARTHEX_HOST',
    standard: '127.0.0.1',
    rule: 'an address or the name of a host',
    read: (given) => (/^[\w.:%-]+$/.test(given) ? given : undefined),
  },
  port: {
    variable: 'NARTHEX_PORT',
    standard: 9464,
    rule: 'a whole number from 0 to 65535',
    read: (given) => wholeNumber(given, 0, 65_535),
  },
  path: {
    variable: 'NARTHEX_PATH',
    standard: '/metrics',
    rule: 'a path that begins with a slash',
    read: (given) => (/^\/[^?#\s]*$/.test(given) ? given : undefined),
  },
  prefix: {
    variable: 'NARTHEX_PREFIX',
    standard: 'app',
    rule: 'what can begin a metric name',
    read: (given) => (isMetricName(given) ? given : undefined),
  },
  maxSeries: {
    variable: 'NARTHEX_MAX_SERIES',
    standard: 1000,
    rule: 'a whole number, 1 or more',
    read: (given) => wholeNumber(given, 1, Number.MAX_SAFE_INTEGER),
  },
}

function wholeNumber(given: string, least: number, most: number): number | undefined {
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN
  return number >= least && number <= most ? number : undefined
}
