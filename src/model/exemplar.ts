import type { LabelSet } from './label-set.ts'

/** One event that stands for the others of its series, with labels that lead to it, such as `trace_id`. */
export interface Exemplar {
  readonly labels: LabelSet
  /** What was added or observed. */
  readonly value: number
  /** Unix time in milliseconds. */
  readonly timestampMs?: number
}

/** The exemplars of a series by column: that of a counter, those of the buckets. Never changed: others replace it. */
export type RowExemplars = readonly (Exemplar | undefined)[]

/** An exemplar has labels of so many code points at most, names and values together (conformance O17). */
export const EXEMPLAR_CODE_POINTS = 128

/** Code points, and not UTF-16 units, of names and values together. */
export function codePointsOf(pairs: readonly (readonly [name: string, value: string])[]): number {
  return Array.from(pairs.flat().join('')).length
}
