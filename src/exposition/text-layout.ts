import type { SeriesChunk } from '../model/series-columns.ts'
import { encode, piece, type Piece } from './byte-writer.ts'
import { underscored, underscoredLabel } from '../model/names.ts'
import { escapeLabelValue } from './escape.ts'
import { formatMilliseconds } from './number.ts'

/** What a number and a timestamp take at most, with what stands around them. */
export const NUMBER_BYTES = 64

/** What a text format says of a family, besides label values and numbers: the same at every scrape. */
export interface TextLayout {
  /** The lines before the samples: HELP, TYPE and so on, each ended. */
  readonly head: Uint8Array
  /** How the name of a label stands in the format. */
  readonly labelName: (name: string) => string
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
  /** What the format says of a row besides; nothing if left out. */
  readonly additions?: RowAdditions
}

/** What is added to the row of a chunk, of which `numbers` are the numbers of the lines; often nothing. */
export type RowAdditions = (
  chunk: SeriesChunk,
  row: number,
  numbers: Float64Array,
  labelName: TextLayout['labelName'],
) => RowAddition | undefined

export interface RowAddition {
  /** How many lines are written, of those of the layout. */
  readonly lines: number
  /** What stands behind the number of each line. */
  readonly behind: readonly (Uint8Array | undefined)[]
  /** All bytes of {@link behind}. */
  readonly bytes: number
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

/** A line of samples: the name in it, and the label that the format adds with its value. */
export type Line = readonly [name: string, label?: string, value?: string]

/** Makes the layout of a family of what its format says: {@link textLayout}, or one that writes names otherwise. */
export type MakeLayout = (
  /** Of the family, as its metadata have it. */
  name: string,
  /** The lines before the samples, for that name as it is written. */
  head: (name: string) => string,
  labelNames: readonly string[],
  lines: readonly Line[],
  numbers: FillNumbers,
  options?: LayoutOptions,
) => TextLayout

/** What not every format has. */
export type LayoutOptions = Partial<Pick<TextLayout, 'timestamp' | 'additions'>>

/** A layout with names that every server accepts: all other characters are underscores (conformance U2). */
export const textLayout: MakeLayout = (name, head, labelNames, lines, numbers, options) => {
  const layouts = lines.map(([of, label, value]) =>
    lineLayout(`${underscored(of)}{`, underscored(of), pairOf(label && underscoredLabel(label), value)),
  )
  return layoutOf(head(underscored(name)), underscoredLabel, labelNames, layouts, numbers, options)
}

/** @param head with its name as it is written, as those of the lines are */
export function layoutOf(
  head: string,
  labelName: TextLayout['labelName'],
  labelNames: readonly string[],
  lines: readonly LineLayout[],
  numbers: FillNumbers,
  options?: LayoutOptions,
): TextLayout {
  // Begun with one, as an array that is empty from the beginning is of another kind (question quiet-scrape).
  const labels = ['', ...labelNames].map((name) => piece(`${labelName(name)}="`)).slice(1)
  // A quote and a comma for each.
  const labelBytes = labels.reduce((sum, { length }) => sum + length + 2, 0)
  const rowBytes = lines.reduce(
    (sum, { open, close, bare }) => sum + open.length + close.length + bare.length + labelBytes + NUMBER_BYTES,
    0,
  )
  return { head: encode(head), labelName, labels, lines, rowBytes, numbers, timestamp: formatMilliseconds, ...options }
}

/**
 * @param open what stands before the labels, such as `name{`
 * @param bare what stands there if there are none
 * @param pair a further label that the format adds, such as `le="1"`
 */
export function lineLayout(open: string, bare: string, pair: string | undefined): LineLayout {
  return {
    open: piece(open),
    close: piece(pair ? `,${pair}} ` : '} '),
    bare: piece(pair ? `${open}${pair}} ` : `${bare} `),
  }
}

/** A label as it is written. */
export function pairOf(label: string | undefined, value: string = ''): string | undefined {
  return label && `${label}="${escapeLabelValue(value)}"`
}

/** A line per bucket, that up to infinity included. @param format an upper bound as the format writes it */
export function bucketLines(name: string, upperBounds: readonly number[], format: (bound: number) => string): Line[] {
  return [...upperBounds.map(format), '+Inf'].map((bound) => [`${name}_bucket`, 'le', bound])
}

/** A line per quantile. @param format a quantile as the format writes it */
export function quantileLines(
  name: string,
  quantiles: readonly number[],
  format: (quantile: number) => string,
): Line[] {
  return quantiles.map((quantile) => [name, 'quantile', format(quantile)])
}

/** A line per state. */
export function stateLines(name: string, states: readonly string[]): Line[] {
  return states.map((state) => [name, name, state])
}

export function sumAndCount(name: string): Line[] {
  return [[`${name}_sum`], [`${name}_count`]]
}
