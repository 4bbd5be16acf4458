import { MetricError, shown } from '../errors.ts'
import type { ExemplarLabels } from '../metrics/sampled-series.ts'
import type { MetricsOptions } from './metrics-options.ts'

/** The labels that lead to a request, if it has any. */
export type ExemplarOf = (request: unknown) => ExemplarLabels | undefined

/** What the option `exemplars` says; `undefined` if it says nothing. @throws {MetricError} `INVALID_OPTION` */
export function exemplarOf(exemplars: MetricsOptions['exemplars']): ExemplarOf | undefined {
  if (exemplars === undefined) return undefined
  if (typeof exemplars !== 'function') {
    throw new MetricError('INVALID_OPTION', `exemplars must be a function of the request, not ${shown(exemplars)}.`)
  }
  return (request) => {
    // What a program's own function does wrong must not become the service's trouble.
    try {
      return exemplars(request)
    } catch {
      return undefined
    }
  }
}
