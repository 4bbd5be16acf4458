/** How the value of a field stands on the wire: the lowest three bits of its key. */
export const VARINT = 0
export const FIXED64 = 1
export const LENGTH_DELIMITED = 2
export const FIXED32 = 5

/** What a field begins with; one byte for the fields 1 to 15. */
export function keyOf(field: number, wireType: number): number {
  return field * 8 + wireType
}

/** The bytes of a whole number from 0 to 2^64 as a varint. */
export function varintLength(value: number): number {
  let length = 1
  for (let bound = 128; value >= bound; bound *= 128) length++
  return length
}

/** A whole number from 0 to 2^53 as a varint: where there is no memory to write it in. */
export function varintOf(value: number): number[] {
  const bytes: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return [...bytes, value]
}

/** Bytes one after the other. Not spread into a call: a help or a name may be longer than a call can take. */
export function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
