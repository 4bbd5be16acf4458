/** No part of it can match the same digits in two ways, so a long text that fails fails in linear time. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const INFINITY = /^[+-]?inf(?:inity)?$/i
const NOT_A_NUMBER = /^nan$/i
const INTEGER = /^[+-]?\d+$/
const MIN_INT64 = -0x8000_0000_0000_0000n
const MAX_INT64 = 0x7fff_ffff_ffff_ffffn

/**
 * A value as the text formats have it (conformance T6): what Go's `ParseFloat` takes, but without the hexadecimal
 * numbers and the underscores of later versions, which Prometheus refuses. `undefined` for anything else.
 */
export function parseNumber(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  if (INFINITY.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined
}

/** A timestamp of the text format: an integer of 64 bits (conformance T6), in milliseconds. */
export function parseMilliseconds(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value + 0
  // A bigint of very many digits is slow to make.
  if (Math.abs(value) > 2 ** 64 || text.length > 100) return undefined
  const exact = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return exact >= MIN_INT64 && exact <= MAX_INT64 ? value : undefined
}

/** A timestamp of OpenMetrics, in seconds (conformance O14), as milliseconds; a fraction of one is kept. */
export function parseSeconds(text: string): number | undefined {
  const seconds = DECIMAL.test(text) ? Number(text) : Number.NaN
  const milliseconds = millisecondsOf(seconds)
  return Number.isFinite(milliseconds) ? milliseconds : undefined
}

/**
 * Seconds as milliseconds: those that were a whole number before they were written as a decimal fraction are one again.
 */
export function millisecondsOf(seconds: number): number {
  const milliseconds = seconds * 1000
  const whole = Math.round(milliseconds)
  // What a fraction of seconds loses as a double: far below a microsecond, but for times that are thousands of years
  // away.
  const lost = Math.max(0.0005, Math.abs(milliseconds) * 2 ** -51)
  return Math.abs(milliseconds - whole) < lost ? whole + 0 : milliseconds
}
