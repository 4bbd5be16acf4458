import type { MetricFamily } from '../model/metric-family.ts'
import { REMOVED, type SeriesChunk } from '../model/series-columns.ts'
import type { TextLayout } from './text-layout.ts'
import { putNumber, rewritten, TextRows, writer } from './text-rows.ts'

/** Some rows of a chunk as they were written last. Brought up to date in place, but for the bytes. */
export interface WrittenBlock {
  /** Never changed: a response may still be sending them. */
  bytes: Uint8Array
  /** Where each row ends in `bytes`. */
  ends: Uint32Array
  /** Its first row in the chunk. */
  readonly from: number
  /** The numbers of the chunk, as the last scrape had them. */
  values: Float64Array
  /** The labels of the chunk: the same array means the same labels, see `SeriesColumns`. */
  readonly labelIds: Uint32Array
  /** The exemplars of the chunk, by row. The same array in a row means the same exemplars. */
  exemplars: SeriesChunk['exemplars']
  /** Whether timestamps were written, too. */
  readonly timed: boolean
  /** How often in a row it was the same, as far as that matters: see `SETTLED_AFTER`. */
  unchanged: number
}

/** What is known of the lines of a family. */
export interface WrittenLines {
  readonly layout: TextLayout
  readonly numbers: LineNumbers
  /** In order; none if the family is too small or too large to be kept. */
  readonly blocks: readonly WrittenBlock[]
}

/**
 * To be filled in for row after row of a family: not made anew at every scrape (question small-scrape of the
 * benchmarks).
 */
export interface LineNumbers {
  /** The numbers of the lines of a row, */
  readonly now: Float64Array
  /** as they were, */
  readonly before: Float64Array
  /** and where they end in what was written then. */
  readonly ends: Uint32Array
}

const SPACE = 32
const LINE_FEED = 10
/** The most that a block may grow before it is written as if it was new. */
const ROOM = 1024
/** What a number takes at most. */
const NUMBER_BYTES = 32
/** So many blocks of which some numbers have changed are written before there may be a pause. */
const CHANGED_AT_ONCE = 8
/** Bytes that are copied together with those before a number: the next one is often among them. */
const COPIED_AHEAD = 2048
/** Instead of the end of a copy: none was made, as nothing has changed. */
const SAME = -1
/** Instead of the end of a copy: it would have become too long. */
const TOO_LONG = -2
/**
 * A block that was the same so often gets memory of its own: the one that it shared with others would stay for it. One
 * that has its own from the beginning counts as having been the same as often.
 */
const SETTLED_AFTER = 8

export function lineNumbers({ lines }: TextLayout): LineNumbers {
  const { length } = lines
  return { now: new Float64Array(length), before: new Float64Array(length), ends: new Uint32Array(length) }
}

/** Writes the blocks of a family, once. */
export class BlockWriter {
  /** Those that are written: the ones of the last scrape, as far as they are there, and new ones. */
  readonly blocks: WrittenBlock[] = []
  readonly #before: readonly WrittenBlock[]
  readonly #into: Uint8Array[]
  readonly #rows: TextRows
  readonly #layout: TextLayout
  readonly #numbers: LineNumbers
  /** Numbers per row of the chunks. */
  readonly #width: number
  readonly #blockRows: number

  /**
   * @param known what the last scrape wrote of it, if anything
   * @param blockRows rows per block
   * @param into takes the bytes of the blocks
   */
  constructor(
    family: MetricFamily,
    { layout, numbers, blocks: before }: WrittenLines,
    blockRows: number,
    into: Uint8Array[],
  ) {
    this.#before = before
    this.#into = into
    this.#rows = new TextRows(family, layout)
    this.#layout = layout
    this.#numbers = numbers
    this.#width = family.columns.width
    this.#blockRows = blockRows
  }

  /**
   * Writes the rows of a chunk from `from` on, in blocks: those of the last scrape as far as they are there, but not
   * many that have changed, or one that is new.
   *
   * @param copied whether new bytes have memory of their own, and not a part of one that is shared
   * @returns the first row that is not in them
   */
  write(chunk: SeriesChunk, from: number, end: number, copied: boolean): number {
    const { blocks } = this
    for (let changed = 0; changed < CHANGED_AT_ONCE; changed++) {
      from = this.#takeOver(chunk, from, end)
      if (from === end) break
      const known = this.#before[blocks.length]
      const to = Math.min(end, from + this.#blockRows)
      const block = this.#block(chunk, from, to, known, copied)
      blocks.push(block)
      this.#into.push(block.bytes)
      from = to
      if (from === end || block !== known) break
    }
    return from
  }

  /**
   * Takes over the blocks of a chunk from `from` on, as long as they have not changed and have memory of their own.
   *
   * That is all that is done for most blocks of a large service, and without calls: nothing has compiled them yet when
   * it is scraped for the first few times (question quiet-scrape).
   */
  #takeOver(chunk: SeriesChunk, from: number, end: number): number {
    const { values, labelIds } = chunk
    const { blocks } = this
    const before = this.#before
    const into = this.#into
    if (chunk.timestampsMs !== undefined || chunk.exemplars !== undefined) return from
    while (from < end) {
      const block = before[blocks.length]
      const to = Math.min(end, from + this.#blockRows)
      if (block === undefined || block.labelIds !== labelIds || block.from !== from) break
      if (block.ends.length !== to - from || block.timed || block.exemplars !== undefined) break
      if (block.unchanged < SETTLED_AFTER) break
      if (block.values !== values) {
        if (firstDifference(block.values, values, from * this.#width, to * this.#width) < to * this.#width) break
        block.values = values
      }
      blocks.push(block)
      into.push(block.bytes)
      from = to
    }
    return from
  }

  /** The rows of a chunk from `from` to `to`: the block that is known of them, brought up to date, or a new one. */
  #block(chunk: SeriesChunk, from: number, to: number, known: WrittenBlock | undefined, copied: boolean): WrittenBlock {
    // Timestamps are not compared: what has some is written afresh, and is nothing to compare with.
    if (
      known === undefined ||
      known.labelIds !== chunk.labelIds ||
      known.from !== from ||
      known.ends.length !== to - from ||
      known.timed ||
      chunk.timestampsMs !== undefined
    ) {
      return this.#newBlock(chunk, from, to, copied)
    }
    const plain = this.#layout.additions === undefined
    const end = plain ? this.#patch(known, chunk, to) : this.#rewrite(known, chunk, to)
    // In place: other expositions that are written at this time compare theirs with it.
    if (end === TOO_LONG) return Object.assign(known, this.#newBlock(chunk, from, to, copied))
    known.values = chunk.values
    known.exemplars = chunk.exemplars
    if (end !== SAME) {
      known.bytes = writer.take(end, copied)
      known.unchanged = copied ? SETTLED_AFTER : 0
    } else if (known.unchanged < SETTLED_AFTER && ++known.unchanged === SETTLED_AFTER) {
      known.bytes = known.bytes.slice()
    }
    return known
  }

  #newBlock(chunk: SeriesChunk, from: number, to: number, copied: boolean): WrittenBlock {
    const { labelIds, values, exemplars, timestampsMs } = chunk
    const rows = this.#rows
    const ends = new Uint32Array(to - from)
    let at = writer.start
    for (let row = from; row < to; row++) {
      at = rows.write(at, chunk, row)
      ends[row - from] = at - writer.start
    }
    const bytes = writer.take(at, copied)
    const unchanged = copied ? SETTLED_AFTER : 0
    return { bytes, ends, from, values, labelIds, exemplars, timed: timestampsMs !== undefined, unchanged }
  }

  /**
   * Copies a block and writes the numbers that have changed into the copy: all else of their lines is what it was.
   *
   * @returns where the copy ends
   */
  #patch(known: WrittenBlock, { values, labelIds }: SeriesChunk, to: number): number {
    const { bytes, ends, from } = known
    const width = this.#width
    const end = to * width
    const first = firstDifference(known.values, values, from * width, end)
    if (first === end) return SAME
    const { now, before, ends: numberEnds } = this.#numbers
    const labelCount = this.#layout.labels.length
    const start = writer.reserve(writer.start, bytes.length + ROOM)
    writer.set(start, bytes)
    /** From a place in the old bytes to the same in the new ones. */
    let shift = start
    /** The old bytes before it were copied. */
    let copied = bytes.length
    /** The rows before it have their new ends. */
    let moved = 0
    for (let at = first; at < end;) {
      const row = Math.floor(at / width)
      // A row that is removed has no lines, whatever its numbers are.
      let line = labelIds[row * labelCount] === REMOVED ? now.length : this.#findNumbers(known, values, row)
      for (; line < now.length; line++) {
        if (now[line] === before[line]) continue
        const numberEnd = numberEnds[line]!
        const number = afterSpace(bytes, numberEnd)
        if (shift - start > ROOM - NUMBER_BYTES) return TOO_LONG
        if (copied < numberEnd) {
          const next = Math.min(bytes.length, numberEnd + COPIED_AHEAD)
          writer.set(copied + shift, bytes.subarray(copied, next))
          copied = next
        }
        const longer = putNumber(number + shift, now[line]!) - (numberEnd + shift)
        if (longer === 0) continue
        moved = moveEnds(ends, moved, row - from, shift - start)
        shift += longer
        // Those that were copied behind it are not where they have to be.
        copied = numberEnd
      }
      at = firstDifference(known.values, values, (row + 1) * width, end)
    }
    if (copied < bytes.length) writer.set(copied + shift, bytes.subarray(copied))
    moveEnds(ends, moved, ends.length, shift - start)
    return bytes.length + shift
  }

  /**
   * Finds where the numbers of a row end in what was written, those of its first line that has changed and of all after
   * it: from the last line on, as the lines of a row have the same labels, and one of them tells how long these are.
   *
   * @returns that line
   */
  #findNumbers({ bytes, ends, from, values: old }: WrittenBlock, values: Float64Array, row: number): number {
    const { lines, numbers } = this.#layout
    const { now, before, ends: numberEnds } = this.#numbers
    numbers(old, row * this.#width, before)
    numbers(values, row * this.#width, now)
    let changed = 0
    while (changed < lines.length && now[changed] === before[changed]) changed++
    let end = ends[row - from]! - 1
    let labelBytes = -1
    for (let i = lines.length - 1; i >= changed; i--) {
      numberEnds[i] = end
      if (i === changed) break
      const { open, close, bare } = lines[i]!
      end = afterSpace(bytes, end)
      if (i === lines.length - 1) {
        let begin = end
        while (begin > 0 && bytes[begin - 1] !== LINE_FEED) begin--
        if (end - begin > bare.length) labelBytes = end - begin - open.length - close.length
      }
      end -= 1 + (labelBytes < 0 ? bare.length : open.length + close.length + labelBytes)
    }
    return changed
  }

  /**
   * Copies the rows of a block that are what they were, and writes the others again.
   *
   * @returns where the copy ends
   */
  #rewrite(known: WrittenBlock, chunk: SeriesChunk, to: number): number {
    const { bytes, ends, from } = known
    if (this.#sameUntil(known, chunk, from, to) === to) return SAME
    const newEnds = new Uint32Array(ends.length)
    let at = writer.start
    for (let row = from; row < to;) {
      const same = this.#sameUntil(known, chunk, row, to)
      if (same === row) {
        at = this.#rows.write(at, chunk, row)
        newEnds[row++ - from] = at - writer.start
        continue
      }
      const begin = row === from ? 0 : ends[row - from - 1]!
      const end = ends[same - from - 1]!
      at = rewritten(at, bytes, begin, end)
      const shift = at - writer.start - end
      for (; row < same; row++) newEnds[row - from] = ends[row - from]! + shift
    }
    known.ends = newEnds
    return at
  }

  /** The first row from `row` on that is not as it was. */
  #sameUntil(known: WrittenBlock, { exemplars, values }: SeriesChunk, row: number, to: number): number {
    const width = this.#width
    const end = Math.floor(firstDifference(known.values, values, row * width, to * width) / width)
    if (known.exemplars === undefined && exemplars === undefined) return end
    while (row < end && known.exemplars?.[row] === exemplars?.[row]) row++
    return row
  }
}

/** Where what ends at `end` begins: behind the last space. */
function afterSpace(bytes: Uint8Array, end: number): number {
  while (bytes[end - 1] !== SPACE) end--
  return end
}

/** Moves the ends of rows by so many bytes. @returns `to` */
function moveEnds(ends: Uint32Array, from: number, to: number, by: number): number {
  if (by !== 0) for (let row = from; row < to; row++) ends[row]! += by
  return to
}

/**
 * Where the numbers of two chunks differ first, from `at` on; `end` if they do not. That zero has a sign shows nowhere.
 */
function firstDifference(one: Float64Array, other: Float64Array, at: number, end: number): number {
  while (at < end && (one[at] === other[at] || (one[at] !== one[at] && other[at] !== other[at]))) at++
  return at
}
