import type { LabelPool } from './label-pool.ts'
import type { SeriesTable } from './series-table.ts'

/** Not a row. */
export const NONE = -1

/** In place of the key of a slot: no row is there, and one was there. */
export const FREE_SLOT = -1
export const REMOVED_SLOT = -2

/**
 * Rows by their label ids: open addressing with two numbers per slot, a key and a row.
 *
 * A key is made of all ids of a label set, written as digits of a number in base {@link scale}. As long as such a number
 * has 53 bits at most it is exact, so that equal keys are equal label sets, found without a look at the row; beyond that
 * the ids of the row are compared one by one.
 */
export interface SeriesSlots {
  readonly pool: LabelPool
  readonly table: SeriesTable
  /** A power of two of slots, never full. */
  readonly slots: Int32Array | Float64Array
  /** Above every id: a power of two. */
  readonly scale: number
  /** Whether equal keys are equal label sets. */
  readonly exact: boolean
}

/** 2^32 divided by the golden ratio, made odd: its multiples are spread evenly (Knuth, The Art of Computer Programming 3, 6.4). */
const GOLDEN = 0x9e3779b1

/**
 * What an id is multiplied by in the hash: an odd number of its own for every label, a power of the golden one, so that no
 * two are simple multiples of each other. The products are summed up, so none has to wait for another.
 */
export function multiplier(position: number): number {
  while (multipliers.length <= position) multipliers.push(Math.imul(GOLDEN, multipliers.at(-1)!))
  return multipliers[position]!
}

const multipliers: number[] = [GOLDEN | 0]

/** The hash of label ids: `count` of them from `at`. */
export function hashOfIds(ids: Uint32Array, at: number, count: number): number {
  let hash = 0
  for (let i = 0; i < count; i++) hash = (hash + Math.imul(ids[at + i]!, multiplier(i))) | 0
  return hash ^ (hash >>> 15)
}

/** The key of label ids: `count` of them from `at`. */
export function keyOfIds(ids: Uint32Array, at: number, count: number, scale: number): number {
  let key = 0
  for (let i = 0; i < count; i++) key = key * scale + ids[at + i]!
  return key
}

/** The row of label ids, all of which are interned. */
export function rowOfIds(ids: Uint32Array, where: SeriesSlots): number {
  const { slots, scale, exact, table } = where
  const mask = slots.length - 2
  const key = keyOfIds(ids, 0, ids.length, scale)
  for (let slot = (hashOfIds(ids, 0, ids.length) << 1) & mask; ; slot = (slot + 2) & mask) {
    const there = slots[slot]!
    if (there === key && (exact || table.hasIds(slots[slot + 1]!, ids))) return slots[slot + 1]!
    if (there === FREE_SLOT) return NONE
  }
}
