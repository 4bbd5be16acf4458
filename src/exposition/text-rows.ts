import type { MetricFamily } from '../model/metric-family.ts'
import { ABSENT, REMOVED, type SeriesChunk, type SeriesColumns } from '../model/series-columns.ts'
import { ByteWriter, longest, type Piece } from './byte-writer.ts'
import { formatValue } from './number.ts'
import type { TextLayout } from './text-layout.ts'

const SPACE = 32
const COMMA = 44
const LINE_FEED = 10
const QUOTE = 34

/** One for all: a block is written in one go and copied out. */
export const writer: ByteWriter = new ByteWriter()

/** Writes the rows of one family in a text format. */
export class TextRows {
  readonly #layout: TextLayout
  readonly #columns: SeriesColumns
  /** The numbers of the lines. */
  readonly #numbers: Float64Array

  constructor({ columns }: MetricFamily, layout: TextLayout) {
    this.#layout = layout
    this.#columns = columns
    this.#numbers = new Float64Array(layout.lines.length)
  }

  /** Writes the row of a chunk at `at`. @returns where the next one goes */
  write(at: number, chunk: SeriesChunk, row: number): number {
    const { labelIds, values, timestampsMs } = chunk
    const { labelValues, width } = this.#columns
    const { labels, lines, rowBytes, additions, labelName, timestamp } = this.#layout
    const numbers = this.#numbers
    const from = row * labels.length
    if (labels.length > 0 && labelIds[from] === REMOVED) return at
    let labelBytes = 0
    for (let i = 0; i < labels.length; i++) labelBytes += longest(labelValues[labelIds[from + i]!]!)
    this.#layout.numbers(values, row * width, numbers)
    const added = additions?.(chunk, row, numbers, labelName)
    // The labels are put where no line comes to lie, and from there into every line.
    const linesBytes = rowBytes + lines.length * labelBytes + (added?.bytes ?? 0)
    at = writer.reserve(at, linesBytes + rowBytes + labelBytes)
    const labelsFrom = at + linesBytes
    const labelsTo = putLabels(labelsFrom, labels, labelValues, labelIds, from)
    const hasLabels = labelsTo > labelsFrom
    const end = added?.lines ?? lines.length
    for (let i = 0; i < end; i++) {
      const { open, close, bare } = lines[i]!
      // One call for both: at the first series without labels, code that was compiled of others only would be thrown
      // away.
      at = writer.piece(at, hasLabels ? open : bare)
      if (hasLabels) at = writer.piece(writer.again(at, labelsFrom, labelsTo), close)
      at = putNumber(at, numbers[i]!)
      const timeMs = timestampsMs?.[row] ?? Number.NaN
      if (!Number.isNaN(timeMs)) at = writer.ascii(writer.byte(at, SPACE), timestamp(timeMs))
      const behind = added?.behind[i]
      if (behind !== undefined) at = writer.set(at, behind)
      at = writer.byte(at, LINE_FEED)
    }
    return at
  }
}

/** `a="x",b="y"`, without the labels that are absent. @param ids those of the row are from `from` on */
export function putLabels(
  at: number,
  labels: readonly Piece[],
  labelValues: readonly string[],
  ids: Uint32Array,
  from: number,
): number {
  const begin = at
  for (let i = 0; i < labels.length; i++) {
    const id = ids[from + i]!
    if (id === ABSENT) continue
    if (at !== begin) at = writer.byte(at, COMMA)
    at = writer.piece(at, labels[i]!)
    at = writer.escaped(at, labelValues[id]!)
    at = writer.byte(at, QUOTE)
  }
  return at
}

export function putNumber(at: number, value: number): number {
  return Number.isSafeInteger(value) && value >= 0 ? writer.integer(at, value) : writer.ascii(at, formatValue(value))
}

/** The chunks of a family, each with the number of its rows. */
export function* chunksOf({ columns }: MetricFamily): Generator<{ chunk: SeriesChunk; end: number }, void, undefined> {
  const { chunks, chunkRows, rowCount } = columns
  for (const [i, chunk] of chunks.entries()) yield { chunk, end: Math.min(chunkRows, rowCount - i * chunkRows) }
}

/** Writes at `at` what stands between `from` and `to` of bytes that were written before. */
export function rewritten(at: number, bytes: Uint8Array, from: number, to: number): number {
  return writer.set(writer.reserve(at, to - from), bytes.subarray(from, to))
}
