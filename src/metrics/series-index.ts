import type { LabelValue } from '../model/label-set.ts'
import { LabelPool } from './label-pool.ts'
import { seriesFinder, type SeriesFinder } from './series-finder.ts'
import { FREE_SLOT, hashOfIds, keyOfIds, REMOVED_SLOT, type SeriesSlots } from './series-slots.ts'
import type { SeriesTable } from './series-table.ts'

/** Numbers of so many bits are exact, and those of so many fit into 32 bits with a sign. */
const EXACT_BITS = 53
const SMALL_BITS = 31

/**
 * Which row of a metric belongs to which label set. Label sets are compared by all of their ids, so no two ever share a
 * row, whatever characters they contain.
 */
export class SeriesIndex implements SeriesSlots {
  readonly table: SeriesTable
  readonly finder: SeriesFinder
  pool: LabelPool = new LabelPool()
  slots: Int32Array | Float64Array
  scale = 16
  exact: boolean
  /** Slots that are not free, those of removed rows included. */
  #used = 0
  #removals = 0
  readonly #ids: Uint32Array

  constructor(names: readonly string[], table: SeriesTable) {
    this.table = table
    this.#ids = new Uint32Array(names.length)
    this.exact = this.#keyBits <= EXACT_BITS
    this.slots = this.#freeSlots(8)
    this.finder = seriesFinder(names, this)
  }

  /** A new row for a label set that has none. */
  add(values: readonly LabelValue[]): number {
    for (let i = 0; i < values.length; i++) this.#ids[i] = this.pool.intern(values[i]!)
    const row = this.table.add(this.#ids)
    // Two thirds full at most: a search for what is not there ends soon.
    if (this.pool.texts.length > this.scale || (this.#used + 1) * 3 > this.slots.length) this.#rebuild()
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
    const mask = this.slots.length - 2
    let slot = this.#firstSlot(row)
    while (this.slots[slot + 1] !== row || this.slots[slot]! < 0) slot = (slot + 2) & mask
    return slot
  }

  #put(row: number): void {
    const { labelIds, at } = this.table.idsAt(row)
    const mask = this.slots.length - 2
    let slot = this.#firstSlot(row)
    while (this.slots[slot]! >= 0) slot = (slot + 2) & mask
    if (this.slots[slot] === FREE_SLOT) this.#used++
    this.slots[slot] = keyOfIds(labelIds, at, this.table.labelCount, this.scale)
    this.slots[slot + 1] = row
  }

  #firstSlot(row: number): number {
    const { labelIds, at } = this.table.idsAt(row)
    return (hashOfIds(labelIds, at, this.table.labelCount) << 1) & (this.slots.length - 2)
  }

  /** Slots for the rows that are there and as many more, none of them removed. */
  #rebuild(): void {
    while (this.pool.texts.length > this.scale) this.scale *= 4
    this.exact = this.#keyBits <= EXACT_BITS
    let count = 8
    while (count < this.table.size * 2) count *= 2
    this.slots = this.#freeSlots(count)
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

  get #keyBits(): number {
    return this.#ids.length * Math.log2(this.scale)
  }

  /** Of numbers as small as the keys allow: half the memory is twice as much in the processor's cache. */
  #freeSlots(count: number): Int32Array | Float64Array {
    const Numbers = this.#keyBits <= SMALL_BITS ? Int32Array : Float64Array
    return new Numbers(count * 2).fill(FREE_SLOT)
  }
}
