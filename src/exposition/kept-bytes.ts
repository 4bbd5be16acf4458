/** What was cut off at the end of a chunk and waits for the next one. */
export class KeptBytes {
  #memory: Uint8Array = new Uint8Array(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** They stand where they are kept: what is done next with these overwrites them. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  /** Doubles, so that many small chunks cost what one large one does. */
  keep(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#memory.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#memory.length))
      grown.set(this.bytes)
      this.#memory = grown
    }
    this.#memory.set(bytes, this.#length)
    this.#length = needed
  }

  /** Forgets so many, from the beginning. */
  drop(count: number): void {
    this.#memory.copyWithin(0, count, this.#length)
    this.#length -= count
  }
}
