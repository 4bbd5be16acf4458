import { MetricError, shown } from '../errors.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import { splitOptions } from './endpoint-option.ts'
import { observeFetch } from './fetch-exchange.ts'
import type { FetchAnswer } from './fetch-observation.ts'
import type { FetchMetricsOptions } from './fetch-options.ts'
import { scrapeResponder } from './scrape-responder.ts'

export type { FetchMetricsOptions } from './fetch-options.ts'
export { setEndpoint, setError } from './request-marks.ts'

/** What `Bun.serve`, `Deno.serve`, Workers and their like call for each request; the rest is theirs. */
export type FetchHandler<Incoming extends Request, Rest extends unknown[], Answer extends FetchAnswer> = (
  request: Incoming,
  ...rest: Rest
) => Answer | Promise<Answer>

/**
 * The handler, with every request measured, and the scrapes answered.
 * In the example, a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * The metrics of the process are not registered, since not every platform has processes: where there is one,
 * `registerProcessMetrics()` of `narthex/process` does.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { metrics, setEndpoint } from 'narthex/fetch'
 *
 * export default {
 *   fetch: metrics((request) => {
 *     setEndpoint(request, '/users/:id')
 *     return new Response('Hello')
 *   }),
 * }
 * ```
 */
export function metrics<
  Incoming extends Request = Request,
  Rest extends unknown[] = [],
  Answer extends FetchAnswer = Response,
>(
  handler: FetchHandler<Incoming, Rest, Answer>,
  options: FetchMetricsOptions<Incoming> = {},
): (request: Incoming, ...rest: Rest) => Promise<Answer | Response> {
  checkHandler(handler)
  const scrapes = scrapeResponder(options)
  return measureRequests<Incoming, Rest, Answer | Response>(
    (request, ...rest) => (scrapes.matches(request) ? scrapes.answer(request) : handler(request, ...rest)),
    options,
  )
}

/** The one half: the handler, with every request measured from its call to the end of its response, each once. */
export function measureRequests<
  Incoming extends Request = Request,
  Rest extends unknown[] = [],
  Answer extends FetchAnswer = Response,
>(
  handler: FetchHandler<Incoming, Rest, Answer>,
  options: FetchMetricsOptions<Incoming> = {},
): (request: Incoming, ...rest: Rest) => Promise<Answer> {
  checkHandler(handler)
  const { shared, endpointOf: givenEndpointOf } = splitOptions(options)
  const requests = requestMetrics(shared)
  const endpointOf = givenEndpointOf as (request: Request) => string | undefined
  return async (request, ...rest) => {
    const exchange = { request, platform: rest[0], endpointOf, given: request }
    return await observeFetch(requests, exchange, () => handler(request, ...rest))
  }
}

/** The other half: a handler that answers the scrapes; the rest is 404. */
export function answerScrapes(options: FetchMetricsOptions = {}): (request: Request) => Promise<Response> {
  const scrapes = scrapeResponder(options)
  return async (request) =>
    scrapes.matches(request) ? await scrapes.answer(request) : new Response(null, { status: 404 })
}

/** The other adapters take their options first; TypeScript tells. */
function checkHandler(handler: unknown): void {
  if (typeof handler === 'function') return
  throw new MetricError('INVALID_OPTION', `narthex/fetch takes a handler, then its options; not ${shown(handler)}.`)
}
