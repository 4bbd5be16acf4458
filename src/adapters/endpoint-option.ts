import { MetricError, shown } from '../errors.ts'
import { checkMetricsOptions } from '../http/metrics-option-checks.ts'
import type { MetricsOptions } from '../http/metrics-options.ts'

/** The option of adapters whose requests have no routes. */
// oxlint-disable-next-line typescript/no-explicit-any -- as that of the other options
export interface EndpointOption<in Request = any> {
  /**
   * The route pattern of a request, such as `/users/:id`; asked once, when it has ended.
   * `undefined`, or an error, is `_unmatched`. By default all requests are, but for those of `setEndpoint`.
   */
  readonly endpoint?: (request: Request) => string | undefined
}

/** The options of such an adapter, in two. */
export interface SplitOptions<Request> {
  readonly endpointOf: (request: Request) => string | undefined
  readonly shared: MetricsOptions<Request>
}

/** @throws {MetricError} `INVALID_OPTION` for an option that there is not, and for an `endpoint` that is no function */
export function splitOptions<Request>(
  options: MetricsOptions<Request> & EndpointOption<Request>,
): SplitOptions<Request> {
  checkMetricsOptions(options, { endpoint: true })
  const { endpoint = () => undefined, ...shared } = options
  if (typeof endpoint !== 'function') {
    throw new MetricError('INVALID_OPTION', `endpoint must be a function of the request, not ${shown(endpoint)}.`)
  }
  return { endpointOf: (request) => endpoint(request), shared }
}
