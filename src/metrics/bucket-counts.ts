import type { NativeSide } from '../model/native-buckets.ts'

/** No bucket has this index. */
const FREE = -(2 ** 31)
const FIRST_SLOTS = 16

/**
 * The populated buckets on one side of zero, by index: a hash table whose hash is the index itself. Populated buckets are
 * mostly neighbours, which so never meet; memory grows with the number of buckets and not with their distance.
 */
export class BucketCounts {
  /** How many buckets are populated. */
  size = 0
  #indexes: Int32Array = freeSlots(FIRST_SLOTS)
  #counts: Float64Array = new Float64Array(FIRST_SLOTS)

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
    for (const index of this.#indexes) if (index !== FREE && index < least) least = index
    return least
  }

  /** Takes a bucket out. @returns its count */
  remove(index: number): number {
    let removed = 0
    this.#rebuild((each, count) => {
      if (each === index) removed = count
      else this.add(each, count)
    }, this.#indexes.length)
    return removed
  }

  /** Gives every bucket another index; buckets with the same one become one. */
  reindex(newIndex: (index: number) => number): void {
    this.#rebuild((index, count) => void this.add(newIndex(index), count), this.#indexes.length)
  }

  /** Forgets all buckets, and their memory. */
  clear(): void {
    this.#rebuild(() => {}, FIRST_SLOTS)
  }

  /** A copy, in the order of indexes. */
  snapshot(): NativeSide {
    const indexes = this.#indexes.filter((index) => index !== FREE).toSorted()
    return { indexes, counts: Float64Array.from(indexes, (index) => this.#counts[this.#slotOf(index)]!) }
  }

  #slotOf(index: number): number {
    const mask = this.#indexes.length - 1
    let slot = index & mask
    while (this.#indexes[slot] !== index) slot = (slot + 1) & mask
    return slot
  }

  #put(slot: number, index: number, count: number): void {
    this.#indexes[slot] = index
    this.#counts[slot] = count
    this.size++
    // Half full at most, so that a search ends soon.
    if (this.size * 2 > this.#indexes.length)
      this.#rebuild((each, its) => void this.add(each, its), this.#indexes.length * 2)
  }

  /** Empties the table, and gives each bucket that was in it to `take`. */
  #rebuild(take: (index: number, count: number) => void, slots: number): void {
    const indexes = this.#indexes
    const counts = this.#counts
    this.#indexes = freeSlots(slots)
    this.#counts = new Float64Array(slots)
    this.size = 0
    for (const [slot, index] of indexes.entries()) if (index !== FREE) take(index, counts[slot]!)
  }
}

function freeSlots(count: number): Int32Array {
  return new Int32Array(count).fill(FREE)
}
