import { isArray, MetricError, shown } from '../errors.ts'

/** Seconds, suited to the latency of a request: the bounds that the clients of other languages have, too. */
export const DEFAULT_BUCKETS: readonly number[] = /* @__PURE__ */ Object.freeze([
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
])

/**
 * `count` upper bounds, `width` apart, from `start`. The bucket up to infinity is added by the histogram and is not
 * among them, as in the Go client.
 *
 * @throws {MetricError} `INVALID_BUCKETS`
 *
 * @example
 * ```ts
 * import { linearBuckets } from 'narthex'
 *
 * console.log(linearBuckets(0, 10, 4)) // [ 0, 10, 20, 30 ]
 * ```
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  checkCount(count)
  if (!Number.isFinite(start) || !(width > 0))
    throw invalid(`linearBuckets needs a finite start and a width above 0, not ${shown(start)} and ${shown(width)}.`)
  // Twelve decimal places below the width: the errors of binary addition (0.30000000000000004) would be in the names of
  // series.
  const digits = Math.min(100, Math.max(0, 12 - Math.floor(Math.log10(width))))
  return checkedBuckets(
    Array.from({ length: count }, (_, i) => (i === 0 ? start + 0 : Number((start + i * width).toFixed(digits)))),
  )
}

/**
 * `count` upper bounds, each `factor` times the one before, from `start`.
 *
 * @throws {MetricError} `INVALID_BUCKETS`
 *
 * @example
 * ```ts
 * import { exponentialBuckets } from 'narthex'
 *
 * console.log(exponentialBuckets(1, 2, 5)) // [ 1, 2, 4, 8, 16 ]
 * ```
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  checkCount(count)
  if (!(start > 0) || !(factor > 1))
    throw invalid(
      `exponentialBuckets needs a start above 0 and a factor above 1, not ${shown(start)} and ${shown(factor)}.`,
    )
  return checkedBuckets(Array.from({ length: count }, (_, i) => nearest(start * factor ** i)))
}

/**
 * `count` upper bounds in equal ratio from `min` to `max`, both included.
 *
 * @throws {MetricError} `INVALID_BUCKETS`
 *
 * @example
 * ```ts
 * import { exponentialBucketsRange } from 'narthex'
 *
 * console.log(exponentialBucketsRange(1, 64, 4)) // [ 1, 4, 16, 64 ]
 * ```
 */
export function exponentialBucketsRange(min: number, max: number, count: number): number[] {
  checkCount(count)
  if (!(min > 0) || !(max > min) || count < 2) {
    throw invalid(
      `exponentialBucketsRange needs 0 < min < max and a count of 2 or more, not ${shown(min)}, ${shown(max)} and ${shown(count)}.`,
    )
  }
  const factor = (max / min) ** (1 / (count - 1))
  const inner = Array.from({ length: count - 2 }, (_, i) => Number((min * factor ** (i + 1)).toPrecision(15)))
  return checkedBuckets([min, ...inner, max])
}

/**
 * Upper bounds as a histogram may have them.
 *
 * @throws {MetricError} `INVALID_BUCKETS` unless they are finite numbers in ascending order, each once
 */
export function checkedBuckets(bounds: readonly number[], of: string = 'buckets'): number[] {
  if (!isArray(bounds)) throw invalid(`${of} must be an array of upper bounds, not ${shown(bounds)}.`)
  if (bounds.length === 0)
    throw invalid(`${of} must have an upper bound at least; the one at infinity is added by itself.`)
  for (const [i, bound] of bounds.entries()) {
    if (!Number.isFinite(bound))
      throw invalid(
        `${of} has ${shown(bound)}: an upper bound is a finite number; the one at infinity is added by itself.`,
      )
    if (i > 0 && !(bound > bounds[i - 1]!))
      throw invalid(`${of} has ${bound} after ${bounds[i - 1]}: upper bounds ascend, each once.`)
  }
  return [...bounds]
}

/**
 * The decimal number that was meant (0.3), where binary multiplication is off by its last bit (0.30000000000000004).
 */
function nearest(bound: number): number {
  const decimal = Number(bound.toPrecision(15))
  return Math.abs(decimal - bound) <= bound * Number.EPSILON ? decimal : bound
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw invalid(`A number of buckets is a positive integer, not ${shown(count)}.`)
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_BUCKETS', message)
}
