import type { MetricsOptions } from '../http/metrics-options.ts'
import type { EndpointOption } from './endpoint-option.ts'

/** The options of every adapter, but for the process metrics: not every platform of `fetch` has processes. */
export type PortableMetricsOptions<Incoming = Request> = Omit<MetricsOptions<Incoming>, 'processMetrics'>

/** The options, and where `endpoint` comes from: a `fetch` handler has no routes. */
export interface FetchMetricsOptions<Incoming = Request>
  extends PortableMetricsOptions<Incoming>, EndpointOption<Incoming> {}
