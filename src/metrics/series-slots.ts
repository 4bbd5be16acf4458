import type { SeriesTable } from './series-table.ts'

/** Not a row: none is there. */
export const NONE = -1

/** The texts that the labels of one metric have. */
export interface LabelTexts {
  /** By id. Index 0 is unused: as an id it says that the label is absent. Only ever appended to: snapshots share it. */
  texts: string[]
  /** By id, the how many-th text of its label it is. */
  ordinals: number[]
}

/**
 * Rows by label values, in one of three ways.
 *
 * Dense: as an array of as many dimensions as there are labels. The steps of the values of a label set lead to its
 * slot: their sum is where it is. There is nothing to compare, as no other label set has that slot.
 *
 * Direct, where most of such slots have a row, and a series is one number: the slot is the row, and the array has a bit
 * for each that is there. So there is one place in memory to look for, not one that leads to another.
 *
 * Sparse, where such an array would be much larger than the series are many: as a hash table with open addressing.
 * Steps are the ids of the values, which are compared with those of the row.
 */
export interface SeriesSlots {
  /** What is known of each label: the step of a value, {@link NONE} if it has none. */
  readonly labels: readonly { stepOf(value: unknown): number }[]
  readonly table: SeriesTable
  readonly dense: boolean
  /** If so, it is dense, too. */
  readonly direct: boolean
  /** A row or {@link NONE}; 32 bits if direct. If not dense: a power of two of slots, never full. */
  readonly rows: Int32Array
  /** The row of a label set; {@link NONE} if there is none. @param steps of its values */
  rowOf(steps: readonly number[]): number
}

/**
 * 2^32 divided by the golden ratio, made odd: its multiples are spread evenly (Knuth, The Art of Computer Programming
 * 3, 6.4).
 */
export const GOLDEN = 0x9e3779b1
