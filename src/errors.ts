/**
 * Every way in which narthex refuses what a program asks of it.
 * The codes are stable: match on them, not on messages.
 */
export type MetricErrorCode =
  | 'INVALID_METRIC_NAME'
  | 'INVALID_LABEL_NAME'
  | 'RESERVED_LABEL_NAME'
  | 'DUPLICATE_LABEL_NAME'
  | 'MISSING_HELP'
  | 'INVALID_UNIT'
  | 'INVALID_BUCKETS'
  | 'INVALID_STATES'
  | 'INVALID_OPTION'
  | 'INVALID_LABELS'
  | 'INVALID_LABEL_VALUE'
  | 'INVALID_AMOUNT'
  | 'INVALID_VALUE'
  | 'NEGATIVE_INCREMENT'
  | 'DIFFERENT_DECLARATION'
  | 'NAME_CLASH'
  | 'INVALID_FAMILY'

/**
 * Thrown at once by a wrong program: a bad declaration, a bad label, a bad amount.
 * The message names the metric, what was given and the rule; nothing was recorded.
 *
 * @example
 * ```ts
 * import { counter, MetricError } from 'narthex'
 *
 * try {
 *   counter({ name: 'no spaces', help: 'Not a name.' })
 * } catch (error) {
 *   console.log(error instanceof MetricError && error.code) // INVALID_METRIC_NAME
 * }
 * ```
 */
export class MetricError extends Error {
  readonly code: MetricErrorCode

  constructor(code: MetricErrorCode, message: string) {
    super(message)
    this.name = 'MetricError'
    this.code = code
  }
}

/** Not `Array.isArray`, which takes a typed array of the caller for an `any[]`. */
export function isArray(value: unknown): boolean {
  return Array.isArray(value)
}

/** How a value that was given is shown in a message: short, on one line, with its type visible. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return String(value)
}
