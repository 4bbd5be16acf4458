import { isArray, MetricError, shown } from '../errors.ts'
import type { QuantileRules } from './sliding-quantiles.ts'

/** Which quantiles a summary shows, and of what time. */
export interface QuantileOptions {
  /**
   * From 0 to 1, ascending; none by default (conformance CL9). Each is within 0.8 % of the exact value of its window,
   * whatever was observed. Quantiles of several series or targets cannot be added up: for that, use a histogram.
   */
  readonly quantiles?: readonly number[]
  /** The window that quantiles are of: 600 seconds by default. */
  readonly maxAgeSeconds?: number
  /** In how many steps the window moves on: 5 by default. What is shown is of the window less one step at most. */
  readonly ageBuckets?: number
}

const MOST_AGE_BUCKETS = 100

/**
 * @returns `undefined` without quantiles
 * @throws {MetricError} `INVALID_OPTION`
 */
export function checkedQuantiles(options: QuantileOptions, name: string): QuantileRules | undefined {
  const { quantiles = [], maxAgeSeconds = 600, ageBuckets = 5 } = options
  if (
    !isArray(quantiles) ||
    !quantiles.every(isPart) ||
    quantiles.some((each, i) => i > 0 && each <= quantiles[i - 1]!)
  )
    throw invalid(
      `The quantiles of the summary ${name} must be numbers from 0 to 1 that ascend, not ${list(quantiles)}.`,
    )
  if (!Number.isFinite(maxAgeSeconds) || !(maxAgeSeconds > 0))
    throw invalid(`maxAgeSeconds of the summary ${name} must be a number above 0, not ${shown(maxAgeSeconds)}.`)
  if (!Number.isInteger(ageBuckets) || ageBuckets < 1 || ageBuckets > MOST_AGE_BUCKETS)
    throw invalid(
      `ageBuckets of the summary ${name} must be an integer from 1 to ${MOST_AGE_BUCKETS}, not ${shown(ageBuckets)}.`,
    )
  if (quantiles.length === 0) return undefined
  return { quantiles: Object.freeze(quantiles.map((each) => each + 0)), maxAgeMs: maxAgeSeconds * 1000, ageBuckets }
}

function isPart(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function list(given: unknown): string {
  return isArray(given) ? `[${(given as unknown[]).map(shown).join(', ')}]` : shown(given)
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message)
}
