import { encode } from './byte-writer.ts'

/**
 * One line that every series of a family writes: what is the same in all of them, as bytes.
 * `name{labels,le="1"} ` is `open`, the labels, `close`; a series without labels writes `bare` instead.
 */
export interface LineLayout {
  readonly open: Uint8Array
  readonly close: Uint8Array
  readonly bare: Uint8Array
}

/**
 * @param name of the sample
 * @param pair a further label that the format adds, such as `le="1"`
 */
export function lineLayout(name: string, pair?: string): LineLayout {
  return {
    open: encode(`${name}{`),
    close: encode(pair === undefined ? '} ' : `,${pair}} `),
    bare: encode(pair === undefined ? `${name} ` : `${name}{${pair}} `),
  }
}
