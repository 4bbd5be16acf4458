import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import { hasShape, shapeOf, type Shape } from './family-shape.ts'
import type { TextLayout } from './text-layout.ts'
import { rewritten, TextRows, written } from './text-rows.ts'
import { WrittenMessages } from './written-messages.ts'

/** Some rows of a family as they were written. Never changed: a response may still be sending the bytes. */
interface WrittenBlock {
  readonly bytes: Uint8Array
  /** Where each row ends in `bytes`. */
  readonly ends: Uint32Array
  /** The bits of the numbers of the chunk, two words each: those of the rows that were written are from `from` on. */
  readonly numbers: Uint32Array
  readonly from: number
  /** The labels of the chunk: the same array means the same labels, see `SeriesColumns`. */
  readonly labelIds: Uint32Array
  /** The exemplars that were written, by row. The same array means the same exemplars. */
  readonly exemplars: SeriesChunk['exemplars']
  /** Whether timestamps were written, too. */
  readonly timed: boolean
}

/** A chunk that is to be written. */
interface GivenChunk extends Pick<WrittenBlock, 'numbers' | 'exemplars'> {
  readonly chunk: SeriesChunk
  /** Of a row, in `numbers`. */
  readonly words: number
}

/** What was written of a family. */
interface WrittenFamily {
  readonly shape: Shape
  readonly layout: TextLayout
  /** In order; none if the family is too small or too large to be kept. */
  readonly blocks: readonly WrittenBlock[]
  readonly size: number
}

/** A family of fewer lines is written afresh: that is faster than to look what has changed. */
const KEPT_LINES = 32
/** Lines of a block that is kept, about: small enough that few bytes are written again for one number that has changed. */
const BLOCK_LINES = 256
/** Bytes that are kept at most, unless told otherwise. */
const DEFAULT_LIMIT = 128 * 1024 * 1024

/**
 * What the last scrape wrote, in one format, so that the next one can take what has not changed from there.
 *
 * The next scrape compares its numbers with those that were written, so this costs recording nothing, and the exposition
 * is byte for byte the one that would be written afresh.
 */
export class WrittenBlocks {
  readonly #limit: number
  readonly #families: Map<string, WrittenFamily> = new Map()
  #size = 0
  #messages: WrittenMessages | undefined

  /** @param limit how much memory may be kept, in bytes: 128 MiB by default */
  constructor(limit: number = DEFAULT_LIMIT) {
    this.#limit = limit
  }

  /** The memory that is kept, in bytes. */
  get byteLength(): number {
    return this.#size + (this.#messages?.byteLength ?? 0)
  }

  /** The same of protobuf, whose families are messages and not lines. */
  get messages(): WrittenMessages {
    return (this.#messages ??= new WrittenMessages(this.#limit))
  }

  /** The layout that a family of that shape had. */
  layoutOf(family: MetricFamily): TextLayout | undefined {
    return this.#known(family)?.layout
  }

  /** Whether it is worth it to keep what is written of a family. Its layout is kept in any case. */
  keeps(family: MetricFamily, layout: TextLayout): boolean {
    if (family.columns.rowCount * layout.lines.length >= KEPT_LINES) return true
    if (this.#known(family) === undefined) this.#keep(family, layout, [])
    return false
  }

  /** Writes the rows of a family; the blocks are those of the scrape before where nothing has changed. */
  *write(family: MetricFamily, layout: TextLayout): Generator<Uint8Array, void, undefined> {
    const rows = new TextRows(family, layout)
    const before = this.#known(family)?.blocks
    const { chunks, chunkRows, rowCount, width } = family.columns
    const blockRows = Math.min(chunkRows, 2 ** Math.floor(Math.log2(Math.max(1, BLOCK_LINES / layout.lines.length))))
    const blocks: WrittenBlock[] = []
    for (let i = 0, first = 0; first < rowCount; i++, first += chunkRows) {
      const chunk = chunks[i]!
      const { values } = chunk
      const given: GivenChunk = {
        chunk,
        numbers: new Uint32Array(values.buffer, values.byteOffset, values.length * 2),
        // A format that shows none has nothing to add: they make no difference there.
        exemplars: layout.additions && chunk.exemplars,
        words: width * 2,
      }
      const end = Math.min(chunkRows, rowCount - first)
      for (let from = 0; from < end; from += blockRows) {
        const to = Math.min(end, from + blockRows)
        const block = writeBlock(rows, given, from, to, before?.[blocks.length])
        blocks.push(block)
        yield block.bytes
      }
    }
    this.#keep(family, layout, blocks)
  }

  /** Forgets the families that are not among those. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#families.keys()) if (!names.has(name)) this.#forget(name)
  }

  #known(family: MetricFamily): WrittenFamily | undefined {
    const known = this.#families.get(family.name)
    return known !== undefined && hasShape(family, known.shape) ? known : undefined
  }

  /** Keeps the blocks of a family, or only its layout if they are too much. */
  #keep(family: MetricFamily, layout: TextLayout, blocks: readonly WrittenBlock[]): void {
    const shape = this.#known(family)?.shape ?? shapeOf(family)
    this.#forget(family.name)
    const size = sizeOf(blocks, family.columns.width)
    const fits = this.#size + size <= this.#limit
    const kept = fits ? { shape, layout, blocks, size } : { shape, layout, blocks: [], size: 0 }
    this.#families.set(family.name, kept)
    this.#size += kept.size
  }

  #forget(name: string): void {
    this.#size -= this.#families.get(name)?.size ?? 0
    this.#families.delete(name)
  }
}

/** @param width numbers of a row */
function sizeOf(blocks: readonly WrittenBlock[], width: number): number {
  let size = 0
  for (const { bytes, ends } of blocks) size += bytes.byteLength + ends.byteLength + ends.length * width * 8
  return size
}

/** The rows of a chunk from `from` to `to`. What `before` has of them is copied; all of it, and `before` is the block. */
function writeBlock(
  rows: TextRows,
  given: GivenChunk,
  from: number,
  to: number,
  before: WrittenBlock | undefined,
): WrittenBlock {
  const { chunk, numbers } = given
  const { labelIds } = chunk
  const timed = chunk.timestampsMs !== undefined
  // Timestamps are not compared: what has some is written afresh, and is nothing to compare with.
  const isComparable = before?.labelIds === labelIds && before.from === from && !before.timed && !timed
  const known = isComparable ? before : undefined
  const count = to - from
  let same = known === undefined ? 0 : sameUntil(known, given, 0, count)
  if (known?.ends.length === count && same === count) return known

  // Others read those of the block before: they are copied when one has to differ.
  let ends = known?.ends.length === count ? known.ends : new Uint32Array(count)
  let at = 0
  for (let row = 0; row < count;) {
    if (known !== undefined && same > row) {
      const start = row === 0 ? 0 : known.ends[row - 1]!
      const shift = at - start
      at = rewritten(at, known.bytes, start, known.ends[same - 1]!)
      if (ends !== known.ends) for (let i = row; i < same; i++) ends[i] = known.ends[i]! + shift
      row = same
    } else {
      at = rows.write(at, chunk, from + row)
      if (ends[row] !== at) {
        if (ends === known?.ends) ends = ends.slice()
        ends[row] = at
      }
      row++
      same = known === undefined ? row : sameUntil(known, given, row, count)
    }
  }
  const exemplars = given.exemplars?.slice(from, to)
  return { bytes: written(at), ends, numbers, from, labelIds, exemplars, timed }
}

/** The first of so many rows, from `row` on, that is not as it is in `known`; no later than where `known` ends. */
function sameUntil(known: WrittenBlock, given: GivenChunk, row: number, count: number): number {
  const { words } = given
  const { from } = known
  const end = Math.min(known.ends.length, count)
  const difference = firstDifference(known.numbers, given.numbers, (from + row) * words, (from + end) * words)
  const same = Math.floor(difference / words) - from
  if (known.exemplars === undefined && given.exemplars === undefined) return same
  while (row < same && known.exemplars?.[row] === given.exemplars?.[from + row]) row++
  return row
}

/** Where two lists of words differ first, from `at` on; `end`, if they do not. */
function firstDifference(one: Uint32Array, other: Uint32Array, at: number, end: number): number {
  while (at < end && one[at] === other[at]) at++
  return at
}
