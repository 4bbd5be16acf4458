import { Cell } from './cell.mjs'
import { byThreeLabels } from './label-maps.mjs'

/** The cells of a counter of three labels, found by position. */
export function cellsByRequest({ name, labelNames: [first, second, third] }) {
  const cells = []
  const cellOf = byThreeLabels((a, b, c) => {
    const cell = new Cell(`${name}{${first}="${a}",${second}="${b}",${third}="${c}"}`)
    cells.push(cell)
    return cell
  })
  return { cells, cellOf }
}
