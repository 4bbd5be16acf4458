import { KeptBytes } from './kept-bytes.ts'
import { ParseError } from './parse-error.ts'

/** A length takes so many bytes at most. */
const LENGTH_BYTES = 10

/**
 * What is done with a message: it stands between `from` and `to`, and `base` bytes of the exposition before `bytes`.
 */
export type TakeMessage = (bytes: Uint8Array, from: number, to: number, base: number) => void

/**
 * Makes delimited messages of chunks that may end anywhere (conformance B1).
 * What is cut off at the end of a chunk waits for the next one; a length that is announced takes no memory.
 */
export class MessageChunks {
  readonly #take: TakeMessage
  readonly #kept: KeptBytes = new KeptBytes()
  /** Bytes of the exposition that were taken. */
  #taken = 0

  constructor(take: TakeMessage) {
    this.#take = take
  }

  /** Takes the messages that are complete with this chunk. The chunk may be changed by its owner afterwards. */
  add(chunk: Uint8Array): void {
    if (this.#kept.length === 0) {
      this.#kept.keep(chunk.subarray(this.#takeAll(chunk)))
      return
    }
    this.#kept.keep(chunk)
    this.#kept.drop(this.#takeAll(this.#kept.bytes))
  }

  /** @throws {ParseError} if something is left */
  end(): void {
    if (this.#kept.length === 0) return
    const message = 'the exposition ends within a family'
    throw new ParseError('UNEXPECTED_END', message, { rule: 'B1', offset: this.#taken + this.#kept.length })
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
}
