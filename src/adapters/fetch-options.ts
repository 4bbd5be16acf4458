import type { MetricsOptions } from '../http/metrics-options.ts'

/** The options of every adapter, but for the process metrics: not every platform of `fetch` has processes. */
export type PortableMetricsOptions<Incoming = Request> = Omit<MetricsOptions<Incoming>, 'processMetrics'>

/** The options, and where `endpoint` comes from: a `fetch` handler has no routes. */
export interface FetchMetricsOptions<Incoming = Request> extends PortableMetricsOptions<Incoming> {
  /**
   * The route pattern of a request, such as `/users/:id`; asked once, at the end of its response.
   * `undefined`, or an error, is `_unmatched`. By default all requests are, but for those of `setEndpoint`.
   */
  readonly endpoint?: (request: Incoming) => string | undefined
}
