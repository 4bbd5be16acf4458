import { MetricError } from '../errors.ts'
import { builtinModule } from './builtin-module.ts'

/** What is used of `node:crypto`. */
interface Crypto {
  scrypt(
    password: string,
    salt: Uint8Array,
    length: number,
    cost: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null | undefined, key: Uint8Array) => void,
  ): void
}

/**
 * How much work a check is. The default takes 16 MiB, and is one of those that OWASP's Password Storage Cheat Sheet
 * lists.
 */
const COST = { ln: 14, r: 8, p: 5 }
/** So that no hash in a configuration makes a check take the memory of the service. */
const MOST_MEMORY = 128 * 1024 * 1024
const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * The hash of a password, for the option `auth`: `$scrypt$ln=14,r=8,p=5$<salt>$<key>`, where 2 to the power of `ln` is
 * the cost of scrypt (RFC 7914), and salt and key are base64 without padding. It is the format of the Password Hashing
 * Competition, so other tools make such hashes too, as Python's passlib does.
 *
 * @throws {MetricError} `INVALID_OPTION` if the password is empty, or this runtime has no scrypt
 *
 * @example
 * ```ts
 * import { hashPassword } from 'narthex/http'
 *
 * const passwordHash = await hashPassword('correct horse battery staple')
 * console.log(passwordHash.slice(0, 22)) // $scrypt$ln=14,r=8,p=5$
 * ```
 */
export async function hashPassword(password: string): Promise<string> {
  if (typeof password !== 'string' || password === '') {
    throw new MetricError('INVALID_OPTION', 'A password must be a text that is not empty.')
  }
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await scrypt(password, { ...COST, salt, keyLength: 32 })
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${base64(salt)}$${base64(key)}`
}

/** A hash that was read, to hold passwords against. */
export class PasswordHash {
  readonly #cost: ScryptCost
  readonly #key: Uint8Array

  /** @throws {MetricError} `INVALID_OPTION` if the text is not such a hash, or this runtime has no scrypt */
  constructor(text: string) {
    // The text is a secret, and stays out of the message.
    const [, ln = '', r = '', p = '', salt = '', key = ''] = (typeof text === 'string' && FORMAT.exec(text)) || []
    this.#cost = { ln: Number(ln), r: Number(r), p: Number(p), salt: bytesOf(salt), keyLength: bytesOf(key).length }
    this.#key = bytesOf(key)
    if (!isReasonable(this.#cost)) {
      throw new MetricError(
        'INVALID_OPTION',
        'A passwordHash must be what hashPassword makes: $scrypt$ln=14,r=8,p=5$….',
      )
    }
    nodeCrypto()
  }

  /** Takes a while, and the same for a right and a wrong password; not on the event loop. */
  async matches(password: string): Promise<boolean> {
    return isEqual(await scrypt(password, this.#cost), this.#key)
  }
}

/** In a time that says nothing of where the two differ. */
export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ (other[i] ?? 0)
  return difference === 0
}

interface ScryptCost {
  readonly ln: number
  readonly r: number
  readonly p: number
  readonly salt: Uint8Array
  readonly keyLength: number
}

function isReasonable({ ln, r, p, salt, keyLength }: ScryptCost): boolean {
  const isStrong = ln >= 10 && r >= 1 && p >= 1 && salt.length >= 8 && keyLength >= 16
  return isStrong && memoryOf(ln, r) <= MOST_MEMORY && p <= 16 && salt.length <= 64 && keyLength <= 64
}

function memoryOf(ln: number, r: number): number {
  return 128 * 2 ** ln * r
}

async function scrypt(password: string, { ln, r, p, salt, keyLength }: ScryptCost): Promise<Uint8Array> {
  const cost = { N: 2 ** ln, r, p, maxmem: 2 * memoryOf(ln, r) }
  const module = nodeCrypto()
  return await new Promise((resolve, reject) => {
    module.scrypt(password, salt, keyLength, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function nodeCrypto(): Crypto {
  const module = builtinModule('node:crypto') as Partial<Crypto> | undefined
  if (module?.scrypt !== undefined) return module as Crypto
  throw new MetricError(
    'INVALID_OPTION',
    'A password needs scrypt, which this runtime does not have: use a bearerToken.',
  )
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
}

/** Of base64; none of a text that is not. */
export function bytesOf(base64Text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64Text), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
