import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import { isSame, shapeOf, type Shape } from './family-shape.ts'
import type { TextLayout } from './text-layout.ts'
import { chunksOf, rewritten, TextRows, written } from './text-rows.ts'
import { WrittenMessages } from './written-messages.ts'

/** Some rows of a family as they were written. Never changed: a response may still be sending the bytes. */
interface WrittenBlock {
  readonly bytes: Uint8Array
  /** Where each row ends in `bytes`. */
  readonly ends: Uint32Array
  /** The bits of the numbers that were written, two words each. */
  readonly numbers: Uint32Array
  /** The labels of the chunk: the same array means the same labels, see `SeriesColumns`. */
  readonly labelIds: Uint32Array
  /** The exemplars that were written, by row. The same array means the same exemplars. */
  readonly exemplars: SeriesChunk['exemplars']
  /** Whether timestamps were written, too. */
  readonly timed: boolean
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
    const before = this.#known(family)?.blocks ?? []
    const { chunkRows, width } = family.columns
    const blockRows = Math.min(chunkRows, 2 ** Math.floor(Math.log2(Math.max(1, BLOCK_LINES / layout.lines.length))))
    const blocks: WrittenBlock[] = []
    for (const { chunk: whole, end } of chunksOf(family)) {
      const chunk = layout.additions === undefined ? withoutExemplars(whole) : whole
      for (let from = 0; from < end; from += blockRows) {
        const block = writeBlock(rows, chunk, from, Math.min(end, from + blockRows), width, before[blocks.length])
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
    return known !== undefined && isSame(known.shape, shapeOf(family)) ? known : undefined
  }

  /** Keeps the blocks of a family, or only its layout if they are too much. */
  #keep(family: MetricFamily, layout: TextLayout, blocks: readonly WrittenBlock[]): void {
    this.#forget(family.name)
    const size = blocks.reduce((sum, block) => sum + sizeOf(block), 0)
    const fits = this.#size + size <= this.#limit
    const kept = fits ? { blocks, size } : { blocks: [], size: 0 }
    this.#families.set(family.name, { shape: shapeOf(family), layout, ...kept })
    this.#size += kept.size
  }

  #forget(name: string): void {
    this.#size -= this.#families.get(name)?.size ?? 0
    this.#families.delete(name)
  }
}

function sizeOf({ bytes, ends, numbers }: WrittenBlock): number {
  return bytes.byteLength + ends.byteLength + numbers.byteLength
}

/** The rows of a chunk from `from` to `to`. What `before` has of them is copied; all of it, and `before` is the block. */
function writeBlock(
  rows: TextRows,
  chunk: SeriesChunk,
  from: number,
  to: number,
  width: number,
  before: WrittenBlock | undefined,
): WrittenBlock {
  const { values, labelIds } = chunk
  const numbers = new Uint32Array(values.buffer, values.byteOffset + from * width * 8, (to - from) * width * 2)
  // Timestamps are not compared: what has some is written afresh, and is nothing to compare with.
  const known = before?.labelIds === labelIds && !before.timed && chunk.timestampsMs === undefined ? before : undefined
  const count = to - from
  const exemplars = chunk.exemplars?.slice(from, to)
  if (known?.ends.length === count && sameUntil(known, numbers, exemplars, 0, width) === count) return known

  const ends = new Uint32Array(count)
  let at = 0
  for (let row = 0; row < count;) {
    const same = known === undefined ? row : sameUntil(known, numbers, exemplars, row, width)
    if (same <= row) {
      at = rows.write(at, chunk, from + row)
      ends[row++] = at
      continue
    }
    const start = row === 0 ? 0 : known!.ends[row - 1]!
    const shift = at - start
    at = rewritten(at, known!.bytes, start, known!.ends[same - 1]!)
    for (; row < same; row++) ends[row] = known!.ends[row]! + shift
  }
  return { bytes: written(at), ends, numbers, labelIds, exemplars, timed: chunk.timestampsMs !== undefined }
}

/** For a format that shows none: they make no difference there. Hardly any chunk has some, and those that have none stay. */
function withoutExemplars(chunk: SeriesChunk): SeriesChunk {
  if (chunk.exemplars === undefined) return chunk
  const { exemplars: _, ...others } = chunk
  return others
}

/** The first row from `row` on that is not as it is in `known`; no later than where `known` ends. */
function sameUntil(
  known: WrittenBlock,
  numbers: Uint32Array,
  exemplars: SeriesChunk['exemplars'],
  row: number,
  width: number,
): number {
  const words = width * 2
  const end = Math.min(known.ends.length, Math.floor(firstDifference(known.numbers, numbers, row * words) / words))
  if (known.exemplars === undefined && exemplars === undefined) return end
  while (row < end && known.exemplars?.[row] === exemplars?.[row]) row++
  return row
}

/** Where the words of two blocks differ first, from `at` on; where the shorter ends, if they do not. */
function firstDifference(one: Uint32Array, other: Uint32Array, at: number): number {
  const length = Math.min(one.length, other.length)
  while (at < length && one[at] === other[at]) at++
  return at
}
