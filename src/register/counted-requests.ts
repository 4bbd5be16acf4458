import { routePattern as expressPattern } from '../adapters/express-route.ts'
import { koaPattern } from '../adapters/koa-route.ts'
import { observeExchange, outcomeOf, startOf } from '../adapters/node-exchange.ts'
import { isMeasured } from '../adapters/request-marks.ts'
import { requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import type { Warn } from '../outgoing/channel-listener.ts'
import { isOfExpress } from './framework-routes.ts'
import { koaContextOf } from './koa-contexts.ts'
import type { ServedRequest } from './served-request.ts'
import type { Settings } from './settings.ts'

/** Counts requests, but for those that the program counts itself. */
export class CountedRequests {
  readonly #settings: Settings
  readonly #warn: Warn
  /** Declared with the first request: the program has declared its own by then, and they come first. */
  #metrics: RequestMetrics | undefined
  #refused = false

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
  }

  /** Of a request that the program gets next. Whoever measures with its options knows better, and mostly has begun then. */
  start(served: ServedRequest): void {
    process.nextTick(() => this.startedBefore(served, undefined))
  }

  /** Of one that the program has had. @param closedMs when its response was closed, if it was */
  startedBefore(served: ServedRequest, closedMs: number | undefined): void {
    if (this.#refused || isMeasured(served.request)) return
    try {
      this.#metrics ??= this.#declared()
      if (closedMs === undefined) observe(this.#metrics, served)
      else record(this.#metrics, served, closedMs)
    } catch (error) {
      // Thrown from here, it would be the end of the program.
      this.#refused = true
      this.#warn('narthex: requests are not measured', error)
    }
  }

  /** @throws {MetricError} if the program has a metric of that name, which is another */
  #declared(): RequestMetrics {
    const { naming, prefix, maxSeries } = this.#settings
    return requestMetrics({ naming, maxSeries, ...(prefix !== undefined && { prefix }) })
  }
}

function observe(metrics: RequestMetrics, { request, response, startMs }: ServedRequest): void {
  observeExchange(metrics, request, response, patternOf, { startMs, givesWay: true })
}

function record(metrics: RequestMetrics, { request, response, startMs }: ServedRequest, closedMs: number): void {
  const start = startOf(request, metrics.needs, request, startMs)
  metrics.begin(request.method, start).end({ ...outcomeOf(request, response, patternOf), endMs: closedMs })
}

/** The pattern of the route that took a request of Express or Koa, if one did. That of Fastify is told by its hook. */
function patternOf(request: ServedRequest['request']): string | undefined {
  const context = koaContextOf(request)
  if (context !== undefined) return koaPattern(context)
  return isOfExpress(request) ? expressPattern(request) : undefined
}
