import type { RequestMetrics } from '../http/request-metrics.ts'
import {
  ABORTED,
  type RequestNeeds,
  type RequestObservation,
  type RequestOutcome,
  type RequestStart,
} from '../http/request-observation.ts'
import { awaitEnd, type OpenExchange } from './exchange-ends.ts'
import {
  countReceived,
  countSent,
  type CountedRequest,
  type CountedResponse,
  type ResponseTraffic,
} from './node-traffic.ts'
import { endpointIn, marksOf, type EndpointOf, type Marks } from './request-marks.ts'

/** What is used of `http.IncomingMessage`; the requests of `node:https` and of `node:http2` have it too. */
export interface NodeRequest extends CountedRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion?: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names and values by turns, as they were sent. */
  readonly rawHeaders?: readonly string[]
  readonly socket?: NodeSocket | null
  on(event: 'close', listener: () => void): unknown
}

/** What is used of the connection of a request. */
export interface NodeSocket {
  readonly destroyed: boolean
  /** Of TLS. */
  readonly encrypted?: boolean
  /** Why it failed. */
  readonly errored?: unknown
}

/** What is used of `http.ServerResponse`. */
export interface NodeResponse extends CountedResponse {
  readonly statusCode: number
  readonly headersSent: boolean
  readonly destroyed: boolean
  readonly writableEnded?: boolean
  readonly writableFinished?: boolean
  /** Why the service itself ended it. */
  readonly errored?: unknown
  /** Of HTTP/2. */
  readonly stream?: NodeStream | null
  readonly socket: object | null
  on(event: 'close', listener: () => void): unknown
  writeHead(status: number, headers: Record<string, string>): unknown
  write(block: Uint8Array): unknown
  end(): unknown
}

/** What is used of `http2.ServerHttp2Stream`. */
export interface NodeStream {
  readonly rstCode?: number | undefined
  /** Whether it ended before the response did. */
  readonly aborted?: boolean
  readonly errored?: unknown
  readonly sentHeaders?: Readonly<Record<string, unknown>> | undefined
}

/** What may be said of a request of Node's that is measured. */
export interface ExchangeOptions {
  /** What the functions among the options of the metrics are given: by default the request. */
  readonly given?: unknown
  /** When it began, by `performance.now()`; by default now. */
  readonly startMs?: number
  /** Whether it is left to the program, where this measures it in the meantime. */
  readonly givesWay?: boolean
}

/**
 * Counts a request of Node's when its response is closed, however it comes to that. `endpointOf` is asked then.
 * A file of its own, without the process metrics: adapters for `fetch` use it where they run on Node, and are loaded
 * elsewhere.
 */
export function observeExchange<Request extends NodeRequest>(
  requests: RequestMetrics,
  request: Request,
  response: NodeResponse,
  endpointOf: EndpointOf<Request>,
  { given = request, startMs = performance.now(), givesWay = false }: ExchangeOptions = {},
  marks: Marks = marksOf(request),
): void {
  const observation = requests.begin(request.method, startOf(request, requests.needs, given, startMs))
  awaitEnd(new Exchange(observation, requests.needs, request, response, endpointOf, startMs, givesWay, marks))
}

/** A class, so that a request makes no closure of its own. */
class Exchange<Request extends NodeRequest> implements OpenExchange {
  readonly request: Request
  readonly response: NodeResponse
  readonly #observation: RequestObservation
  readonly #endpointOf: EndpointOf<Request>
  readonly #startMs: number
  readonly #givesWay: boolean
  readonly #marks: Marks
  readonly #received: { readonly bytes: number } | undefined
  readonly #sent: ResponseTraffic | undefined

  constructor(
    observation: RequestObservation,
    needs: RequestNeeds,
    request: Request,
    response: NodeResponse,
    endpointOf: EndpointOf<Request>,
    startMs: number,
    givesWay: boolean,
    marks: Marks,
  ) {
    this.request = request
    this.response = response
    this.#observation = observation
    this.#endpointOf = endpointOf
    this.#startMs = startMs
    this.#givesWay = givesWay
    this.#marks = marks
    this.#received = needs.requestBytes ? countReceived(request) : undefined
    this.#sent = needs.responseBytes || needs.firstByte ? countSent(response) : undefined
  }

  end(sent?: boolean, isSilent?: boolean): void {
    const observation = this.#observation
    if (this.#givesWay && this.#marks.measuredBy.length > 0) {
      observation.cancel()
      return
    }
    const found = outcomeOf(this.request, this.response, this.#endpointOf, this.#marks, sent)
    const outcome: RequestOutcome = isSilent === true ? { ...found, status: ABORTED } : found
    observation.end(this.#received === undefined && this.#sent === undefined ? outcome : this.#withTraffic(outcome))
  }

  #withTraffic(outcome: RequestOutcome): RequestOutcome {
    const sent = this.#sent
    return {
      ...outcome,
      requestBytes: this.#received?.bytes,
      responseBytes: sent && (hasBody(this.request, this.response) ? sent.bytes : 0),
      timeToFirstByteSeconds: sent?.firstByteMs === undefined ? undefined : (sent.firstByteMs - this.#startMs) / 1000,
    }
  }
}

/**
 * How a request ended, now that its response is closed: what request and response know by themselves.
 *
 * They are asked as little as can be. Express gives every request and response another prototype, after which V8 finds
 * none of their properties where it found them last (question http-overhead of the benchmarks).
 */
export function outcomeOf<Request extends NodeRequest>(
  request: Request,
  response: NodeResponse,
  endpointOf: EndpointOf<Request>,
  marks: Marks = marksOf(request),
  isSent: boolean = isWhole(request, response),
): RequestOutcome {
  const endpoint = endpointIn(marks, request, endpointOf)
  const { error: told } = marks
  if (isSent) return { endpoint, status: response.statusCode, aborted: false, error: told }
  const { stream } = response
  const sent = stream?.sentHeaders?.[':status']
  const status = typeof sent === 'number' ? sent : response.headersSent ? response.statusCode : ABORTED
  if (isSentByStream(stream)) return { endpoint, status, aborted: false, error: told }
  const errored = response.errored ?? ownErrorOf(stream)
  return {
    endpoint,
    status,
    // What the service itself gave up was not given up by the client.
    aborted: errored == null,
    cutShort: true,
    error: told ?? errored ?? undefined,
  }
}

/**
 * Whether all of a response was sent. An error of the connection tells what `writableFinished` does not: of a response
 * that is wholly handed over, Node says that it is finished even if its last bytes could not be sent.
 */
function isWhole(request: NodeRequest, response: NodeResponse): boolean {
  if (response.writableFinished === false) return false
  if (request.httpVersion !== '2.0') return request.socket?.errored == null
  // A stream of HTTP/2 is finished when it was reset, too; and its errors may be those of the service.
  return response.writableEnded !== false && !response.stream?.rstCode
}

/**
 * Whether all of a response was sent by its stream itself, as files are: then the response does not know that it has
 * ended.
 */
function isSentByStream(stream: NodeStream | null | undefined): boolean {
  return stream?.sentHeaders !== undefined && stream.aborted === false && !stream.rstCode
}

/**
 * Why the service itself ended a stream of HTTP/2: what its client did to it or to its session has a code of Node's.
 */
function ownErrorOf(stream: NodeStream | null | undefined): unknown {
  const { errored } = stream ?? {}
  const { code, syscall } = (errored ?? {}) as { code?: unknown; syscall?: unknown }
  const isOfConnection = syscall !== undefined || (typeof code === 'string' && code.startsWith('ERR_HTTP2_'))
  return isOfConnection ? undefined : errored
}

/** What is written to a response without a body is not sent. */
function hasBody({ method }: NodeRequest, { statusCode }: NodeResponse): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304
}

/** What is to be known of a request when it arrives. */
export function startOf(request: NodeRequest, needs: RequestNeeds, given: unknown, startMs: number): RequestStart {
  const requestStart = needs.queueTime ? requestStartOf(request) : undefined
  if (!needs.protocol) return { request: given, requestStart, startMs }
  const scheme = request.socket?.encrypted === true ? 'https' : 'http'
  return { request: given, requestStart, startMs, scheme, protocolVersion: protocolVersionOf(request) }
}

/** `1.0`, `1.1`, `2`: as OpenTelemetry's conventions write them. */
function protocolVersionOf({ httpVersion }: NodeRequest): string | undefined {
  return httpVersion === '2.0' ? '2' : httpVersion
}

const REQUEST_START = 'x-request-start'

/** Not from `headers`: they are made when they are first asked for, and not every service does. */
function requestStartOf(request: NodeRequest): string | undefined {
  const { rawHeaders } = request
  if (rawHeaders === undefined) return request.headers[REQUEST_START]?.toString()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    // X-Forwarded-For is as long, and with every request that came by way of a proxy: its third letter is no R.
    if (name.length !== REQUEST_START.length || (name.charCodeAt(2) | 0x20) !== 0x72) continue
    if (name.toLowerCase() === REQUEST_START) return rawHeaders[i + 1]
  }
  return undefined
}
