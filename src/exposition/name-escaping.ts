import { isLabelName, isMetricName, underscored, underscoredLabel } from '../model/names.ts'

/**
 * How names are written that not every server accepts, those of more than letters, digits, `_` and `:`
 * (conformance U1). `allow-utf-8` leaves them as they are, where a format can say them.
 */
export type Escaping = 'underscores' | 'allow-utf-8' | 'dots' | 'values'

/** `underscores` first: what is meant where nothing is asked for. */
export const ESCAPINGS: readonly Escaping[] = ['underscores', 'allow-utf-8', 'dots', 'values']

/** Whether `name` is the name of a scheme. */
export function isEscaping(name: unknown): name is Escaping {
  return (ESCAPINGS as readonly unknown[]).includes(name)
}

/** Says that a name is escaped as `values`. */
const VALUES = 'U__'
/** A part of a name that is escaped so: plain characters, an underscore, or the number of a code point. */
const VALUE_PART = /([^_]+)|__|_([0-9a-f]{1,6})_/giy
const LAST_CODE_POINT = 0x10_ffff

/**
 * The name of a metric in a scheme (conformance U2–U4), by code point. One that every server accepts stays as it is in
 * each.
 *
 * | | `http.requests` | |
 * |---|---|---|
 * | `underscores` | `http_requests` | an underscore for every other character |
 * | `dots` | `http_dot_requests` | a dot is `_dot_`, an underscore `__`, as is every other character |
 * | `values` | `U__http_2e_requests` | an underscore is `__`, every other character its number; {@link unescapeName} reads it |
 *
 * As Go's client does it, where Prometheus' page on escaping schemes says otherwise: two underscores, hexadecimal
 * digits in lower case.
 *
 * @example
 * ```ts
 * import { escapeName, unescapeName } from 'narthex/exposition'
 *
 * console.log(escapeName('http.status:sum', 'values')) // U__http_2e_status:sum
 * console.log(unescapeName('U__http_2e_status:sum')) // http.status:sum
 * ```
 */
export function escapeName(name: string, escaping: Escaping): string {
  return isMetricName(name) ? name : escaped(name, escaping, underscored)
}

/** The same of a label name, in which a colon is one of the other characters (conformance U5). */
export function escapeLabelName(name: string, escaping: Escaping): string {
  return isLabelName(name) ? name : escaped(name, escaping, underscoredLabel)
}

/** What `values` made of a name, undone; anything else is left as it is (conformance U4). */
export function unescapeName(name: string): string {
  if (!name.startsWith(VALUES)) return name
  let unescaped = ''
  VALUE_PART.lastIndex = VALUES.length
  for (let at = VALUES.length; at < name.length; at = VALUE_PART.lastIndex) {
    const part = VALUE_PART.exec(name)
    if (part === null) return name
    const codePoint = Number.parseInt(part[2] ?? '5f', 16)
    if (codePoint > LAST_CODE_POINT || isSurrogate(codePoint)) return name
    unescaped += part[1] ?? String.fromCodePoint(codePoint)
  }
  return unescaped
}

/** @param legal the name with an underscore for every character that is to be escaped */
function escaped(name: string, escaping: Escaping, legal: (name: string) => string): string {
  switch (escaping) {
    case 'allow-utf-8':
      return name
    case 'underscores':
      return legal(name)
    case 'dots':
      return replaced(name, legal, (character) => (character === '.' ? '_dot_' : '__'))
    case 'values':
      return VALUES + replaced(name, legal, valueOf)
  }
}

/** Doubles underscores, and replaces what is not legal where it stands. */
function replaced(name: string, legal: (name: string) => string, by: (character: string) => string): string {
  // Both have as many code points, and an underscore in the one is an underscore or not legal in the other.
  const characters = Array.from(name)
  return Array.from(legal(name), (character, i) => {
    if (character !== '_') return character
    return characters[i] === '_' ? '__' : by(characters[i]!)
  }).join('')
}

function valueOf(character: string): string {
  const codePoint = character.codePointAt(0)!
  return isSurrogate(codePoint) ? '_FFFD_' : `_${codePoint.toString(16)}_`
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff
}
