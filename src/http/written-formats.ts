import type { NegotiatedFormat } from '../exposition/negotiate.ts'
import { WrittenBlocks } from '../exposition/written-blocks.ts'

/** After so many scrapes in other formats, what was written in one is forgotten: somebody once had a look. */
const FORGOTTEN_AFTER = 16

/**
 * What the last scrapes of a registry wrote, in each of the formats that are asked for, and for each way to escape
 * names.
 */
export class WrittenFormats {
  readonly #formats: Map<string, { readonly blocks: WrittenBlocks; readonly scrape: number }> = new Map()
  #scrapes = 0

  /** What was written in the format that the next scrape is written in. */
  of({ format, escaping }: Pick<NegotiatedFormat, 'format' | 'escaping'>): WrittenBlocks {
    const scrape = ++this.#scrapes
    const key = `${format} ${escaping}`
    const blocks = this.#formats.get(key)?.blocks ?? new WrittenBlocks()
    this.#formats.set(key, { blocks, scrape })
    for (const [other, last] of this.#formats) {
      if (scrape - last.scrape > FORGOTTEN_AFTER) this.#formats.delete(other)
    }
    return blocks
  }
}
