import type { MetricsOptions } from '../http/metrics-options.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import { scrapeHandler, type ScrapeHandler, type ScrapeRequest, type ScrapeResponse } from '../http/scrape-handler.ts'
import { registerProcessMetrics } from '../process/index.ts'
import { splitOptions, type EndpointOption } from './endpoint-option.ts'
import { observeExchange, type ExchangeOptions, type NodeRequest, type NodeResponse } from './node-exchange.ts'
import { isFirstLookAt, marksOf, setEndpoint, type EndpointOf } from './request-marks.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'
export type { NodeRequest, NodeResponse, NodeSocket } from './node-exchange.ts'
export type { CountedRequest, CountedResponse } from './node-traffic.ts'
export { setEndpoint, setError } from './request-marks.ts'

/** `next` goes on with the request. */
export type NodeMiddleware<Request extends NodeRequest = NodeRequest> = (
  request: Request,
  response: NodeResponse,
  next: () => void,
) => void

/** The options of every adapter, and where `endpoint` comes from: `node:http` has no routes. */
export interface NodeMetricsOptions<Request extends NodeRequest = NodeRequest>
  extends MetricsOptions<Request>, EndpointOption<Request> {}

/**
 * Measures every request of a `node:http` server, and answers the scrapes. Call it before anything else.
 * In the example, a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { metrics, setEndpoint } from 'narthex/node'
 *
 * const measured = metrics()
 * const server = createServer((request, response) => {
 *   measured(request, response, () => {
 *     setEndpoint(request, '/users/:id')
 *     response.end('Hello')
 *   })
 * })
 * ```
 */
export function metrics<Request extends NodeRequest>(
  options: NodeMetricsOptions<Request> = {},
): NodeMiddleware<Request> {
  const measure = measureRequests(options)
  const answer = answerScrapes(options)
  return (request, response, next) => {
    measure(request, response)
    answer(request, response, next)
  }
}

/** The one half: measures every request from now to the close of its response, each once, and goes on. */
export function measureRequests<Request extends NodeRequest>(
  options: NodeMetricsOptions<Request> = {},
): (request: Request, response: NodeResponse, next?: () => void) => void {
  const { shared, endpointOf } = splitOptions(options)
  return measureRequestsBy(shared, endpointOf)
}

/** The same for adapters, which may look at what is known of a request. */
export function measureRequestsBy<Request extends NodeRequest>(
  options: MetricsOptions<Request>,
  endpointOf: EndpointOf<Request>,
): (request: Request, response: NodeResponse, next?: () => void) => void {
  const requests = requestMetrics(options)
  return (request, response, next) => {
    const marks = marksOf(request)
    if (isFirstLookAt(marks, requests)) observeExchange(requests, request, response, endpointOf, NO_OPTIONS, marks)
    next?.()
  }
}

/**
 * The other half: answers the scrapes, and goes on with the rest; where there is nothing to go on with, the rest is
 * 404.
 */
export function answerScrapes(
  options: MetricsOptions & EndpointOption = {},
): (request: NodeRequest, response: NodeResponse, next?: () => void) => void {
  const isScrape = takeScrapes(options)
  return (request, response, next) => {
    if (isScrape(request, response)) return
    if (next !== undefined) next()
    else send(NOT_FOUND, response)
  }
}

/** Answers the scrapes, and tells of each request whether it was one. */
export function takeScrapes(
  options: MetricsOptions & EndpointOption,
): (request: NodeRequest, response: NodeResponse) => boolean {
  const handler = scrapesWithProcess(options)
  return (request, response) => {
    const { url = '/' } = request
    if (!handler.matches(url)) return false
    answerScrape(handler, request, response)
    return true
  }
}

/** Answers the scrapes on a server of their own: `/` by a page that leads to them, and the rest is 404. */
export function answerEndpoint(options: MetricsOptions): (request: NodeRequest, response: NodeResponse) => void {
  const handler = scrapesWithProcess(options)
  return (request, response) => {
    const { url = '/' } = request
    if (handler.matches(url)) answerScrape(handler, request, response)
    else if (!handler.matchesLanding(url)) send(NOT_FOUND, response)
    else void handler.answerLanding(scrapeRequest(request)).then((answer) => send(answer, response))
  }
}

/** What is scraped: the registry, and the process unless it is left out. */
function scrapesWithProcess(options: MetricsOptions & EndpointOption): ScrapeHandler {
  const { shared } = splitOptions(options)
  const { registry, processMetrics } = shared
  const handler = scrapeHandler(shared)
  if (processMetrics !== false) registerProcessMetrics(registry ? { registry } : {})
  return handler
}

function answerScrape(handler: ScrapeHandler, request: NodeRequest, response: NodeResponse): void {
  setEndpoint(request, handler.path)
  void handler.answer(scrapeRequest(request)).then((answer) => send(answer, response))
}

/** Not for every request: headers are made when they are first asked for. */
function scrapeRequest({ method = 'GET', url = '/', headers }: NodeRequest): ScrapeRequest {
  return { method, url, header: (name) => headers[name]?.toString() }
}

const NOT_FOUND: ScrapeResponse = { status: 404, headers: {}, body: [] }

const NO_OPTIONS: ExchangeOptions = {}

function send({ status, headers, body }: ScrapeResponse, response: NodeResponse): void {
  // The client may have left meanwhile, or another middleware lost its patience and answered.
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, headers)
  for (const block of body) response.write(block)
  response.end()
}
