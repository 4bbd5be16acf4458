import { shown } from '../errors.ts'
import type { NamingName } from '../http/request-naming.ts'
import { isMetricName } from '../model/names.ts'
import type { Warn } from '../outgoing/channel-listener.ts'

/** What the environment says; where it says nothing, or something wrong, the default. */
export interface Settings {
  /** `NARTHEX_HOST`: the address on which the metrics are served. */
  readonly host: string
  /** `NARTHEX_PORT`: 0 for one that is free. */
  readonly port: number
  /** `NARTHEX_PATH`: where scrapes are answered. */
  readonly path: string
  /**
   * `NARTHEX_TOKEN`: a bearer token of those who may scrape. What guards the endpoint is checked where it is opened.
   */
  readonly token: string | undefined
  /** `NARTHEX_TOKEN_FILE`: a file with one. */
  readonly tokenFile: string | undefined
  /** `NARTHEX_USERNAME`: a user who may scrape. */
  readonly username: string | undefined
  /** `NARTHEX_PASSWORD_HASH`: what `hashPassword` made of the password of this user. */
  readonly passwordHash: string | undefined
  /** `NARTHEX_TLS_CERT`: a file with the certificate of the endpoint, in PEM. */
  readonly tlsCert: string | undefined
  /** `NARTHEX_TLS_KEY`: a file with the key of it. */
  readonly tlsKey: string | undefined
  /** `NARTHEX_NAMING`: the names of the request metrics. */
  readonly naming: NamingName
  /** `NARTHEX_PREFIX`: what they begin with; `undefined` for what the naming says. */
  readonly prefix: string | undefined
  /** `NARTHEX_MAX_SERIES`: how many series each request metric may have. */
  readonly maxSeries: number
  /** `NARTHEX_MAX_HOSTS`: how many hosts of outgoing requests have a label of their own. */
  readonly maxHosts: number
  /** `NARTHEX_EXEMPLARS`: whether metrics lead to OpenTelemetry's spans, where the program has its API. */
  readonly exemplars: boolean
  /** `NARTHEX_CONNECTIONS`: whether the connections of the servers are counted. */
  readonly connections: boolean
  /** `NARTHEX_OUTGOING`: whether outgoing requests are measured. */
  readonly outgoing: boolean
}

/**
 * Reads them; each that is wrong gives one warning and its default. A variable that is empty is one that is not set.
 */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>, warn: Warn): Settings {
  const settings = {} as Record<string, unknown>
  for (const [name, { variable, standard, rule, read }] of Object.entries(VARIABLES)) {
    const given = environment[variable] ?? ''
    const value = given === '' ? standard : read(given)
    if (given !== '' && value === undefined)
      warn(`narthex: ${variable} must be ${rule}, not ${shown(given)}: it is ignored`)
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

/** Not from where they are defined: that would be loaded at every start. */
const NAMINGS: Readonly<Record<NamingName, true>> = { seeds: true, semconv: true }

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
  token: asGiven('NARTHEX_TOKEN'),
  tokenFile: asGiven('NARTHEX_TOKEN_FILE'),
  username: asGiven('NARTHEX_USERNAME'),
  passwordHash: asGiven('NARTHEX_PASSWORD_HASH'),
  tlsCert: asGiven('NARTHEX_TLS_CERT'),
  tlsKey: asGiven('NARTHEX_TLS_KEY'),
  naming: {
    variable: 'NARTHEX_NAMING',
    standard: 'seeds',
    rule: `one of ${Object.keys(NAMINGS).join(', ')}`,
    read: (given) => (Object.hasOwn(NAMINGS, given) ? (given as NamingName) : undefined),
  },
  prefix: {
    variable: 'NARTHEX_PREFIX',
    standard: undefined,
    rule: 'what can begin a metric name',
    read: (given) => (isMetricName(given) ? given : undefined),
  },
  maxSeries: {
    variable: 'NARTHEX_MAX_SERIES',
    standard: 1000,
    rule: 'a whole number, 1 or more',
    read: (given) => wholeNumber(given, 1, Number.MAX_SAFE_INTEGER),
  },
  maxHosts: {
    variable: 'NARTHEX_MAX_HOSTS',
    standard: 100,
    rule: 'a whole number, 0 or more',
    read: (given) => wholeNumber(given, 0, Number.MAX_SAFE_INTEGER),
  },
  exemplars: { variable: 'NARTHEX_EXEMPLARS', standard: true, rule: 'true or false', read: yesOrNo },
  connections: { variable: 'NARTHEX_CONNECTIONS', standard: false, rule: 'true or false', read: yesOrNo },
  outgoing: { variable: 'NARTHEX_OUTGOING', standard: true, rule: 'true or false', read: yesOrNo },
}

/** Checked by `endpoint-guard.ts`: a wrong one is not ignored, and may be a secret that is not to be shown. */
function asGiven(variable: string): Variable<string | undefined> {
  return { variable, standard: undefined, rule: 'a text', read: (given) => given }
}

function yesOrNo(given: string): boolean | undefined {
  return given === 'true' || given === 'false' ? given === 'true' : undefined
}

function wholeNumber(given: string, least: number, most: number): number | undefined {
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN
  return number >= least && number <= most ? number : undefined
}
