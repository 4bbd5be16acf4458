import { encode, type Piece } from './byte-writer.ts'
import { varintLength } from './protobuf-wire.ts'

/** Memory of a writer once it is used, unless a block takes more. */
const USUAL_BYTES = 65_536

/**
 * Memory to write the messages of protobuf in: write at a place, get the next place back, and make room first. As in
 * `ByteWriter`, short copies are loops (question exposition-formats of the benchmarks), and up to three bytes after
 * what was written are overwritten, too.
 */
export class WireWriter {
  bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.bytes.buffer)

  /** A copy of what was written from `begin` to `end`. */
  take(begin: number, end: number): Uint8Array {
    return this.bytes.slice(begin, end)
  }

  /** Gives back what an unusually large block took. Nothing that was written stays. */
  release(): void {
    if (this.bytes.length > 16 * USUAL_BYTES) this.#use(new Uint8Array(USUAL_BYTES))
  }

  /** Makes room for `more` bytes from `at` on, and for moving them by the bytes of a length; those before `at` stay. */
  reserve(at: number, more: number): void {
    const needed = at + more + 16
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2, USUAL_BYTES))
    grown.set(this.bytes.subarray(0, at))
    this.#use(grown)
  }

  byte(at: number, byte: number): number {
    this.bytes[at] = byte
    return at + 1
  }

  piece(at: number, { words, length }: Piece): number {
    const view = this.#view
    for (let i = 0; i < words.length; i++) view.setUint32(at + i * 4, words[i]!, true)
    return at + length
  }

  double(at: number, value: number): number {
    this.#view.setFloat64(at, value, true)
    return at + 8
  }

  /** A whole number from 0 to 2^64. */
  varint(at: number, value: number): number {
    const { bytes } = this
    let rest = value
    while (rest > 0x7fff_ffff) {
      bytes[at++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    for (rest |= 0; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128
    bytes[at] = rest
    return at + 1
  }

  /** A whole number of any sign as an int64: a negative one is its two's complement, in ten bytes. */
  int64(at: number, value: number): number {
    if (value >= 0) return this.varint(at, value)
    const { bytes } = this
    // Its complement is not negative, and exact where 2^64 less its size would not be.
    let complement = -value - 1
    for (let i = 0; i < 9; i++) {
      bytes[at + i] = 255 - (complement % 128)
      complement = Math.floor(complement / 128)
    }
    bytes[at + 9] = 1
    return at + 10
  }

  /** A whole number of any sign as an sint64: 0, -1, 1, -2 … are 0, 1, 2, 3 …. */
  zigzag(at: number, value: number): number {
    const size = value < 0 ? -value - 1 : value
    const low = (size % 64) * 2 + (value < 0 ? 1 : 0)
    // By parts, as the double of a large number would not be exact.
    if (size < 64) return this.byte(at, low)
    return this.varint(this.byte(at, low + 128), Math.floor(size / 64))
  }

  /** The length of a text in UTF-8, and the text. Takes three bytes a character, and those of the length. */
  text(at: number, text: string): number {
    const { bytes } = this
    const from = this.varint(at, text.length)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return this.data(at, encode(text))
      bytes[from + i] = code
    }
    return from + text.length
  }

  /** The length of some bytes, and the bytes. */
  data(at: number, data: Uint8Array): number {
    const from = this.varint(at, data.length)
    this.bytes.set(data, from)
    return from + data.length
  }

  /**
   * Puts the length of a message before it: it was written from `from + reserved` to `at`, and moves if its length
   * takes other than `reserved` bytes.
   */
  close(from: number, reserved: number, at: number): number {
    const length = at - from - reserved
    const needed = varintLength(length)
    if (needed !== reserved) this.bytes.copyWithin(from + needed, from + reserved, at)
    this.varint(from, length)
    return at + needed - reserved
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
