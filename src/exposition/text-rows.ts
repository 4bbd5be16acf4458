import type { MetricFamily } from '../model/metric-family.ts'
import { ABSENT, REMOVED, type SeriesChunk } from '../model/series-columns.ts'
import { encode, longest, putAgain, putBytes, putEscaped, putInteger, putText } from './byte-writer.ts'
import type { LineLayout } from './line-layout.ts'
import { formatValue } from './number.ts'

/** A block is handed on when it is at least this full. */
const BLOCK_BYTES = 65_536
const SPACE = 32
const COMMA = 44
const LINE_FEED = 10
const QUOTE = 34
/** What a number and a timestamp take at most, with what stands around them. */
const NUMBER_BYTES = 64

/** What a text format says of a family, besides the numbers. */
export interface TextLayout {
  /** The lines before the samples: HELP, TYPE and so on, each ended. */
  readonly head: string
  /** The lines of one series. */
  readonly lines: readonly LineLayout[]
  /** Fills in the numbers of these lines for the row of `values` that begins at `at`. */
  readonly numbers: (values: Float64Array, at: number, into: Float64Array) => void
}

/** Writes a family in a text format, in blocks. */
export function* textRows(family: MetricFamily, layout: TextLayout): Generator<Uint8Array, void, undefined> {
  const head = encode(layout.head)
  const block = new TextBlock(family, layout)
  block.append(head)
  const { rowCount, chunkRows, chunks } = family.columns
  for (let index = 0; index < chunks.length; index++) {
    const rows = Math.min(chunkRows, rowCount - index * chunkRows)
    for (let row = 0; row < rows; row++) {
      if (block.length >= BLOCK_BYTES) yield block.take()
      block.row(chunks[index]!, row)
    }
  }
  yield block.take()
}

/** The bytes of one block while it is written. */
class TextBlock {
  length = 0
  #out: Uint8Array = new Uint8Array(0)
  readonly #layout: TextLayout
  readonly #width: number
  readonly #labelValues: readonly string[]
  /** `name="` of every label. */
  readonly #names: readonly Uint8Array[]
  /** Bytes of a row, less its label values. */
  readonly #rowBytes: number
  readonly #numbers: Float64Array

  constructor(family: MetricFamily, layout: TextLayout) {
    this.#layout = layout
    this.#width = family.columns.width
    this.#labelValues = family.columns.labelValues
    this.#names = family.labelNames.map((name) => encode(`${name}="`))
    this.#numbers = new Float64Array(layout.lines.length)
    const names = this.#names.reduce((sum, name) => sum + name.length + 2, 0)
    this.#rowBytes = layout.lines.reduce(
      (sum, { open, close }) => sum + open.length + close.length + names + NUMBER_BYTES,
      0,
    )
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.length = putBytes(this.#out, this.length, bytes)
  }

  /** The bytes so far; the next ones go to a new block. */
  take(): Uint8Array {
    const bytes = this.#out.subarray(0, this.length)
    this.#out = new Uint8Array(0)
    this.length = 0
    return bytes
  }

  row(chunk: SeriesChunk, row: number): void {
    const names = this.#names
    const from = row * names.length
    if (chunk.labelIds[from] === REMOVED) return
    const { lines, numbers } = this.#layout
    this.#reserve(this.#rowBytes + lines.length * this.#labelBytes(chunk.labelIds, from))
    numbers(chunk.values, row * this.#width, this.#numbers)
    const out = this.#out
    let at = this.length
    let labelsFrom = 0
    let labelsTo = 0
    for (let i = 0; i < lines.length; i++) {
      const { open, close, bare } = lines[i]!
      if (i === 0) {
        labelsFrom = at + open.length
        labelsTo = this.#putLabels(labelsFrom, chunk.labelIds, from)
      }
      if (labelsFrom === labelsTo) at = putBytes(out, at, bare)
      else {
        at = putBytes(out, at, open)
        at = i === 0 ? labelsTo : putAgain(out, at, labelsFrom, labelsTo)
        at = putBytes(out, at, close)
      }
      at = putNumber(out, at, this.#numbers[i]!)
      if (chunk.timestampsMs !== undefined) at = putTimestamp(out, at, chunk.timestampsMs[row]!)
      out[at++] = LINE_FEED
    }
    this.length = at
  }

  /** `a="x",b="y"`, at `at`. Labels that are absent are not written. */
  #putLabels(at: number, ids: Uint32Array, from: number): number {
    const out = this.#out
    const names = this.#names
    const begin = at
    for (let i = 0; i < names.length; i++) {
      const id = ids[from + i]!
      if (id === ABSENT) continue
      if (at !== begin) out[at++] = COMMA
      at = putBytes(out, at, names[i]!)
      at = putEscaped(out, at, this.#labelValues[id]!)
      out[at++] = QUOTE
    }
    return at
  }

  #labelBytes(ids: Uint32Array, from: number): number {
    let bytes = 0
    for (let i = from; i < from + this.#names.length; i++) bytes += longest(this.#labelValues[ids[i]!]!)
    return bytes
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#out.length) return
    const grown = new Uint8Array(Math.max(BLOCK_BYTES + 4096, (this.length + bytes) * 2))
    grown.set(this.#out.subarray(0, this.length))
    this.#out = grown
  }
}

function putNumber(out: Uint8Array, at: number, value: number): number {
  // `1 / value` tells −0 from 0.
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER && value === Math.floor(value) && 1 / value > 0) {
    return putInteger(out, at, value)
  }
  return putText(out, at, formatValue(value))
}

function putTimestamp(out: Uint8Array, at: number, timestampMs: number): number {
  if (Number.isNaN(timestampMs)) return at
  out[at++] = SPACE
  return putText(out, at, String(Math.round(timestampMs)))
}
