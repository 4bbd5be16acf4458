import type { NativeSide } from '../model/native-buckets.ts'

/** No bucket has this index. */
const FREE = -0x8000_0000
/** Their memory is so small that it is in the object itself. */
const FIRST_SLOTS = 8

/** What is there before the first bucket is: never written, and so shared. */
const NO_INDEXES: Int32Array = /* @__PURE__ */ Int32Array.of(FREE)
const NO_COUNTS: Float64Array = /* @__PURE__ */ Float64Array.of(0)

/**
 * The populated buckets on one side of zero, by index: a hash table whose hash is the index itself. Populated buckets
 * are mostly neighbours, which so never meet; memory grows with the number of buckets and not with their distance.
 */
export class BucketCounts {
  /** How many buckets are populated. */
  size = 0
  #indexes: Int32Array = NO_INDEXES
  #counts: Float64Array = NO_COUNTS

  /** Counts one in a bucket. @returns whether it is the first */
  increment(index: number): boolean {
    const indexes = this.#indexes
    const slot = index & (indexes.length - 1)
    if (indexes[slot] !== index) return this.add(index, 1)
    this.#counts[slot]!++
    return false
  }

  /** Adds to a bucket. @returns whether it is the first there */
  add(index: number, count: number): boolean {
    const mask = this.#indexes.length - 1
    let slot = index & mask
    while (this.#indexes[slot] !== index) {
      if (this.#indexes[slot] === FREE) {
        this.#put(slot, index, count)
        return true
      }
      slot = (slot + 1) & mask
    }
    this.#counts[slot]! += count
    return false
  }

  /** Adds all that another has counted. */
  addAll(other: BucketCounts): void {
    for (const [slot, index] of other.#indexes.entries()) if (index !== FREE) this.add(index, other.#counts[slot]!)
  }

  /** The least index of a populated bucket; infinite if there is none. */
  get least(): number {
    let least = Number.POSITIVE_INFINITY
    const indexes = this.#indexes
    for (let slot = 0; slot < indexes.length; slot++) {
      if (indexes[slot] !== FREE && indexes[slot]! < least) least = indexes[slot]!
    }
    return least
  }

  /** Takes a bucket out. @returns its count */
  remove(index: number): number {
    let removed = 0
    this.#refill((each, count) => {
      if (each === index) removed = count
      else this.add(each, count)
    })
    return removed
  }

  /** Gives every bucket another index; buckets with the same one become one. */
  reindex(newIndex: (index: number) => number): void {
    this.#refill((index, count) => void this.add(newIndex(index), count))
  }

  /** Forgets all buckets, and their memory. */
  clear(): void {
    this.#indexes = NO_INDEXES
    this.#counts = NO_COUNTS
    this.size = 0
  }

  /**
   * A copy, in the order of indexes. Made of every series at every scrape, so it is plain, and does not sort if it need
   * not.
   */
  snapshot(): NativeSide {
    const from = this.#indexes
    const own = this.#counts
    const mask = from.length - 1
    const indexes = new Int32Array(this.size)
    const counts = new Float64Array(this.size)
    // From the least one on, neighbours are in their order in the table. Others need not be.
    const first = this.least & mask
    for (let i = 0, at = 0; i <= mask; i++) {
      const slot = (first + i) & mask
      const index = from[slot]!
      if (index === FREE) continue
      indexes[at] = index
      counts[at++] = own[slot]!
    }
    if (!isAscending(indexes)) {
      indexes.sort()
      for (let i = 0; i < indexes.length; i++) counts[i] = own[this.#slotOf(indexes[i]!)]!
    }
    return { indexes, counts }
  }

  #slotOf(index: number): number {
    const mask = this.#indexes.length - 1
    let slot = index & mask
    while (this.#indexes[slot] !== index) slot = (slot + 1) & mask
    return slot
  }

  #put(slot: number, index: number, count: number): void {
    // Half full at most, so that a search ends soon.
    if ((this.size + 1) * 2 > this.#indexes.length) {
      this.#refill((each, its) => void this.add(each, its), Math.max(FIRST_SLOTS, this.#indexes.length * 2))
      this.add(index, count)
      return
    }
    this.#indexes[slot] = index
    this.#counts[slot] = count
    this.size++
  }

  /** Begins a new table, and gives each bucket of the one before to `take`. */
  #refill(take: (index: number, count: number) => void, slots: number = this.#indexes.length): void {
    const indexes = this.#indexes
    const counts = this.#counts
    this.#indexes = new Int32Array(slots).fill(FREE)
    this.#counts = new Float64Array(slots)
    this.size = 0
    for (const [slot, index] of indexes.entries()) if (index !== FREE) take(index, counts[slot]!)
  }
}

function isAscending(indexes: Int32Array): boolean {
  for (let i = 1; i < indexes.length; i++) if (indexes[i]! < indexes[i - 1]!) return false
  return true
}
