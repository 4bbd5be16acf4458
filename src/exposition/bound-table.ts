import { isWarranted } from './parsed-series.ts'

/**
 * The numbers of series by upper bound or by quantile, of which each series may have others: cells that become a table.
 */
export class BoundTable {
  /** Whether all rows have the same bounds, in the same order. */
  isUniform = true
  readonly #bounds: number[] = []
  readonly #numbers: number[] = []
  readonly #starts: number[] = [0]

  /** Takes the next row. What comes after `length` is left out. */
  add(bounds: readonly number[], numbers: readonly number[], length: number): void {
    const end = this.#bounds.length
    for (let i = 0; i < length; i++) {
      this.#bounds.push(bounds[i]!)
      this.#numbers.push(numbers[i]!)
    }
    this.#starts.push(this.#bounds.length)
    const first = this.#starts[1]!
    if (!this.isUniform || end === 0) this.isUniform &&= this.#starts.length === 2 || length === first
    else this.isUniform = length === first && this.#isFirstRow(end)
  }

  /** The bounds of all rows, ascending, each once. */
  bounds(): number[] {
    const row = this.#starts.length > 1 ? this.#bounds.slice(0, this.#starts[1]) : []
    const isAscending = row.every((bound, i) => i === 0 || bound > row[i - 1]!)
    if (this.isUniform && isAscending) return row
    const sorted = this.#bounds.toSorted((a, b) => a - b)
    return sorted.filter((bound, i) => i === 0 || bound !== sorted[i - 1])
  }

  /**
   * A table of all rows, each with a place for every bound and two more; NaN where nothing was said.
   *
   * @param bounds what `bounds()` gave
   * @param from the place of the first bound
   * @returns `undefined` if the rows have too little in common for a table
   */
  table(bounds: readonly number[], from: number): Float64Array | undefined {
    const rows = this.#starts.length - 1
    const width = bounds.length + 2
    if (!isWarranted(rows * width, rows + this.#bounds.length)) return undefined
    const table = new Float64Array(rows * width).fill(Number.NaN)
    for (let row = 0; row < rows; row++) {
      for (let cell = this.#starts[row]!; cell < this.#starts[row + 1]!; cell++) {
        const place = row * width + from + placeOf(this.#bounds[cell]!, bounds, cell - this.#starts[row]!)
        // Of a bound that comes twice, the first counts.
        if (Number.isNaN(table[place]!)) table[place] = this.#numbers[cell]!
      }
    }
    return table
  }

  #isFirstRow(from: number): boolean {
    for (let i = 0; i < this.#starts[1]!; i++) if (this.#bounds[i] !== this.#bounds[from + i]) return false
    return true
  }
}

/** Where a bound is among ascending ones; behind them if it is beyond. @param guess where it mostly is */
export function placeOf(bound: number, bounds: readonly number[], guess: number): number {
  if (bounds[guess] === bound) return guess
  let low = 0
  for (let high = bounds.length; low < high;) {
    const middle = (low + high) >>> 1
    if (bounds[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
