import type { LabelValue } from '../model/label-set.ts'
import { KnownValues } from './known-values.ts'
import { GOLDEN, NONE, REMOVED_ROW, type LabelTexts, type SeriesSlots } from './series-slots.ts'
import type { SeriesTable } from './series-table.ts'

/** A dense index has so many slots at most: some for any metric, and some more for each of its series. */
const SLOTS = 1024
const SLOTS_PER_SERIES = 8

/**
 * Which row of a metric belongs to which label set. Label sets are told apart by each of their values, so no two ever share
 * a row, whatever characters they contain.
 */
export class SeriesIndex implements SeriesSlots, LabelTexts {
  readonly table: SeriesTable
  readonly labels: readonly KnownValues[]
  texts: string[] = ['']
  ordinals: number[] = [0]
  dense = true
  rows: Int32Array = new Int32Array(0)
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
    if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return NONE
    const steps = this.#steps
    let given = 0
    for (const name in labels) {
      // Read in the loop over the names: whatever object it is, the engine knows there where the value is.
      const value = (labels as Record<string, unknown>)[name]
      const i = this.#names[given] === name ? given : this.#names.indexOf(name)
      given++
      if (i < 0 || (steps[i] = this.labels[i]!.stepOf(value)) === NONE) return NONE
    }
    return given === steps.length ? this.rowOf(steps) : NONE
  }

  rowOf(steps: readonly number[]): number {
    return this.rows[this.#slotOf(steps)]!
  }

  /** A new row for a label set that has none. */
  add(values: readonly LabelValue[]): number {
    const row = this.table.add(this.labels.map((label, i) => label.intern(values[i]!)))
    const { dense, rows } = this
    // Two thirds full at most: a search for what is not there ends soon.
    if (dense ? this.labels.some(({ size, capacity }) => size > capacity) : this.#used * 3 > rows.length * 2)
      this.#rebuild()
    else this.#put(row)
    return row
  }

  /** Forgets a row, and gives it back to the table. */
  remove(row: number): void {
    this.rows[this.#slotOfRow(row)] = this.dense ? NONE : REMOVED_ROW
    this.table.remove(row)
    // A removed label set leaves its texts behind: when those may be most of them, they are collected anew.
    if (++this.#removals > this.table.size + 1024) this.#compact()
  }

  /** Forgets all rows. */
  clear(): void {
    this.table.clear()
    this.#compact()
  }

  #put(row: number): void {
    this.rows[this.#slotOfRow(row)] = row
    this.#used++
  }

  #slotOfRow(row: number): number {
    const { labelIds, at } = this.table.idsAt(row)
    for (const [i, label] of this.labels.entries()) this.#steps[i] = label.stepOfId(labelIds[at + i]!)
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
      if (row === NONE || (row >= 0 && table.hasIds(row, steps))) return slot
    }
  }

  /** Slots for the rows that are there and some more, none of them removed. */
  #rebuild(): void {
    const { size } = this.table
    const capacities = this.labels.map((label) => label.size + (label.size >> 1))
    let count = capacities.reduce((product, capacity) => product * capacity, 1)
    this.dense = count <= SLOTS + SLOTS_PER_SERIES * size
    if (!this.dense) count = 2 ** (33 - Math.clz32(size))
    this.rows = new Int32Array(count).fill(NONE)
    this.#used = 0
    let stride = Number(this.dense)
    for (const [i, label] of this.labels.entries()) {
      label.restep(stride, capacities[i]!)
      stride *= capacities[i]!
    }
    this.table.forEachRow((row) => this.#put(row))
  }

  /** Only those texts that a series still has. Snapshots keep the old ones. */
  #compact(): void {
    const { texts } = this
    this.texts = ['']
    this.ordinals = [0]
    for (const label of this.labels) label.clear()
    this.table.relabel((id, label) => this.labels[label]!.intern(texts[id]!))
    this.#removals = 0
    this.#rebuild()
  }
}
