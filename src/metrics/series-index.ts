import type { LabelValue } from '../model/label-set.ts'
import { LabelPool } from './label-pool.ts'
import type { SeriesTable } from './series-table.ts'

/** Where a slot is free, and where a removed row was. A used slot holds its row. */
const FREE = -1
const REMOVED = -2

/** Not a row. */
export const NONE = -1

/** Odd constants that spread small consecutive ids over 32 bits: those of MurmurHash3 (public domain, Austin Appleby). */
const MIX_ID = 0xcc9e2d51
const MIX_STEP = 0x1b873593

/**
 * Finds the row of a label set: interned ids of the values, then one probe of an open-addressed table of rows.
 * No string is built, and ids are compared one by one, so no two label lists ever share a row, whatever they contain.
 */
export class SeriesIndex {
  readonly pool: LabelPool = new LabelPool()
  readonly #names: readonly string[]
  readonly #table: SeriesTable
  /** Ids of the label set that is being looked up. */
  readonly #ids: Uint32Array
  #slots: Int32Array = new Int32Array(8).fill(FREE)
  /** Slots that are not free, those of removed rows included. */
  #used = 0
  #removals = 0

  constructor(names: readonly string[], table: SeriesTable) {
    this.#names = names
    this.#table = table
    this.#ids = new Uint32Array(names.length)
  }

  /** The row of labels given by name; {@link NONE} if there is none, or if they are not a label set at all. */
  find(labels: Readonly<Record<string, unknown>>): number {
    const names = this.#names
    const ids = this.#ids
    let given = 0
    for (const _ in labels) given++
    if (given !== names.length) return NONE
    for (let i = 0; i < names.length; i++) {
      const id = this.pool.ids.get(labels[names[i]!])
      if (id === undefined) return NONE
      ids[i] = id
    }
    return this.#rowOfIds()
  }

  /** The same for labels given by position. */
  findAt(values: readonly unknown[]): number {
    const ids = this.#ids
    if (values.length !== ids.length) return NONE
    for (let i = 0; i < ids.length; i++) {
      const id = this.pool.ids.get(values[i])
      if (id === undefined) return NONE
      ids[i] = id
    }
    return this.#rowOfIds()
  }

  /** A new row for a label set that has none. */
  add(values: readonly LabelValue[]): number {
    for (let i = 0; i < values.length; i++) this.#ids[i] = this.pool.intern(values[i]!)
    const row = this.#table.add(this.#ids)
    // Half full at most: a search for what is not there ends soon.
    if ((this.#used + 1) * 2 > this.#slots.length) this.#rebuild()
    else this.#put(row)
    return row
  }

  /** Forgets a row, and takes it back to the table. */
  remove(row: number): void {
    this.#slots[this.#slotOf(row)] = REMOVED
    this.#table.remove(row)
    // A removed label set leaves its texts behind: when those may be most of the pool, it is made anew.
    if (++this.#removals > this.#table.size + 1024) this.#compact()
  }

  clear(): void {
    this.#table.clear()
    this.#compact()
  }

  #rowOfIds(): number {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = hash(this.#ids, 0, this.#ids.length) & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!
      if (row === FREE) return NONE
      if (row !== REMOVED && this.#hasIds(row)) return row
    }
  }

  #hasIds(row: number): boolean {
    const { chunks, chunkShift, chunkMask } = this.#table
    const count = this.#ids.length
    const { labelIds } = chunks[row >>> chunkShift]!
    const at = (row & chunkMask) * count
    for (let i = 0; i < count; i++) if (labelIds[at + i] !== this.#ids[i]) return false
    return true
  }

  #slotOf(row: number): number {
    const mask = this.#slots.length - 1
    let slot = this.#hashOf(row) & mask
    while (this.#slots[slot] !== row) slot = (slot + 1) & mask
    return slot
  }

  #put(row: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashOf(row) & mask
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask
    if (this.#slots[slot] === FREE) this.#used++
    this.#slots[slot] = row
  }

  #hashOf(row: number): number {
    const { chunks, chunkShift, chunkMask, labelCount } = this.#table
    return hash(chunks[row >>> chunkShift]!.labelIds, (row & chunkMask) * labelCount, labelCount)
  }

  /** Slots for the rows that are there and as many more. */
  #rebuild(): void {
    let length = 8
    while (length < this.#table.size * 3) length *= 2
    this.#slots = new Int32Array(length).fill(FREE)
    this.#used = 0
    for (const row of this.#table.rows()) this.#put(row)
  }

  /** A pool of only those texts that a series still has. Snapshots keep the old one. */
  #compact(): void {
    const before = this.pool.texts
    this.pool.ids = new Map()
    this.pool.texts = ['']
    this.#table.relabel((id) => this.pool.intern(before[id]!))
    this.#removals = 0
    this.#rebuild()
  }
}

function hash(ids: Uint32Array, at: number, count: number): number {
  let h = 0
  for (let i = at; i < at + count; i++) h = Math.imul(h ^ Math.imul(ids[i]!, MIX_ID), MIX_STEP)
  return h ^ (h >>> 16)
}
