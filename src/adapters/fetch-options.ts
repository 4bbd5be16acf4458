import type { MetricsOptions } from '../http/metrics-options.ts'

/**
 * The options of every adapter but for the process metrics, which not every platform has; and where `endpoint` comes from:
 * a `fetch` handler has no routes.
 */
export interface FetchMetricsOptions<Incoming = Request> extends Omit<MetricsOptions<Incoming>, 'processMetrics'> {
  /**
   * The route pattern of a request, such as `/users/:id`; asked once, at the end of its response.
   * `undefined`, or an error, is `_unmatched`. By default all requests are, but for those of `setEndpoint`.
   */
  readonly endpoint?: (request: Incoming) => string | undefined
}
