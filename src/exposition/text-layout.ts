import type { Exemplar } from '../model/exemplar.ts'
import { encode, piece, type Piece } from './byte-writer.ts'
import { escapeLabelValue } from './escape.ts'
import { formatMilliseconds } from './number.ts'

/** What a number and a timestamp take at most, with what stands around them. */
const NUMBER_BYTES = 64

/** What a text format says of a family, besides label values and numbers: the same at every scrape. */
export interface TextLayout {
  /** The lines before the samples: HELP, TYPE and so on, each ended. */
  readonly head: Uint8Array
  /** `name="` of every label. */
  readonly labels: readonly Piece[]
  /** The lines of one series. */
  readonly lines: readonly LineLayout[]
  /** Bytes of a series at most, less those of its label values. */
  readonly rowBytes: number
  /** Fills in the numbers of the lines, for the row of `values` that begins at `at`. */
  readonly numbers: FillNumbers
  /** A timestamp as text, of one in milliseconds that is not NaN. */
  readonly timestamp: (timestampMs: number) => string
  /** How exemplars stand behind the first lines; the format has none if left out. */
  readonly exemplars?: ExemplarLines
  /** Whether the last line is the start of the series, which is left out where it is not known. */
  readonly startLine?: boolean
}

export interface ExemplarLines {
  /** How many lines may have one: each that of the column with its number. */
  readonly lines: number
  text(exemplar: Exemplar): string
}

export type FillNumbers = (values: Float64Array, at: number, into: Float64Array) => void

/**
 * One line that every series of a family writes: what is the same in all of them.
 * `name{labels,le="1"} ` is `open`, the labels, `close`; a series without labels writes `bare` instead.
 */
export interface LineLayout {
  readonly open: Piece
  readonly close: Piece
  readonly bare: Piece
}

export function textLayout(
  head: string,
  labelNames: readonly string[],
  lines: readonly LineLayout[],
  numbers: FillNumbers,
  options: Partial<Pick<TextLayout, 'timestamp' | 'exemplars' | 'startLine'>> = {},
): TextLayout {
  const labels = labelNames.map((name) => piece(`${name}="`))
  // A quote and a comma for each.
  const labelBytes = labels.reduce((sum, { length }) => sum + length + 2, 0)
  const rowBytes = lines.reduce(
    (sum, { open, close, bare }) => sum + open.length + close.length + bare.length + labelBytes + NUMBER_BYTES,
    0,
  )
  return { head: encode(head), labels, lines, rowBytes, numbers, timestamp: formatMilliseconds, ...options }
}

/**
 * @param name of the sample
 * @param pair a further label that the format adds, such as `le="1"`
 */
export function lineLayout(name: string, pair?: string): LineLayout {
  return {
    open: piece(`${name}{`),
    close: piece(pair === undefined ? '} ' : `,${pair}} `),
    bare: piece(pair === undefined ? `${name} ` : `${name}{${pair}} `),
  }
}

/** A line per bucket, that up to infinity included. @param format an upper bound as the format writes it */
export function bucketLines(
  name: string,
  upperBounds: readonly number[],
  format: (bound: number) => string,
): LineLayout[] {
  return [...upperBounds.map(format), '+Inf'].map((bound) => lineLayout(`${name}_bucket`, `le="${bound}"`))
}

/** A line per quantile. @param format a quantile as the format writes it */
export function quantileLines(
  name: string,
  quantiles: readonly number[],
  format: (quantile: number) => string,
): LineLayout[] {
  return quantiles.map((quantile) => lineLayout(name, `quantile="${format(quantile)}"`))
}

/** A line per state. */
export function stateLines(name: string, states: readonly string[]): LineLayout[] {
  return states.map((state) => lineLayout(name, `${name}="${escapeLabelValue(state)}"`))
}

export function sumAndCount(name: string): LineLayout[] {
  return [lineLayout(`${name}_sum`), lineLayout(`${name}_count`)]
}
