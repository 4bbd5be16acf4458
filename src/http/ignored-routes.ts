import { isArray, MetricError, shown } from '../errors.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { UNMATCHED } from './route-label.ts'

/** Whether a request is left out, by the pattern of its route. */
export type IsIgnored = (endpoint: string | undefined, request: unknown) => boolean

/** What the option `ignore` says; `undefined` if it says nothing. @throws {MetricError} `INVALID_OPTION` */
export function ignoredRoutes(ignore: MetricsOptions['ignore']): IsIgnored | undefined {
  if (ignore === undefined) return undefined
  if (typeof ignore === 'function') return quietly(ignore as IsIgnored)
  if (!isArray(ignore) || !ignore.every((pattern) => typeof pattern === 'string' || pattern instanceof RegExp)) {
    throw new MetricError(
      'INVALID_OPTION',
      `ignore must be a list of patterns and regular expressions, or a function, not ${shown(ignore)}.`,
    )
  }
  const patterns = new Set(ignore.filter((pattern) => typeof pattern === 'string'))
  const expressions = ignore.filter((pattern) => pattern instanceof RegExp)
  return (endpoint = UNMATCHED) =>
    patterns.has(endpoint) || expressions.some((expression) => matches(expression, endpoint))
}

/** What a program's own function does wrong must not become the service's trouble: the request is counted then. */
function quietly(ignore: IsIgnored): IsIgnored {
  return (endpoint, request) => {
    try {
      return ignore(endpoint, request)
    } catch {
      return false
    }
  }
}

/** Not `test`: with the flags g or y it goes on where it was. */
function matches(expression: RegExp, endpoint: string): boolean {
  return endpoint.search(expression) !== -1
}
