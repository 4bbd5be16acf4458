import { areByName, type LabelValue } from '../model/label-set.ts'
import { KnownValues } from './known-values.ts'
import { GOLDEN, NONE, type LabelTexts, type SeriesSlots } from './series-slots.ts'
import type { SeriesTable } from './series-table.ts'

/** A dense index has so many slots at most: some for any metric, and some more for each of its series. */
const SLOTS = 1024
const SLOTS_PER_SERIES = 8

/**
 * Which row of a metric belongs to which label set. Label sets are told apart by each of their values, so no two ever
 * share a row, whatever characters they contain.
 */
export class SeriesIndex implements SeriesSlots, LabelTexts {
  readonly table: SeriesTable
  readonly labels: readonly KnownValues[]
  texts: string[] = ['']
  ordinals: number[] = [0]
  dense = true
  direct = false
  rows: Int32Array = new Int32Array(0)
  /**
   * From so many series on the index may be direct: their numbers alone are a megabyte, which is much for the caches of a
   * processor.
   */
  directFrom = 131_072
  /** Slots that are not free, those of removed rows included. */
  #used = 0
  #removals = 0
  readonly #names: readonly string[]
  readonly #steps: number[]

  constructor(names: readonly string[], table: SeriesTable) {
    this.table = table
    this.#names = names
    this.#steps = names.map(() => 0)
    this.labels = names.map(() => new KnownValues(this))
    this.#rebuild()
  }

  /** The row of values by position; {@link NONE} if there is none, or if what is given is no label set at all. */
  byPosition(values: readonly unknown[]): number {
    const steps = this.#steps
    if (values.length !== this.labels.length) return NONE
    for (let i = 0; i < values.length; i++) if ((steps[i] = this.labels[i]!.stepOf(values[i])) === NONE) return NONE
    return this.rowOf(steps)
  }

  /** The row of labels by name, as {@link byPosition}. */
  byName(labels: unknown): number {
    if (!areByName(labels)) return NONE
    const steps = this.#steps
    let given = 0
    for (const name in labels) {
      // Read in the loop over the names: whatever object it is, the engine knows there where the value is.
      const value = labels[name]
      const i = this.#names[given] === name ? given : this.#names.indexOf(name)
      given++
      if (i < 0 || (steps[i] = this.labels[i]!.stepOf(value)) === NONE) return NONE
    }
    return given === steps.length ? this.rowOf(steps) : NONE
  }

  rowOf(steps: readonly number[]): number {
    const slot = this.#slotOf(steps)
    if (this.direct) return (this.rows[slot >>> 5]! >>> slot) & 1 ? slot : NONE
    return this.rows[slot]!
  }

  /** A new row for a label set that has none. Others may have to move for it. */
  add(values: readonly LabelValue[]): number {
    const { table, labels, dense, rows } = this
    const ids = labels.map((label, i) => label.intern(values[i]!))
    // Two thirds full at most: a search for what is not there ends soon.
    const full = dense
      ? labels.some(({ size, capacity }) => size > capacity) || (!this.direct && this.#mayBeDirect(rows.length))
      : this.#used * 3 > rows.length * 2
    if (full) this.#rebuild()
    const row = table.add(ids, this.direct ? this.#slotOfIds(ids, 0) : undefined)
    this.#put(row, ids, 0)
    this.#used++
    return row
  }

  /** Forgets a row, and gives it back to the table. */
  remove(row: number): void {
    const { labelIds, at } = this.table.idsAt(row)
    // A sparse index may go on finding it there, but looks whose it is.
    if (this.dense) this.#put(row, labelIds, at, NONE)
    this.table.remove(row)
    // A removed label set leaves its texts behind: when those may be most of them, they are collected anew.
    if (++this.#removals > this.table.size + 1024) this.#compact()
  }

  /** Forgets all rows. */
  clear(): void {
    this.table.clear()
    this.#compact()
  }

  /** Puts the row of a label set, or `instead` of it, where it is looked for. */
  #put(row: number, ids: ArrayLike<number>, at: number, instead: number = row): void {
    if (this.direct) this.rows[row >>> 5]! ^= 1 << row
    else this.rows[this.#slotOfIds(ids, at)] = instead
  }

  #slotOfIds(ids: ArrayLike<number>, at: number): number {
    for (let i = 0; i < this.labels.length; i++) this.#steps[i] = this.labels[i]!.stepOfId(ids[at + i]!)
    return this.#slotOf(this.#steps)
  }

  /** The slot of a label set; if it has none, in a sparse index the free one that it would have. */
  #slotOf(steps: readonly number[]): number {
    const { rows, dense, table } = this
    let slot = 0
    for (const step of steps) slot = dense ? slot + step : Math.imul(slot ^ step, GOLDEN)
    if (dense) return slot
    for (slot ^= slot >>> 15; ; slot++) {
      slot &= rows.length - 1
      const row = rows[slot]!
      if (row === NONE || table.hasIds(row, steps)) return slot
    }
  }

  /** Whether so many slots are few enough to give each a row. */
  #mayBeDirect(count: number): boolean {
    const { size, width } = this.table
    return width === 1 && size >= this.directFrom && count <= size * 2
  }

  /** Slots for the rows that are there and some more, none of them removed. */
  #rebuild(): void {
    const { table, labels, direct } = this
    let count = 1
    for (const label of labels) {
      if (label.size > label.capacity) label.capacity = label.size + (label.size >> 2)
      count *= label.capacity
    }
    this.dense = count <= SLOTS + SLOTS_PER_SERIES * table.size
    this.direct = this.dense && this.#mayBeDirect(count)
    let stride = Number(this.dense)
    for (const label of labels) {
      label.restep(stride)
      stride *= label.capacity
    }
    this.#used = table.size
    if (this.direct) {
      this.rows = new Int32Array((count >>> 5) + 1)
      table.arrange(count, (ids, at) => {
        const row = this.#slotOfIds(ids, at)
        this.#put(row, ids, at)
        return row
      })
      return
    }
    if (direct) table.arrange()
    if (!this.dense) count = 2 ** (33 - Math.clz32(table.size | 1))
    this.rows = new Int32Array(count).fill(NONE)
    table.forEachRow((row, ids, at) => this.#put(row, ids, at))
  }

  /** Only those texts that a series still has. Snapshots keep the old ones. */
  #compact(): void {
    const { texts, labels, table } = this
    this.texts = ['']
    this.ordinals = [0]
    for (const label of labels) label.clear()
    table.arrange()
    table.forEachRow((_, ids, at) => {
      for (const [i, label] of labels.entries()) ids[at + i] = label.intern(texts[ids[at + i]!]!)
    })
    this.#removals = 0
    this.#rebuild()
  }
}
