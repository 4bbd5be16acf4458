import type { LabelValue } from '../model/label-set.ts'
import { ABSENT } from '../model/series-columns.ts'

/** Places for recent values at most. */
const RECENT_LIMIT = 256

/**
 * Label values of one metric, each kept once and known by a number.
 * A number or boolean has the id of its text, so `200` and `'200'` are one value.
 */
export class LabelPool {
  /** Texts by id. Index 0 is unused (see {@link ABSENT}). Only ever appended to: snapshots share it. */
  texts: string[] = ['']
  /** Ids by text, and by the numbers and booleans that were given for one. */
  #ids: Map<unknown, number> = new Map()
  /**
   * Values that were looked up lately, each followed by its id, by a hash of a few characters. A map has to hash all
   * characters of a text that it has not seen before, and even of others it is the most of what recording with labels
   * costs (question labelled-inc of the benchmarks).
   */
  #recent: unknown[] = newRecent(8)
  /** Places for recent values, less one. */
  #recentMask = 7

  /** The id of a value; {@link ABSENT} if it has none. */
  idOf(value: unknown): number {
    if (typeof value !== 'string') return this.#ids.get(value) ?? ABSENT
    const { length } = value
    const hash = value.charCodeAt(length - 1) + value.charCodeAt(length >> 1) * 7 + length * 31
    const place = (hash & this.#recentMask) << 1
    const recent = this.#recent
    return recent[place] === value ? (recent[place + 1] as number) : this.#lookUp(value, place)
  }

  /** The id of a value, which is new or not. */
  intern(value: LabelValue): number {
    const known = this.#ids.get(value)
    if (known !== undefined) return known
    const text = String(value).toWellFormed()
    let id = this.#ids.get(text)
    if (id === undefined) {
      const own = ownCopy(text)
      id = this.texts.push(own) - 1
      this.#ids.set(own, id)
      while (id * 4 > this.#recentMask && this.#recentMask + 1 < RECENT_LIMIT) this.#growRecent()
    }
    if (typeof value !== 'string') this.#ids.set(value, id)
    return id
  }

  #lookUp(value: string, place: number): number {
    const id = this.#ids.get(value)
    if (id === undefined) return ABSENT
    // The pool's own copy: the one that was given may be a slice that keeps a whole request alive.
    this.#recent[place] = this.texts[id]
    this.#recent[place + 1] = id
    return id
  }

  #growRecent(): void {
    this.#recentMask = this.#recentMask * 2 + 1
    this.#recent = newRecent(this.#recentMask + 1)
  }
}

/** Not holes: they would be looked up in the prototype. `undefined` is no text, so a free place matches none. */
function newRecent(places: number): unknown[] {
  return Array.from({ length: places * 2 }, () => undefined)
}

/**
 * A string that keeps nothing else alive: a slice of a request body would keep the whole body.
 * As a property name it also becomes the one copy that equal literals of the program are, so that looking it up by such
 * a literal compares no characters.
 */
function ownCopy(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}
