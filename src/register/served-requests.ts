import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import { observeExchange, type NodeRequest, type NodeResponse } from '../adapters/node-exchange.ts'
import { isMeasured } from '../adapters/request-marks.ts'
import { requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
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
  /** Declared with the first request: the program has declared its own by then, and they come first. */
  #metrics: RequestMetrics | undefined
  #refused = false

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    this.#stop = listenTo('http.server.request.start', (start: RequestStart) => this.#start(start), warn)
  }

  stop(): void {
    this.#stop()
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
    observeExchange(this.#metrics, request, response, expressPattern, { startMs, givesWay: true })
  }

  /** @throws {MetricError} if the program has a metric of that name, which is another */
  #declared(): RequestMetrics {
    const { naming, prefix, maxSeries } = this.#settings
    return requestMetrics({ naming, maxSeries, ...(prefix !== undefined && { prefix }) })
  }
}
