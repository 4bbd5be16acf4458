import { ParseError } from './parse-error.ts'

/** A length takes so many bytes at most. */
const LENGTH_BYTES = 10

/** What is done with a message: it stands between `from` and `to`, and `base` bytes of the exposition before `bytes`. */
export type TakeMessage = (bytes: Uint8Array, from: number, to: number, base: number) => void

/**
 * Makes delimited messages of chunks that may end anywhere (conformance B1).
 * What is cut off at the end of a chunk waits for the next one; a length that is announced takes no memory.
 */
export class MessageChunks {
  readonly #take: TakeMessage
  #bytes: Uint8Array = new Uint8Array(0)
  #length = 0
  /** Bytes of the exposition that were taken. */
  #taken = 0

  constructor(take: TakeMessage) {
    this.#take = take
  }

  /** Takes the messages that are complete with this chunk. The chunk may be changed by its owner afterwards. */
  add(chunk: Uint8Array): void {
    if (this.#length === 0) {
      this.#keep(chunk.subarray(this.#takeAll(chunk)))
      return
    }
    this.#keep(chunk)
    const taken = this.#takeAll(this.#bytes.subarray(0, this.#length))
    this.#bytes.copyWithin(0, taken, this.#length)
    this.#length -= taken
  }

  /** @throws {ParseError} if something is left */
  end(): void {
    if (this.#length === 0) return
    const message = 'the exposition ends within a family'
    throw new ParseError('UNEXPECTED_END', message, { rule: 'B1', offset: this.#taken + this.#length })
  }

  /** @returns how many bytes are those of complete messages */
  #takeAll(bytes: Uint8Array): number {
    const base = this.#taken
    let begin = 0
    while (begin < bytes.length) {
      let at = begin
      let length = 0
      for (let size = 1; at < bytes.length; size *= 128) {
        const byte = bytes[at++]!
        length += (byte & 127) * size
        if (byte < 128) break
        if (at - begin === LENGTH_BYTES)
          throw new ParseError('INVALID_MESSAGE', 'a length has more than 64 bits', {
            rule: 'B1',
            offset: base + begin,
          })
      }
      if (bytes[at - 1]! > 127 || length > bytes.length - at) break
      this.#take(bytes, at, at + length, base)
      begin = at + length
    }
    this.#taken += begin
    return begin
  }

  /** Doubles, so that many small chunks cost what one large one does. */
  #keep(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = needed
  }
}
