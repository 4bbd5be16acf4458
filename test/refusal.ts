import { MetricError } from '../src/errors.ts'

/**
 * The error with which narthex refuses what `attempt` does.
 *
 * @throws whatever else it throws
 */
export function refusal(attempt: () => unknown): MetricError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof MetricError) return error
    throw error
  }
  throw new Error('it was not refused')
}
