import type { LabelValue } from '../model/label-set.ts'
import { LabelPool } from './label-pool.ts'
import {
  FREE_SLOT,
  hashOfIds,
  REMOVED_SLOT,
  seriesFinder,
  type SeriesFinder,
  type SeriesSlots,
} from './series-finder.ts'
import type { SeriesTable } from './series-table.ts'

/**
 * Which row of a metric belongs to which label set: interned ids of the label values, and an open-addressed table of rows.
 * Ids are compared one by one, so no two label lists ever share a row, whatever characters they contain.
 */
export class SeriesIndex implements SeriesSlots {
  readonly table: SeriesTable
  readonly finder: SeriesFinder
  pool: LabelPool = new LabelPool()
  slots: Int32Array = new Int32Array(8).fill(FREE_SLOT)
  /** Slots that are not free, those of removed rows included. */
  #used = 0
  #removals = 0
  readonly #ids: Uint32Array

  /** @param finder how rows are found; a test passes the one without generated code */
  constructor(names: readonly string[], table: SeriesTable, finder: typeof seriesFinder = seriesFinder) {
    this.table = table
    this.#ids = new Uint32Array(names.length)
    this.finder = finder(names, this)
  }

  /** A new row for a label set that has none. */
  add(values: readonly LabelValue[]): number {
    for (let i = 0; i < values.length; i++) this.#ids[i] = this.pool.intern(values[i]!)
    const row = this.table.add(this.#ids)
    // Half full at most: a search for what is not there ends soon.
    if ((this.#used + 1) * 2 > this.slots.length) this.#rebuild()
    else this.#put(row)
    return row
  }

  /** Forgets a row, and gives it back to the table. */
  remove(row: number): void {
    this.slots[this.#slotOf(row)] = REMOVED_SLOT
    this.table.remove(row)
    // A removed label set leaves its texts behind: when those may be most of the pool, it is made anew.
    if (++this.#removals > this.table.size + 1024) this.#compact()
  }

  /** Forgets all rows. */
  clear(): void {
    this.table.clear()
    this.#compact()
  }

  #slotOf(row: number): number {
    const mask = this.slots.length - 1
    let slot = this.#hashOf(row) & mask
    while (this.slots[slot] !== row) slot = (slot + 1) & mask
    return slot
  }

  #put(row: number): void {
    const mask = this.slots.length - 1
    let slot = this.#hashOf(row) & mask
    while (this.slots[slot]! >= 0) slot = (slot + 1) & mask
    if (this.slots[slot] === FREE_SLOT) this.#used++
    this.slots[slot] = row
  }

  #hashOf(row: number): number {
    const { chunks, chunkShift, chunkMask, labelCount } = this.table
    return hashOfIds(chunks[row >>> chunkShift]!.labelIds, (row & chunkMask) * labelCount, labelCount)
  }

  /** Slots for three times the rows that are there, none of them removed. */
  #rebuild(): void {
    let length = 8
    while (length < this.table.size * 3) length *= 2
    this.slots = new Int32Array(length).fill(FREE_SLOT)
    this.#used = 0
    for (const row of this.table.rows()) this.#put(row)
  }

  /** A pool of only those texts that a series still has. Snapshots keep the old one. */
  #compact(): void {
    const before = this.pool.texts
    this.pool = new LabelPool()
    this.table.relabel((id) => this.pool.intern(before[id]!))
    this.#removals = 0
    this.#rebuild()
  }
}
