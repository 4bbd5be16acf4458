import type { FormatName } from '../exposition/format.ts'
import { WrittenBlocks } from '../exposition/written-blocks.ts'

/** After so many scrapes in other formats, what was written in a format is forgotten: somebody once had a look. */
const FORGOTTEN_AFTER = 16

/** What the last scrapes of a registry wrote, in each of the formats that are asked for. */
export class WrittenFormats {
  readonly #formats: Map<FormatName, { readonly blocks: WrittenBlocks; readonly scrape: number }> = new Map()
  #scrapes = 0

  /** What was written in the format that the next scrape is written in. */
  of(format: FormatName): WrittenBlocks {
    const scrape = ++this.#scrapes
    const blocks = this.#formats.get(format)?.blocks ?? new WrittenBlocks()
    this.#formats.set(format, { blocks, scrape })
    for (const [other, last] of this.#formats) {
      if (scrape - last.scrape > FORGOTTEN_AFTER) this.#formats.delete(other)
    }
    return blocks
  }
}
