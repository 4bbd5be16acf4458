import type { MetricsOptions } from '../http/metrics-options.ts'
import { ABORTED, requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import { scrapeHandler, type ScrapeResponse } from '../http/scrape-handler.ts'
import { registerProcessMetrics } from '../process/index.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'

/** What is used of `http.IncomingMessage`; the requests of `node:https` and of `node:http2` have it too. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket?: { readonly destroyed: boolean } | null
  on(event: 'close', listener: () => void): unknown
}

/** What is used of `http.ServerResponse`. */
export interface NodeResponse {
  readonly statusCode: number
  readonly headersSent: boolean
  readonly destroyed: boolean
  readonly socket: object | null
  on(event: 'close', listener: () => void): unknown
  writeHead(status: number, headers: Record<string, string>): unknown
  write(block: Uint8Array): unknown
  end(): unknown
}

/** `next` goes on with the request. */
export type NodeMiddleware<Request extends NodeRequest = NodeRequest> = (
  request: Request,
  response: NodeResponse,
  next: () => void,
) => void

/** The options of every adapter, and where `endpoint` comes from: `node:http` has no routes. */
export interface NodeMetricsOptions<Request extends NodeRequest = NodeRequest> extends MetricsOptions {
  /**
   * The route pattern of a request, such as `/users/:id`; asked once, when its response is closed.
   * `undefined`, or an error, is `_unmatched`. By default all requests are, but for those of {@link setEndpoint}.
   */
  readonly endpoint?: (request: Request) => string | undefined
}

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
  const requests = requestMetrics(options)
  const endpointOf = options.endpoint ?? (() => undefined)
  return (request, response, next) => {
    if (isFirstLook(request, requests)) observe(requests, request, response, endpointOf)
    next?.()
  }
}

/** The other half: answers the scrapes, and goes on with the rest; where there is nothing to go on with, the rest is 404. */
export function answerScrapes(
  options: MetricsOptions = {},
): (request: NodeRequest, response: NodeResponse, next?: () => void) => void {
  const handler = scrapeHandler(options)
  if (options.processMetrics !== false) registerProcessMetrics(options.registry ? { registry: options.registry } : {})
  return (request, response, next) => {
    const { method = 'GET', url = '/', headers } = request
    if (handler.matches(url)) {
      setEndpoint(request, handler.path)
      const header = (name: string): string | undefined => headers[name]?.toString()
      void handler.answer({ method, url, header }).then((answer) => send(answer, response))
    } else if (next !== undefined) next()
    else send({ status: 404, headers: {}, body: [] }, response)
  }
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`; the last call counts.
 * Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(request: object, endpoint: string): void {
  ;(request as Marked)[ENDPOINT] = endpoint
}

/** Known to every copy of narthex in the process, so that a request which passes two of them is counted once. */
const ENDPOINT = Symbol.for('narthex.endpoint')
const MEASURED_BY = Symbol.for('narthex.measured-by')

interface Marked {
  [ENDPOINT]?: string
  /** The counters that will count this request: one per registry and prefix. */
  [MEASURED_BY]?: object[]
}

function isFirstLook(request: object, { count }: RequestMetrics): boolean {
  const marked = request as Marked
  if (marked[MEASURED_BY]?.includes(count)) return false
  if (marked[MEASURED_BY] === undefined) marked[MEASURED_BY] = [count]
  else marked[MEASURED_BY].push(count)
  return true
}

function observe<Request extends NodeRequest>(
  requests: RequestMetrics,
  request: Request,
  response: NodeResponse,
  endpointOf: (request: Request) => string | undefined,
): void {
  const observation = requests.begin(request.method)
  const end = (): void => {
    const endpoint = endpointOfRequest(request, endpointOf)
    observation.end({ endpoint, status: response.headersSent ? response.statusCode : ABORTED })
  }
  response.on('close', end)
  // Pipelined: until those before it are answered, the response has no socket, and does not hear when the client leaves.
  if (response.socket === null) request.on('close', () => void (request.socket?.destroyed && end()))
}

/** What a program's own function does wrong must not become the service's trouble. */
function endpointOfRequest<Request>(request: Request, endpointOf: (request: Request) => unknown): string | undefined {
  try {
    const endpoint = (request as Marked)[ENDPOINT] ?? endpointOf(request)
    return typeof endpoint === 'string' ? endpoint : undefined
  } catch {
    return undefined
  }
}

function send({ status, headers, body }: ScrapeResponse, response: NodeResponse): void {
  // The client may have left meanwhile, or another middleware lost its patience and answered.
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, headers)
  for (const block of body) response.write(block)
  response.end()
}
