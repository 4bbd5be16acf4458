import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import type { TextLayout } from './text-layout.ts'
import { rewritten, TextRows, written } from './text-rows.ts'
import type { WrittenBlock, WrittenBlocks } from './written-blocks.ts'

/** A family of fewer lines is written afresh: that is faster than to look what has changed. */
const KEPT_LINES = 32
/** Lines of a block that is kept, about: small enough that few bytes are written again for one number that has changed. */
const BLOCK_LINES = 256
/** What is not kept is handed on when there is about so much of it. */
const BLOCK_BYTES = 16_384

/**
 * Writes families in a text format, block by block. The caller may pause between two blocks, and other expositions be
 * written meanwhile.
 *
 * @param before what the scrape before this one wrote; it will hold what this one writes
 */
export function* writeText(
  families: Iterable<MetricFamily>,
  layoutOf: (family: MetricFamily) => TextLayout,
  before?: WrittenBlocks,
): Generator<Uint8Array, void, undefined> {
  const names = new Set<string>()
  /** Bytes that are written, but not handed on. Handed on before every pause: the writer's memory is everybody's. */
  let pending = 0
  for (const family of families) {
    names.add(family.name)
    const known = before?.of(family)
    const layout = known?.layout ?? layoutOf(family)
    const rows = new TextRows(family, layout)
    pending = rewritten(pending, layout.head, 0, layout.head.length)
    if (before !== undefined && family.columns.rowCount * layout.lines.length >= KEPT_LINES) {
      yield written(pending)
      pending = 0
      const blocks: WrittenBlock[] = []
      for (const block of keptBlocks(family, rows, layout, known?.blocks ?? [])) {
        blocks.push(block)
        yield block.bytes
      }
      before.keep(family, { layout, blocks })
      continue
    }
    if (known === undefined) before?.keep(family, { layout, blocks: [] })
    for (const { chunk, end } of chunksOf(family)) {
      for (let row = 0; row < end; row++) {
        pending = rows.write(pending, chunk, row)
        if (pending < BLOCK_BYTES) continue
        yield written(pending)
        pending = 0
      }
    }
  }
  if (pending > 0) yield written(pending)
  before?.keepOnly(names)
}

/** The chunks of a family, each with the number of its rows. */
function* chunksOf({ columns }: MetricFamily): Generator<{ chunk: SeriesChunk; end: number }, void, undefined> {
  const { chunks, chunkRows, rowCount } = columns
  for (const [i, chunk] of chunks.entries()) yield { chunk, end: Math.min(chunkRows, rowCount - i * chunkRows) }
}

/** The blocks of a family; the ones of `before` where nothing has changed. */
function* keptBlocks(
  family: MetricFamily,
  rows: TextRows,
  layout: TextLayout,
  before: readonly WrittenBlock[],
): Generator<WrittenBlock, void, undefined> {
  const { chunkRows, width } = family.columns
  const blockRows = Math.min(chunkRows, 2 ** Math.floor(Math.log2(Math.max(1, BLOCK_LINES / layout.lines.length))))
  let index = 0
  for (const { chunk, end } of chunksOf(family)) {
    for (let from = 0; from < end; from += blockRows) {
      const to = Math.min(end, from + blockRows)
      yield writeBlock(rows, chunk, from, to, width, before[index++])
    }
  }
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
  // Foreign samples with timestamps are not recognised by their numbers alone.
  const known = before?.labelIds === labelIds && chunk.timestampsMs === undefined ? before : undefined
  const count = to - from
  if (known?.ends.length === count && firstDifference(known.numbers, numbers, 0) === numbers.length) return known

  const ends = new Uint32Array(count)
  let at = 0
  for (let row = 0; row < count;) {
    const same = known === undefined ? row : sameUntil(known, numbers, row, width)
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
  return { bytes: written(at), ends, numbers, labelIds }
}

/** The first row from `row` on whose numbers are not those of `known`; no later than where `known` ends. */
function sameUntil(known: WrittenBlock, numbers: Uint32Array, row: number, width: number): number {
  const words = width * 2
  return Math.min(known.ends.length, Math.floor(firstDifference(known.numbers, numbers, row * words) / words))
}

/** Where the words of two blocks differ first, from `at` on; where the shorter ends, if they do not. */
function firstDifference(one: Uint32Array, other: Uint32Array, at: number): number {
  const length = Math.min(one.length, other.length)
  while (at < length && one[at] === other[at]) at++
  return at
}
