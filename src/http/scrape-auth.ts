import { MetricError } from '../errors.ts'
import { CheckTurns } from './check-turns.ts'
import { bytesOf, isEqual, PasswordHash } from './password-hash.ts'

/** Who may scrape. With an array, whoever one of its entries lets in. */
export type ScrapeAuthOption = ScrapeCredentials | readonly ScrapeCredentials[]

/** A token (`Authorization: Bearer …`), or a user with a password (`Authorization: Basic …`). */
export type ScrapeCredentials = BearerCredentials | PasswordCredentials

export interface BearerCredentials {
  /** As long and as random as a password that nobody has to remember; at least 16 characters. */
  readonly bearerToken: string
}

export interface PasswordCredentials {
  readonly username: string
  /** Made by `hashPassword` of `narthex/http`. */
  readonly passwordHash: string
}

/** `busy`: more passwords are waiting to be checked than are let wait. */
export type ScrapeVerdict = 'granted' | 'refused' | 'busy'

/** A longer header holds no credentials that anybody was given. */
const LONGEST_HEADER = 8192
const TOKEN = /^[A-Za-z0-9\-._~+/]{16,}=*$/

/**
 * Says who may scrape.
 *
 * What is compared are digests, all of them each time, so that the time of an answer tells nothing of a token, a
 * password or which users there are. Passwords are checked with scrypt, one at a time and off the event loop; the last
 * right one of each user is known again by a digest, so that a scrape every second does not cost a scrypt each.
 */
export class ScrapeAuth {
  /** The value of `WWW-Authenticate`. */
  readonly challenge: string
  readonly #tokens: readonly string[]
  readonly #users: readonly User[]
  /** Digests are made with it, so that they are worth nothing elsewhere. */
  #secret: Uint8Array | undefined
  /**
   * Of the tokens, then of the names of the users. Not made before they are needed: Workers begin without randomness.
   */
  #digests: readonly Uint8Array[] | undefined
  readonly #turns: CheckTurns = new CheckTurns()

  /** @throws {MetricError} `INVALID_OPTION` if there are no credentials, or wrong ones */
  constructor(option: ScrapeAuthOption) {
    const all: readonly unknown[] = Array.isArray(option) ? option : [option]
    if (all.length === 0) throw invalidAuth('must not be empty: leave it out if everybody may scrape')
    const credentials = all.map(checked)
    this.#tokens = credentials.flatMap((each) => ('bearerToken' in each ? [each.bearerToken] : []))
    this.#users = credentials.flatMap((each) =>
      'username' in each ? [{ username: each.username, hash: new PasswordHash(each.passwordHash) }] : [],
    )
    const schemes = [
      ...(this.#tokens.length > 0 ? ['Bearer realm="metrics"'] : []),
      ...(this.#users.length > 0 ? ['Basic realm="metrics", charset="UTF-8"'] : []),
    ]
    this.challenge = schemes.join(', ')
  }

  /** The verdict on the value of an `Authorization` header. Never rejects. */
  async verdict(header: string | undefined): Promise<ScrapeVerdict> {
    const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec((header ?? '').slice(0, LONGEST_HEADER)) ?? []
    if (scheme === '') return 'refused'
    try {
      return await (scheme.toLowerCase() === 'bearer' ? this.#ofToken(value) : this.#ofPassword(value))
    } catch {
      return 'refused'
    }
  }

  async #ofToken(token: string): Promise<ScrapeVerdict> {
    const digest = await this.#digest(token)
    let granted = false
    const known = await this.#known()
    for (let i = 0; i < this.#tokens.length; i++) granted = isEqual(known[i]!, digest) || granted
    return granted ? 'granted' : 'refused'
  }

  async #ofPassword(value: string): Promise<ScrapeVerdict> {
    const [stranger] = this.#users
    if (stranger === undefined) return 'refused'
    const digest = await this.#digest(value)
    let isKnown = false
    for (const { lastRight } of this.#users)
      isKnown = (lastRight !== undefined && isEqual(lastRight, digest)) || isKnown
    if (isKnown) return 'granted'

    const credentials = new TextDecoder().decode(bytesOf(value))
    const colon = credentials.indexOf(':')
    const name = await this.#digest(credentials.slice(0, Math.max(0, colon)))
    let user: User | undefined
    const known = await this.#known()
    for (const [i, each] of this.#users.entries()) {
      if (isEqual(known[this.#tokens.length + i]!, name)) user = each
    }
    // For an unknown user, some password is checked: as long as for a known one.
    const password = credentials.slice(colon + 1)
    const isRight = await this.#turns.take(() => (user ?? stranger).hash.matches(password))
    if (isRight === undefined) return 'busy'
    if (!isRight || user === undefined || colon < 0) return 'refused'
    user.lastRight = digest
    return 'granted'
  }

  async #known(): Promise<readonly Uint8Array[]> {
    if (this.#digests !== undefined) return this.#digests
    const texts = [...this.#tokens, ...this.#users.map(({ username }) => username)]
    return (this.#digests = await Promise.all(texts.map((text) => this.#digest(text))))
  }

  async #digest(text: string): Promise<Uint8Array> {
    const secret = (this.#secret ??= crypto.getRandomValues(new Uint8Array(32)))
    const bytes = new TextEncoder().encode(text)
    const salted = new Uint8Array(secret.length + bytes.length)
    salted.set(secret)
    salted.set(bytes, secret.length)
    return new Uint8Array(await crypto.subtle.digest('SHA-256', salted))
  }
}

interface User {
  readonly username: string
  readonly hash: PasswordHash
  lastRight?: Uint8Array
}

/** What is wrong is told without the credentials: messages end up in logs. */
function checked(credentials: unknown): ScrapeCredentials {
  const { bearerToken, username, passwordHash } = (credentials ?? {}) as Partial<
    BearerCredentials & PasswordCredentials
  >
  if (bearerToken !== undefined) {
    if (typeof bearerToken === 'string' && TOKEN.test(bearerToken) && bearerToken.length <= LONGEST_HEADER / 2) {
      return { bearerToken }
    }
    throw invalidAuth('has a bearerToken that is not 16 characters or more, of letters, digits and -._~+/')
  }
  if (typeof username !== 'string' || !/^[^:\p{Cc}]{1,255}$/u.test(username)) {
    throw invalidAuth('needs a bearerToken, or a username (without a colon) and a passwordHash')
  }
  if (typeof passwordHash !== 'string') throw invalidAuth('has a username without a passwordHash')
  return { username, passwordHash }
}

function invalidAuth(what: string): MetricError {
  return new MetricError('INVALID_OPTION', `auth ${what}.`)
}
