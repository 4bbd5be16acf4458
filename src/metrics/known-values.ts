import { textOf, type LabelValue } from '../model/label-set.ts'
import { GOLDEN, NONE, type LabelTexts } from './series-slots.ts'

/** 2 to the power of this: so many places for recent values at most. */
const MOST_BITS = 12

/** So many values are too many to find a place for each. */
const MANY = 64

/**
 * The values that one label of a metric has, each known by a number: its step (see {@link SeriesSlots}).
 * A number or boolean has the step of its text, so `200` and `'200'` are one value.
 */
export class KnownValues {
  /** How many texts there are. */
  size = 0
  /** How many texts the steps are made for. */
  capacity = 0
  /** How far apart the steps are, or 0 if they are ids. */
  #stride = 0
  readonly #pool: LabelTexts
  /** Ids by text, and by the numbers and booleans that were given for one. */
  readonly #ids: Map<unknown, number> = new Map()
  /**
   * Values that were looked up lately, each followed by its step, by a hash of its length and one or two characters. A
   * map has to hash all characters of a text that it has not seen before, and even of others it is the most of what
   * recording with labels costs (question labelled-inc of the benchmarks).
   */
  #recent: unknown[] = []
  /**
   * Which characters tell the values apart: one, or two if it is even. Its first 8 bits are the place of the first in
   * 256ths of the length, the next 8 that of the second. All of it spreads them over the places.
   */
  #choice = GOLDEN | 0
  /** Whether the last three do, as where values are numbered. */
  #tail = false
  #bits = 4
  /** As long as there are fewer texts, another choice of characters is not worth its time. */
  #choiceAt = 0

  constructor(pool: LabelTexts) {
    this.#pool = pool
    this.#remember()
  }

  /** The step of a value; {@link NONE} if it has none. */
  stepOf(value: unknown): number {
    if (typeof value === 'string' && value !== '') {
      const place = this.#placeOf(value)
      const recent = this.#recent
      if (recent[place] === value) return recent[place + 1] as number
    }
    return this.#lookUp(value)
  }

  stepOfId(id: number): number {
    return this.#stride === 0 ? id : this.#pool.ordinals[id]! * this.#stride
  }

  /** The id of a value, which is new or not. */
  intern(value: LabelValue): number {
    const known = this.#ids.get(value)
    if (known !== undefined) return known
    const text = textOf(value)
    let id = this.#ids.get(text)
    if (id === undefined) {
      const own = ownCopy(text)
      id = this.#pool.texts.push(own) - 1
      this.#pool.ordinals.push(this.size++)
      this.#ids.set(own, id)
      // Two values in one place would push each other out, again and again.
      if (this.#recent[this.#placeOf(own)] !== '' && this.size >= this.#choiceAt) this.#choose()
    }
    if (typeof value !== 'string') this.#ids.set(value, id)
    return id
  }

  /** Makes new steps. @param stride how far apart, 0 for ids */
  restep(stride: number): void {
    this.#stride = stride
    this.#remember()
  }

  /** Forgets all values. New steps must be made for those that come then. */
  clear(): void {
    this.#ids.clear()
    this.size = this.capacity = 0
    this.#choiceAt = 0
  }

  #placeOf(text: string): number {
    const { length } = text
    const choice = this.#choice
    let hash = length * 29 + text.charCodeAt(Math.imul(length, choice >>> 24) >>> 8)
    if ((choice & 1) === 0) hash += text.charCodeAt(Math.imul(length, (choice >>> 16) & 255) >>> 8) * 7
    if (this.#tail) hash += tailOf(text)
    return (Math.imul(hash, choice | 1) >>> -this.#bits) << 1
  }

  #lookUp(value: unknown): number {
    if (typeof value === 'string' && value !== '') {
      // Where another value has its place, it may have the one beside it.
      const place = this.#placeOf(value) ^ 2
      if (this.#recent[place] === value) return this.#recent[place + 1] as number
    }
    const id = this.#ids.get(value)
    if (id === undefined) return NONE
    if (typeof value === 'string') this.#put(id)
    return this.stepOfId(id)
  }

  #put(id: number): void {
    // The pool's own copy: the one that was given may be a slice that keeps a whole request alive.
    const text = this.#pool.texts[id]!
    let place = this.#placeOf(text)
    if (this.#recent[place] !== '' && this.#recent[place ^ 2] === '') place ^= 2
    this.#recent[place] = text
    this.#recent[place + 1] = this.stepOfId(id)
  }

  /** Looks for characters by which each value has a place of its own; takes what comes next to it. */
  #choose(): void {
    const { size } = this
    const texts = [...this.#ids.keys()].filter((value) => typeof value === 'string').slice(-MANY)
    this.#tail = size > MANY
    // Four places for each text, or some more.
    this.#bits = Math.min(34 - Math.clz32(size), MOST_BITS)
    let best = 0
    let most = 0
    for (let i = 1; most < texts.length && i * texts.length < 4096; i++) {
      this.#choice = Math.imul(i, GOLDEN)
      const places = new Set(texts.map((text) => this.#placeOf(text))).size
      if (places > most) [best, most] = [this.#choice, places]
    }
    this.#choice = best
    this.#choiceAt = most === size ? 0 : size * 2
    this.#remember()
  }

  #remember(): void {
    // Empty texts, which are not looked for here: texts alone are compared faster than with `undefined`.
    this.#recent = Array.from({ length: 2 << this.#bits }, () => '')
    for (const [value, id] of this.#ids) if (typeof value === 'string') this.#put(id)
  }
}

/** Of the last three characters, one number. */
function tailOf(text: string): number {
  const { length } = text
  if (length < 3) return 0
  return text.charCodeAt(length - 1) * 11 + text.charCodeAt(length - 2) * 137 + text.charCodeAt(length - 3) * 1511
}

/**
 * A string that keeps nothing else alive: a slice of a request body would keep the whole body.
 * As a property name it also becomes the one copy that equal literals of the program are, so that looking it up by such
 * a literal compares no characters. So does a short text in JSON, even one of digits, which is no such property name.
 */
function ownCopy(text: string): string {
  return text.length > 10 ? Object.keys({ [text]: 0 })[0]! : (JSON.parse(JSON.stringify(text)) as string)
}
