import type { ByteWriter } from './byte-writer.ts'

/**
 * Label values as they stand in an exposition, each encoded when it is first written: many series share a value.
 */
export class LabelTexts {
  readonly #values: readonly string[]
  readonly #writer: ByteWriter
  /** By id: where its words begin, plus one; 0 if it is not encoded yet. */
  readonly #starts: Uint32Array
  /** By id: its bytes. */
  readonly #lengths: Uint32Array
  #words: Uint32Array = new Uint32Array(256)
  #used = 0

  /** @param writer lends its memory at the place where a value will be put */
  constructor(values: readonly string[], writer: ByteWriter) {
    this.#values = values
    this.#writer = writer
    this.#starts = new Uint32Array(values.length)
    this.#lengths = new Uint32Array(values.length)
  }

  /** Writes the value of an id at `at`, for which room is made. */
  put(at: number, id: number): number {
    const start = this.#starts[id]!
    return start === 0 ? this.#putFirst(at, id) : this.#writer.words(at, this.#words, start - 1, this.#lengths[id]!)
  }

  #putFirst(at: number, id: number): number {
    const end = this.#writer.escaped(at, this.#values[id]!)
    const { bytes } = this.#writer
    const length = end - at
    this.#reserve((length + 3) >> 2)
    for (let i = 0; i < length; i++) this.#words[this.#used + (i >> 2)]! |= bytes[at + i]! << ((i & 3) * 8)
    this.#starts[id] = this.#used + 1
    this.#lengths[id] = length
    this.#used += (length + 3) >> 2
    return end
  }

  #reserve(words: number): void {
    if (this.#used + words <= this.#words.length) return
    const grown = new Uint32Array(Math.max(this.#words.length * 2, this.#used + words))
    grown.set(this.#words)
    this.#words = grown
  }
}
