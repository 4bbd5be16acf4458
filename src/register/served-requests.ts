import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import { observeExchange, type NodeRequest, type NodeResponse } from '../adapters/node-exchange.ts'
import { isMeasured } from '../adapters/request-marks.ts'
import { requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
import { routePattern, prepareRoutes, type ListeningServer } from './route-finders.ts'
import { noteKoaContexts } from './koa-contexts.ts'
import type { Settings } from './settings.ts'

/** What `tracing:net.server.listen:asyncStart` says of a server. */
interface ListenCall {
  readonly server: Http2Server
}

/** What is used of a server of `node:http2`: no other has `updateSettings`. */
interface Http2Server extends ListeningServer {
  readonly updateSettings?: unknown
  listenerCount(event: 'request'): number
  prependListener(event: 'request', listener: (request: Http2Request, response: NodeResponse) => void): unknown
}

interface Http2Request extends NodeRequest {
  readonly httpVersionMajor: number
}

/** What `http.server.request.start` says; `node:https` does, too. */
interface RequestStart {
  readonly request: NodeRequest & RoutedRequest
  readonly response: NodeResponse
  readonly server: ListeningServer
}

/** Measures every request that the process answers, but for those that the program measures itself. */
export class ServedRequests {
  readonly #settings: Settings
  readonly #warn: Warn
  readonly #stops: readonly (() => void)[]
  #stopped = false
  /** Declared with the first request: the program has declared its own by then, and they come first. */
  #metrics: RequestMetrics | undefined
  #refused = false

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    this.#stops = [
      listenTo('http.server.request.start', (start: RequestStart) => this.#start(start), warn),
      // The program has loaded its framework by then.
      listenTo('tracing:net.server.listen:asyncStart', noteKoaContexts, warn),
      listenTo('tracing:net.server.listen:asyncStart', ({ server }: ListenCall) => this.#listen(server), warn),
    ]
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop()
  }

  /** HTTP/2 has no such channel: its requests are seen where the program sees them, if it does so as with HTTP/1. */
  #listen(server: Http2Server): void {
    if (server.updateSettings === undefined || server.listenerCount('request') === 0) return
    server.prependListener('request', (request, response) => {
      if (request.httpVersionMajor === 2 && !this.#stopped) this.#start({ request, response, server })
    })
  }

  #start({ request, response, server }: RequestStart): void {
    prepareRoutes(server)
    const startMs = performance.now()
    // The program is called next. Whoever measures with its options knows better, and mostly has begun by then.
    process.nextTick(() => {
      try {
        this.#observe(request, response, startMs)
      } catch (error) {
        // Thrown from here, it would be the end of the program.
        this.#refused = true
        this.#warn('narthex: requests are not measured', error)
      }
    })
  }

  #observe(request: NodeRequest & RoutedRequest, response: NodeResponse, startMs: number): void {
    if (this.#refused || isMeasured(request)) return
    this.#metrics ??= this.#declared()
    observeExchange(this.#metrics, request, response, routePattern, { startMs, givesWay: true })
  }

  /** @throws {MetricError} if the program has a metric of that name, which is another */
  #declared(): RequestMetrics {
    const { naming, prefix, maxSeries } = this.#settings
    return requestMetrics({ naming, maxSeries, ...(prefix !== undefined && { prefix }) })
  }
}
