/** The least that counts: a field, and the check that what is added is no fall. */
export class Cell {
  value = 0

  /** @param {string} line the sample but for its value */
  constructor(line) {
    this.line = line
  }

  inc(amount = 1) {
    if (!(amount >= 0)) throw new RangeError('A counter never falls.')
    this.value += amount
  }
}

/** @param {Cell[]} cells */
export function blockOfCells(cells) {
  return [Buffer.from(cells.map((cell) => `${cell.line} ${cell.value}\n`).join(''))]
}
