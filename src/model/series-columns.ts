import type { RowExemplars } from './exemplar.ts'
import type { NativeBuckets } from './native-buckets.ts'

/**
 * The series of one metric as memory: a row is a series, a column one number of it, in chunks of rows.
 * A family holds a copy of the numbers, so it is one instant however long its writing takes.
 *
 * Label values are interned: a chunk holds their indices in `labelValues`. Both are shared with the live metric and
 * never change for the rows that a family can see: a metric that reuses a row replaces the chunk's `labelIds` by a
 * copy. So equal references mean equal labels, which is how a writer knows what has not changed since the last scrape.
 * The numbers may be those of an earlier family, too, if they are the same: nobody changes them.
 */
export interface SeriesColumns {
  /** Numbers per row. */
  readonly width: number
  /** Rows in use, removed ones included. */
  readonly rowCount: number
  /** How many of them are removed; none if left out. */
  readonly removedRows?: number
  /** Rows per chunk: a power of two. The last chunk may be shorter. */
  readonly chunkRows: number
  readonly chunks: readonly SeriesChunk[]
  /** The texts behind the label ids. Index 0 is unused: as an id it says that the label is absent. */
  readonly labelValues: readonly string[]
}

export interface SeriesChunk {
  /** `width` numbers per row, row after row. */
  readonly values: Float64Array
  /** One id per label name and row, row after row. {@link REMOVED} in the first place marks a removed row. */
  readonly labelIds: Uint32Array
  /** Unix time in milliseconds by row, NaN for none; only foreign samples have any. */
  readonly timestampsMs?: Float64Array
  /**
   * When each series began: unix time in milliseconds by row, NaN where it is not known. Shared and kept like
   * `labelIds`.
   */
  readonly startTimestampsMs?: Float64Array | undefined
  /** By row; the same array means the same exemplars. */
  readonly exemplars?: readonly (RowExemplars | undefined)[]
  /** By row, of a native histogram; the same object means the same buckets. */
  readonly native?: readonly (NativeBuckets | undefined)[]
}

/** The label id that says "the label is absent". */
export const ABSENT = 0

/** The first label id of a row that holds no series any more. */
export const REMOVED = 0xffff_ffff
