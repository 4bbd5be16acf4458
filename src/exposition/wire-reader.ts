import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './protobuf-wire.ts'
import { ParseError, type ParseErrorCode } from './parse-error.ts'

/** A varint has so many bytes at most, and the last one of those one bit. */
const VARINT_BYTES = 10
/** The largest double that is a uint64. */
const LARGEST = 0xffff_ffff_ffff_f800
/** Shorter texts are faster character by character. */
const SHORT_TEXT = 32
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads the fields of messages, one after the other: `next()` goes to the next field, and then its value is read or
 * skipped. The message that is read may be inside another one: see {@link enter}.
 */
export class WireReader {
  /** Whether a field that is there once may come once alone; otherwise the last one counts. */
  readonly strict: boolean
  /** How many metrics have begun. */
  line = 0
  /** The number and the type of the field. */
  field = 0
  #wireType = 0
  /** Where the field begins, in the exposition. */
  place = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)
  /** How many bytes of the exposition come before the first of these. */
  #base = 0
  #at = 0
  #end = 0
  /** The bits of the varint that was read last: 32 and 32. */
  #low = 0
  #high = 0

  constructor(strict: boolean) {
    this.strict = strict
  }

  /** Begins with a message that stands between `from` and `to`. @param base how many bytes were there before these */
  begin(bytes: Uint8Array, from: number, to: number, base: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.#base = base
    this.#at = from
    this.#end = to
    this.place = base + from
  }

  /** Goes to the next field of the message. @returns whether there is one */
  next(): boolean {
    this.place = this.#base + this.#at
    if (this.#at === this.#end) return false
    this.#readVarint()
    this.#wireType = this.#low & 7
    this.field = this.#unsigned() / 8 - this.#wireType / 8
    if (this.field === 0) throw this.#broken('a field has the number 0')
    return true
  }

  /** Goes to the next field that is known: those with a number above `last` are what a later version may have. */
  nextUpTo(last: number): boolean {
    while (this.next()) {
      if (this.field <= last) return true
      this.skip()
    }
    return false
  }

  /** Takes note of a field that is there once. @param seen what this gave for the fields of the message before */
  once(seen: number): number {
    const bit = 1 << this.field
    if (this.strict && (seen & bit) !== 0)
      throw this.error('DUPLICATE_FIELD', 'B2', `the field ${this.field} is there twice`)
    return seen | bit
  }

  /** The value is a message: what follows is read of it, until {@link leave}. @returns the end of the outer one */
  enter(): number {
    const end = this.#dataEnd()
    const outer = this.#end
    this.#end = end
    return outer
  }

  /** @param outer what `enter` gave */
  leave(outer: number): void {
    this.#at = this.#end
    this.#end = outer
  }

  /** A number of any wire type that nobody knows, a text, a message: what a later version may have. */
  skip(): void {
    if (this.#wireType === LENGTH_DELIMITED) this.#at = this.#dataEnd()
    else if (this.#wireType === VARINT) this.#readVarint()
    else if (this.#wireType === FIXED64) this.#go(8)
    else if (this.#wireType === FIXED32) this.#go(4)
    else throw this.#broken(`there is no wire type ${this.#wireType} in the format`)
  }

  double(): number {
    this.#expect(FIXED64)
    const at = this.#at
    this.#go(8)
    return this.#view.getFloat64(at, true)
  }

  /** A uint64, as exactly as a double can, and no more than one can hold. */
  unsigned(): number {
    this.#expect(VARINT)
    this.#readVarint()
    return Math.min(this.#unsigned(), LARGEST)
  }

  /** An int64, as exactly as a double can. */
  int64(): number {
    this.#expect(VARINT)
    this.#readVarint()
    if (this.#high < 0x8000_0000) return this.#unsigned()
    return -((~this.#high >>> 0) * 2 ** 32 + (~this.#low >>> 0)) - 1
  }

  /** An sint64, as exactly as a double can. */
  zigzag(): number {
    this.#expect(VARINT)
    return this.#zigzag()
  }

  text(rule: string): string {
    const end = this.#dataEnd()
    const bytes = this.#bytes
    const from = this.#at
    this.#at = end
    if (end - from <= SHORT_TEXT) {
      let text = ''
      let i = from
      for (; i < end && bytes[i]! < 128; i++) text += String.fromCharCode(bytes[i]!)
      if (i === end) return text
    }
    try {
      return decoder.decode(bytes.subarray(from, end))
    } catch {
      throw this.error('INVALID_UTF8', rule, 'this text is not UTF-8')
    }
  }

  /** Adds to a list of sint64 what is there: one number, or packed ones (conformance B3). */
  zigzags(into: number[]): void {
    if (this.#wireType !== LENGTH_DELIMITED) {
      into.push(this.zigzag())
      return
    }
    const outer = this.enter()
    while (this.#at < this.#end) into.push(this.#zigzag())
    this.leave(outer)
  }

  /** The same of doubles. */
  doubles(into: number[]): void {
    if (this.#wireType !== LENGTH_DELIMITED) {
      into.push(this.double())
      return
    }
    const outer = this.enter()
    while (this.#at < this.#end) {
      const at = this.#at
      this.#go(8)
      into.push(this.#view.getFloat64(at, true))
    }
    this.leave(outer)
  }

  /** @param place in the exposition; the field that is read by default */
  error(code: ParseErrorCode, rule: string, message: string, place: number = this.place): ParseError {
    return new ParseError(code, message, { rule, offset: place })
  }

  #expect(wireType: number): void {
    if (this.#wireType !== wireType)
      throw this.#broken(`the field ${this.field} has the wire type ${wireType}, not ${this.#wireType}`)
  }

  #dataEnd(): number {
    this.#expect(LENGTH_DELIMITED)
    this.#readVarint()
    const length = this.#unsigned()
    if (length > this.#end - this.#at) throw this.#broken(`the field ${this.field} is longer than its message`)
    return this.#at + length
  }

  #go(length: number): void {
    if (length > this.#end - this.#at) throw this.#broken(`the field ${this.field} is longer than its message`)
    this.#at += length
  }

  #readVarint(): void {
    const bytes = this.#bytes
    let low = 0
    let high = 0
    for (let i = 0; i < VARINT_BYTES; i++) {
      if (this.#at === this.#end) throw this.#broken('a number does not end in its message')
      const byte = bytes[this.#at++]!
      const bits = byte & 127
      if (i < 4) low |= bits << (7 * i)
      else if (i === 4) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (7 * i - 32)
      if (byte > 127) continue
      if (i === VARINT_BYTES - 1 && byte > 1) break
      this.#low = low >>> 0
      this.#high = high >>> 0
      return
    }
    throw this.#broken('a number has more than 64 bits')
  }

  #unsigned(): number {
    return this.#high * 2 ** 32 + this.#low
  }

  #zigzag(): number {
    this.#readVarint()
    const size = (this.#high >>> 1) * 2 ** 32 + (((this.#low >>> 1) | (this.#high << 31)) >>> 0)
    return (this.#low & 1) === 0 ? size : -size - 1
  }

  #broken(message: string): ParseError {
    return this.error('INVALID_MESSAGE', 'B2', message)
  }
}
