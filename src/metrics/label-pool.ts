import type { LabelValue } from '../model/label-set.ts'

/**
 * Label values of one metric, each kept once and known by a number.
 * A number or boolean has the id of its text, so `200` and `'200'` are one value.
 */
export class LabelPool {
  /** Ids by text, and by the numbers and booleans that were given for one. Read it directly where it is hot. */
  ids: Map<unknown, number> = new Map()
  /** Texts by id. Index 0 is unused (see `ABSENT`). Only ever appended to: snapshots share it. */
  texts: string[] = ['']

  /** The id of a value, which is new or not. */
  intern(value: LabelValue): number {
    const known = this.ids.get(value)
    if (known !== undefined) return known
    const text = String(value)
    let id = this.ids.get(text)
    if (id === undefined) {
      const own = ownCopy(text)
      id = this.texts.push(own) - 1
      this.ids.set(own, id)
    }
    if (typeof value !== 'string') this.ids.set(value, id)
    return id
  }
}

/**
 * A string that keeps nothing else alive: a slice of a request body would keep the whole body.
 * As a property name it also becomes the one copy that equal literals of the program are, so that looking it up by such
 * a literal compares no characters.
 */
function ownCopy(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}
