import { piece, type Piece } from './byte-writer.ts'

/** What a text format says of a family, besides labels and numbers. */
export interface TextLayout {
  /** The lines before the samples: HELP, TYPE and so on, each ended. */
  readonly head: string
  /** The lines of one series. */
  readonly lines: readonly LineLayout[]
  /** Fills in the numbers of these lines, for the row of `values` that begins at `at`. */
  readonly numbers: (values: Float64Array, at: number, into: Float64Array) => void
}

/**
 * One line that every series of a family writes: what is the same in all of them.
 * `name{labels,le="1"} ` is `open`, the labels, `close`; a series without labels writes `bare` instead.
 */
export interface LineLayout {
  readonly open: Piece
  readonly close: Piece
  readonly bare: Piece
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
