import type { MetricFamily } from '../model/metric-family.ts'
import { ABSENT, REMOVED, type SeriesChunk } from '../model/series-columns.ts'
import { ByteWriter, encode, piece, type Piece } from './byte-writer.ts'
import { LabelTexts } from './label-texts.ts'
import { formatValue } from './number.ts'
import type { TextLayout } from './text-layout.ts'

const SPACE = 32
const COMMA = 44
const LINE_FEED = 10
const QUOTE = 34
/** What a number and a timestamp take at most, with what stands around them. */
const NUMBER_BYTES = 64

/** One for all: a block is written in one go and copied out. */
const writer = new ByteWriter()

/** Writes the rows of one family in a text format. */
export class TextRows {
  readonly #layout: TextLayout
  readonly #width: number
  readonly #labelValues: readonly string[]
  /** `name="` of every label. */
  readonly #names: readonly Piece[]
  /** Bytes of a row, less those of its label values. */
  readonly #rowBytes: number
  readonly #numbers: Float64Array
  #texts: LabelTexts | undefined

  constructor(family: MetricFamily, layout: TextLayout) {
    this.#layout = layout
    this.#width = family.columns.width
    this.#labelValues = family.columns.labelValues
    this.#names = family.labelNames.map((name) => piece(`${name}="`))
    this.#numbers = new Float64Array(layout.lines.length)
    const names = this.#names.reduce((sum, { length }) => sum + length + 2, 0)
    this.#rowBytes = layout.lines.reduce(
      (sum, { open, close, bare }) => sum + open.length + close.length + bare.length + names + NUMBER_BYTES,
      0,
    )
  }

  /** Writes the row of a chunk at `at`. @returns where the next one goes */
  write(at: number, chunk: SeriesChunk, row: number): number {
    const ids = chunk.labelIds
    const from = row * this.#names.length
    if (ids[from] === REMOVED) return at
    const texts = (this.#texts ??= new LabelTexts(this.#labelValues, writer))
    const { lines, numbers } = this.#layout
    let labelBytes = 0
    let labels = 0
    for (let i = from; i < from + this.#names.length; i++) {
      if (ids[i] === ABSENT) continue
      labels++
      labelBytes += texts.longest(ids[i]!)
    }
    writer.reserve(at, this.#rowBytes + lines.length * labelBytes)
    numbers(chunk.values, row * this.#width, this.#numbers)

    let labelsFrom = 0
    let labelsTo = 0
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!
      if (labels === 0) at = writer.piece(at, line.bare)
      else {
        at = writer.piece(at, line.open)
        if (i === 0) {
          labelsFrom = at
          at = labelsTo = this.#putLabels(at, ids, from, texts)
        } else at = writer.again(at, labelsFrom, labelsTo)
        at = writer.piece(at, line.close)
      }
      at = putNumber(at, this.#numbers[i]!)
      if (chunk.timestampsMs !== undefined) at = putTimestamp(at, chunk.timestampsMs[row]!)
      at = writer.byte(at, LINE_FEED)
    }
    return at
  }

  /** `a="x",b="y"`, without the labels that are absent. */
  #putLabels(at: number, ids: Uint32Array, from: number, texts: LabelTexts): number {
    const begin = at
    for (let i = 0; i < this.#names.length; i++) {
      const id = ids[from + i]!
      if (id === ABSENT) continue
      if (at !== begin) at = writer.byte(at, COMMA)
      at = texts.put(writer.piece(at, this.#names[i]!), id)
      at = writer.byte(at, QUOTE)
    }
    return at
  }
}

function putNumber(at: number, value: number): number {
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER && value === Math.floor(value)) {
    return writer.integer(at, value)
  }
  return writer.ascii(at, formatValue(value))
}

function putTimestamp(at: number, timestampMs: number): number {
  if (Number.isNaN(timestampMs)) return at
  return writer.ascii(writer.byte(at, SPACE), String(Math.round(timestampMs)))
}

/** What was written before `end`, as a block of its own. */
export function written(end: number): Uint8Array {
  return writer.take(end)
}

/** Writes at `at` what stands between `from` and `to` of an earlier block. */
export function rewritten(at: number, block: Uint8Array, from: number, to: number): number {
  writer.reserve(at, to - from)
  writer.bytes.set(block.subarray(from, to), at)
  return at + to - from
}

/** Writes a text at `at`. */
export function writtenText(at: number, text: string): number {
  const bytes = encode(text)
  return rewritten(at, bytes, 0, bytes.length)
}
