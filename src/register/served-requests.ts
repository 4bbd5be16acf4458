import { outcomeOf, type NodeRequest, type NodeResponse } from '../adapters/node-exchange.ts'
import { isMeasured } from '../adapters/request-marks.ts'
import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import { requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import { listenTo, type Warn } from './channel-listener.ts'
import { expressPattern, prepareRoutes, type ListeningServer } from './route-finders.ts'
import type { Settings } from './settings.ts'

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
  readonly #stop: () => void
  /** Declared when the first request is counted: the program has declared its own by then, and they come first. */
  #metrics: RequestMetrics | undefined
  #refused = false

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    this.#stop = listenTo('http.server.request.start', (start: RequestStart) => this.#observe(start), warn)
  }

  stop(): void {
    this.#stop()
  }

  #observe({ request, response, server }: RequestStart): void {
    prepareRoutes(server)
    const startMs = performance.now()
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      this.#end(request, response, performance.now() - startMs)
    }
    response.on('close', end)
    // Pipelined: until those before it are answered, the response has no socket, and does not hear when the client leaves.
    request.on('close', () => void (request.socket?.destroyed && end()))
  }

  #end(request: NodeRequest & RoutedRequest, response: NodeResponse, ms: number): void {
    // Whoever measures it with options of the program knows better.
    if (this.#refused || isMeasured(request)) return
    this.#metrics ??= this.#declared()
    this.#metrics?.record(request.method, ms / 1000, outcomeOf(request, response, expressPattern))
  }

  #declared(): RequestMetrics | undefined {
    const { prefix, maxSeries } = this.#settings
    try {
      return requestMetrics({ prefix, maxSeries })
    } catch (error) {
      this.#refused = true
      this.#warn('narthex: requests are not measured, because the program has a metric of that name', error)
      return undefined
    }
  }
}
