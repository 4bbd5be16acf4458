/**
 * How the columns of a family become the numbers of its lines, for layouts whose lines are in this order: the buckets
 * or quantiles, the sum, the count. Each is a `FillNumbers` of a text layout.
 */

/** The numbers as they are: that of a scalar, those of the states. */
export function sameNumbers(values: Float64Array, at: number, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = values[at + i]!
}

/** From a count per bucket to cumulative ones, the sum and the count. */
export function histogramNumbers(values: Float64Array, at: number, into: Float64Array): void {
  const buckets = into.length - 2
  let count = 0
  for (let i = 0; i < buckets; i++) into[i] = count += values[at + i]!
  into[buckets] = values[at + buckets]!
  into[buckets + 1] = count
}

/** From a count per bucket to cumulative ones, for lines of the buckets alone. */
export function bucketNumbers(values: Float64Array, at: number, into: Float64Array): void {
  let count = 0
  for (let i = 0; i < into.length; i++) into[i] = count += values[at + i]!
}

/** From count, sum and quantiles to quantiles, sum and count. */
export function summaryNumbers(values: Float64Array, at: number, into: Float64Array): void {
  const quantiles = into.length - 2
  for (let i = 0; i < quantiles; i++) into[i] = values[at + 2 + i]!
  into[quantiles] = values[at + 1]!
  into[quantiles + 1] = values[at]!
}
