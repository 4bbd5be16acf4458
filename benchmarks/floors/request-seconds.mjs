import { METHODS, ROUTES } from '../workloads/requests.mjs'
import { BucketRows } from './bucket-rows.mjs'
import { byTwoLabels } from './label-maps.mjs'

/** The rows of a histogram of two labels, found by position. */
export function rowsByRequest({ labelNames: [first, second] }) {
  const rows = new BucketRows(METHODS.length * ROUTES.length)
  return { rows, rowOf: byTwoLabels((a, b) => rows.add(`${first}="${a}",${second}="${b}"`)) }
}
