import { escapeLabelValue } from './escape.ts'

const ENCODER = new TextEncoder()
const SLASH = 92
const QUOTE = 34
const LINE_FEED = 10

/** The UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  return ENCODER.encode(text)
}

/** The most bytes that a text may take, escaped or not. */
export function longest(text: string): number {
  return text.length * 3
}

/*
 * The functions below write at `at` and return where the next byte goes. The caller has made room.
 * They are loops over bytes: for the few bytes of a label or a number a call into native code costs more than the copy
 * (question first-scrape of the benchmarks).
 */

export function putBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i]!
  return at + bytes.length
}

/** Copies what was written before, from `from` to `to`. */
export function putAgain(out: Uint8Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) out[at++] = out[i]!
  return at
}

/** A text as UTF-8. */
export function putText(out: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return putBytes(out, at + i, ENCODER.encode(text.slice(i)))
    out[at + i] = code
  }
  return at + text.length
}

/** A label value as UTF-8, with backslash, quote and line feed escaped (conformance T5). */
export function putEscaped(out: Uint8Array, at: number, value: string): number {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code > 127) return putBytes(out, at, ENCODER.encode(escapeLabelValue(value.slice(i))))
    if (code === SLASH || code === QUOTE || code === LINE_FEED) {
      out[at++] = SLASH
      out[at++] = code === LINE_FEED ? 110 : code
    } else out[at++] = code
  }
  return at
}

/** A number that is an integer from 0 to 2^53 as decimal digits. */
export function putInteger(out: Uint8Array, at: number, value: number): number {
  let digits = 1
  for (let bound = 10; value >= bound; bound *= 10) digits++
  let rest = value
  // Division of small integers is fast, that of others is not.
  for (let i = at + digits - 1; i >= at; i--) {
    const next = rest < 0x7fff_ffff ? (rest / 10) | 0 : Math.floor(rest / 10)
    out[i] = 48 + (rest - next * 10)
    rest = next
  }
  return at + digits
}
