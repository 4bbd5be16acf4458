import { escapeLabelValue } from './escape.ts'

const encoder = new TextEncoder()
/** Memory that blocks share, unless one takes more. */
const USUAL_BYTES = 65_536
const SLASH = 92
const QUOTE = 34
const LINE_FEED = 10

/** The UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The most bytes that a label value takes, escaped. */
export function longest(value: string): number {
  return value.length * 3
}

/**
 * Bytes that will be copied many times: as words of four, the last one padded, so that a copy takes a quarter of the
 * steps.
 */
export interface Piece {
  readonly words: Uint32Array
  readonly length: number
}

export function piece(text: string): Piece {
  return pieceOf(encode(text))
}

/** The same of bytes that are there. */
export function pieceOf(bytes: Uint8Array): Piece {
  const words = new Uint32Array((bytes.length + 3) >> 2)
  for (let i = 0; i < bytes.length; i++) words[i >> 2]! |= bytes[i]! << ((i & 3) * 8)
  return { words, length: bytes.length }
}

/**
 * Memory to write blocks in, one after the other: make room first, write at a place and get the next place back.
 * Copies are loops over words: for the few bytes of a label, a call into native code costs more than the copy (question
 * first-scrape of the benchmarks). Up to three bytes after what was written are overwritten, too.
 */
export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(USUAL_BYTES)
  /** Where the block begins that is written; what is before it was handed out. */
  start = 0
  #view: DataView = new DataView(this.bytes.buffer)

  /**
   * The block that ends at `end`. It is a part of the memory, which is not written again, as to share some is faster
   * than to have some of one's own (question small-scrape), and keeps all of that memory alive; or it is a copy.
   *
   * @param copied whether it has memory of its own
   */
  take(end: number, copied?: boolean): Uint8Array {
    const { bytes, start } = this
    const taken = bytes.subarray(start, end)
    if (!copied) this.start = end
    // What an unusually long block took is not for others.
    if (bytes.length > 16 * USUAL_BYTES) this.#use(new Uint8Array(USUAL_BYTES))
    return copied ? taken.slice() : taken
  }

  /** Makes room for `more` bytes from `at` on. @returns where `at` is then: the block may have moved, with its start */
  reserve(at: number, more: number): number {
    const needed = at + more + 4
    if (needed <= this.bytes.length) return at
    const { bytes, start } = this
    this.#use(new Uint8Array(Math.max(needed - start, (at - start) * 2, USUAL_BYTES)))
    this.bytes.set(bytes.subarray(start, at))
    return at - start
  }

  piece(at: number, { words, length }: Piece): number {
    const view = this.#view
    for (let i = 0; i < words.length; i++) view.setUint32(at + i * 4, words[i]!, true)
    return at + length
  }

  /** What stands between `from` and `to`, once more. It does not reach into what is written. */
  again(at: number, from: number, to: number): number {
    const view = this.#view
    const length = to - from
    for (let i = 0; i < length; i += 4) view.setUint32(at + i, view.getUint32(from + i, true), true)
    return at + length
  }

  set(at: number, bytes: Uint8Array): number {
    this.bytes.set(bytes, at)
    return at + bytes.length
  }

  byte(at: number, byte: number): number {
    this.bytes[at] = byte
    return at + 1
  }

  /** A text of ASCII characters. */
  ascii(at: number, text: string): number {
    const { bytes } = this
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
    return at + text.length
  }

  /**
   * A label value as UTF-8, with backslash, quote and line feed escaped (conformance T5). Takes three bytes a
   * character.
   */
  escaped(at: number, value: string): number {
    const { bytes } = this
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127 || code === SLASH || code === QUOTE || code === LINE_FEED) {
        const rest = encode(escapeLabelValue(value.slice(i)))
        bytes.set(rest, at + i)
        return at + i + rest.length
      }
      bytes[at + i] = code
    }
    return at + value.length
  }

  /** An integer from 0 to 2^53 in decimal digits. */
  integer(at: number, value: number): number {
    const { bytes } = this
    let digits = 1
    for (let bound = 10; value >= bound; bound *= 10) digits++
    let rest = value
    let last = at + digits - 1
    // The division of a small integer is fast, that of another is not.
    for (; rest > 0x7fff_ffff; last--) {
      const next = Math.floor(rest / 10)
      bytes[last] = 48 + (rest - next * 10)
      rest = next
    }
    for (let small = rest | 0; last >= at; last--) {
      const next = (small / 10) | 0
      bytes[last] = 48 + (small - next * 10)
      small = next
    }
    return at + digits
  }

  #use(bytes: Uint8Array): void {
    this.start = 0
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
