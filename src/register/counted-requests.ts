import { routePattern as expressPattern } from '../adapters/express-route.ts'
import { honoPattern } from '../adapters/hono-route.ts'
import { koaPattern } from '../adapters/koa-route.ts'
import { NextRoutes } from '../adapters/next-routes.ts'
import { observeExchange, outcomeOf, startOf } from '../adapters/node-exchange.ts'
import { isMeasured, marksOf } from '../adapters/request-marks.ts'
import { requestMetrics, type RequestMetrics } from '../http/request-metrics.ts'
import type { Warn } from '../outgoing/channel-listener.ts'
import type { NotedRoutes, ServedRequest } from './served-request.ts'
import type { Settings } from './settings.ts'

/** Counts requests, but for those that the program counts itself. */
export class CountedRequests {
  readonly #settings: Settings
  readonly #warn: Warn
  readonly #routes: NotedRoutes
  readonly #patternOf: PatternOf
  /** Declared with the first request: the program has declared its own by then, and they come first. */
  #metrics: RequestMetrics | undefined
  #refused = false

  constructor(settings: Settings, routes: NotedRoutes, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    this.#routes = routes
    this.#patternOf = (request) => patternOf(request, routes)
  }

  /**
   * Of a request that the program gets next. Whoever measures with its options knows better, and mostly has begun then.
   */
  start(served: ServedRequest): void {
    process.nextTick(() => this.startedBefore(served, undefined))
  }

  /** Of one that the program has had. @param closedMs when its response was closed, if it was */
  startedBefore(served: ServedRequest, closedMs: number | undefined): void {
    if (this.#refused || isMeasured(served.request)) return
    try {
      this.#metrics ??= this.#declared()
      if (closedMs === undefined) this.#observe(this.#metrics, served)
      else this.#record(this.#metrics, served, closedMs)
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

  #observe(metrics: RequestMetrics, { request, response, startMs, url }: ServedRequest): void {
    observeExchange(metrics, request, response, this.#patternFor(url), { startMs, givesWay: true })
  }

  #record(metrics: RequestMetrics, { request, response, startMs, url }: ServedRequest, closedMs: number): void {
    const start = startOf(request, metrics.needs, request, startMs)
    metrics
      .begin(request.method, start)
      .end({ ...outcomeOf(request, response, this.#patternFor(url)), endMs: closedMs })
  }

  /** A function for each request only where it is needed. */
  #patternFor(url: string): PatternOf {
    if (!isNextServer()) return this.#patternOf
    return (request) => patternOf(request, this.#routes) ?? nextPage(url)
  }
}

type PatternOf = (request: ServedRequest['request']) => string | undefined

/**
 * The pattern of the route that took a request of Express, Koa or Hono, if one did. That of Fastify is told by its
 * hook.
 */
function patternOf(request: ServedRequest['request'], routes: NotedRoutes): string | undefined {
  const { koaContext, honoContext } = marksOf(request)
  if (koaContext !== undefined) return koaPattern(koaContext)
  if (honoContext !== undefined) return honoPattern(honoContext)
  return routes.isOfExpress(request) ? expressPattern(request) : undefined
}

let nextServer: boolean | undefined

/** Whether this is a server of Next.js, which calls its process so: told by the first request. */
function isNextServer(): boolean {
  return (nextServer ??= process.title.startsWith('next-server'))
}

/** The pages of the server; `null` where there are none. */
let nextRoutes: NextRoutes | null | undefined

/** The page of Next.js that was asked for. */
function nextPage(url: string): string | undefined {
  if (nextRoutes === undefined) nextRoutes = builtRoutes()
  return nextRoutes?.pageOf(url)
}

/** Of the build in the usual folder. Under `next dev` there is none. */
function builtRoutes(): NextRoutes | null {
  try {
    return NextRoutes.of('.next')
  } catch {
    return null
  }
}
