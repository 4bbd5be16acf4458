import { ABSENT } from '../model/series-columns.ts'
import type { LabelPairs } from './label-pairs.ts'
import { brief, type ParseError, type ParseErrorCode } from './parse-error.ts'

/**
 * A table of numbers may have this many places, or {@link SPARSE} per number that was read: see {@link isWarranted}.
 */
const SMALL = 16_384
const SPARSE = 32

/** What reads series, line by line or message by message. */
export interface SeriesReader {
  /** Another one for each set of labels, from 1 on. */
  readonly line: number
  error(code: ParseErrorCode, rule: string, message: string, place: number): ParseError
}

/** The series of a family that is being read: which label set is which row. */
export class ParsedSeries {
  readonly labelNames: string[] = []
  readonly labelValues: string[] = ['']
  /** What the label that belongs to the format said in the line that was looked up last, if it was there. */
  formatLabel: string | undefined
  // Made when they are needed: most families of an exposition are one series without labels.
  #columnOf: Map<string, number> | undefined
  #idOf: Map<string, number> | undefined
  #rowOf: Map<string, number> | undefined
  #bareRow: number | undefined
  #lastRow = 0
  /** The line in which a column was last seen. */
  readonly #seenIn: number[] = []
  /** Column and id of every label that is there, row after row; where each row begins. */
  readonly #pairs: number[] = []
  readonly #starts: number[] = [0]
  readonly #scratch: number[] = []

  get rowCount(): number {
    return this.#starts.length - 1
  }

  /**
   * The row of a label set, a new one if it is new. The order of the labels does not matter (conformance T8).
   *
   * @param formatLabel the label that is not one of the metric: `le`, `quantile` or the name of a state set
   */
  rowOf(labels: LabelPairs, formatLabel: string | undefined, scanner: SeriesReader): number {
    const pairs = this.#scratch
    pairs.length = 0
    this.formatLabel = undefined
    let ascending = true
    let last = -1
    for (let i = 0; i < labels.length; i++) {
      const name = labels.names[i]!
      if (name === formatLabel) {
        if (this.formatLabel !== undefined) throw duplicateLabel(name, labels.places[i]!, scanner)
        this.formatLabel = labels.values[i]!
        continue
      }
      // Mostly labels come in the order in which they first came, and then no look-up is needed.
      const column = this.labelNames[last + 1] === name ? last + 1 : this.#column(name)
      if (this.#seenIn[column] === scanner.line) throw duplicateLabel(name, labels.places[i]!, scanner)
      this.#seenIn[column] = scanner.line
      if (column < last) ascending = false
      last = column
      pairs.push(column, this.#id(labels.values[i]!))
    }
    if (!ascending) sortPairs(pairs)
    if (pairs.length === 0) return (this.#bareRow ??= this.#newRow(pairs))
    // The lines of a histogram say the same labels again and again.
    if (this.rowCount > 0 && this.#isRow(this.#lastRow, pairs)) return this.#lastRow
    const key = pairs.join()
    const rowOf = (this.#rowOf ??= new Map<string, number>())
    let row = rowOf.get(key)
    if (row === undefined) rowOf.set(key, (row = this.#newRow(pairs)))
    this.#lastRow = row
    return row
  }

  #isRow(row: number, pairs: readonly number[]): boolean {
    const start = this.#starts[row]!
    if (this.#starts[row + 1]! - start !== pairs.length) return false
    for (let i = 0; i < pairs.length; i++) if (this.#pairs[start + i] !== pairs[i]) return false
    return true
  }

  #newRow(pairs: readonly number[]): number {
    const row = this.rowCount
    for (const number of pairs) this.#pairs.push(number)
    this.#starts.push(this.#pairs.length)
    return row
  }

  /** The ids of all rows as a family holds them, or `undefined` if the rows have too little in common for a table. */
  labelIds(): Uint32Array | undefined {
    const width = this.labelNames.length
    if (!isWarranted(this.rowCount * width, this.rowCount + this.#pairs.length / 2)) return undefined
    const ids = new Uint32Array(this.rowCount * width).fill(ABSENT)
    for (let row = 0; row < this.rowCount; row++) {
      for (let i = this.#starts[row]!; i < this.#starts[row + 1]!; i += 2) {
        ids[row * width + this.#pairs[i]!] = this.#pairs[i + 1]!
      }
    }
    return ids
  }

  #column(name: string): number {
    const columnOf = (this.#columnOf ??= new Map<string, number>())
    let column = columnOf.get(name)
    if (column === undefined) {
      columnOf.set(name, (column = this.labelNames.push(name) - 1))
      this.#seenIn.push(0)
    }
    return column
  }

  #id(value: string): number {
    const idOf = (this.#idOf ??= new Map<string, number>())
    let id = idOf.get(value)
    if (id === undefined) idOf.set(value, (id = this.labelValues.push(value) - 1))
    return id
  }
}

/**
 * Whether what was read warrants a table of so many places. A family is a table, and a body of a few kilobytes, in
 * which every series has other labels or buckets, must not make one of gigabytes.
 */
export function isWarranted(places: number, given: number): boolean {
  return places <= SMALL + SPARSE * given
}

function duplicateLabel(name: string, place: number, scanner: SeriesReader): Error {
  return scanner.error('DUPLICATE_LABEL_NAME', 'N4', `the label ${brief(name)} is there twice`, place)
}

/** By column. Ids and columns are far below what a double can tell apart together. */
function sortPairs(pairs: number[]): void {
  const both = new Float64Array(pairs.length / 2)
  for (let i = 0; i < both.length; i++) both[i] = pairs[2 * i]! * 2 ** 26 + pairs[2 * i + 1]!
  both.sort()
  for (const [i, each] of both.entries()) {
    pairs[2 * i] = Math.floor(each / 2 ** 26)
    pairs[2 * i + 1] = each % 2 ** 26
  }
}
