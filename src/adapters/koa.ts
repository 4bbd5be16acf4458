import type { MetricsOptions } from '../http/metrics-options.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import { koaPattern, type RoutedKoaContext } from './koa-route.ts'
import { observeExchange } from './node-exchange.ts'
import { answerScrapes as answerNodeScrapes, type NodeRequest, type NodeResponse } from './node-http.ts'
import {
  isFirstLook,
  setEndpoint as setRequestEndpoint,
  setError as setRequestError,
  tellError,
} from './request-marks.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'
export type { KoaLayer } from './koa-route.ts'

/** What is used of the context of Koa, and of what @koa/router adds to it. */
export interface KoaContext extends RoutedKoaContext {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** `false` tells Koa that somebody else answers. */
  respond?: boolean | undefined
}

export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>

/**
 * Measures every request of a Koa application, and answers the scrapes. Use it before anything else;
 * what is used before it is not measured.
 *
 * `endpoint` is the path of the route of @koa/router, with the prefixes of the routers around it. A request that no
 * route took is `_unmatched`. In the example, a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { Router } from '@koa/router'
 * import Koa from 'koa'
 * import { metrics } from 'narthex/koa'
 *
 * const router = new Router()
 * router.get('/users/:id', (context) => {
 *   context.body = 'Hello'
 * })
 * const app = new Koa()
 * app.use(metrics({ info: { version: '1', config: 'develop' } }))
 * app.use(router.routes())
 * ```
 */
export function metrics<Context extends KoaContext>(options: MetricsOptions<Context> = {}): KoaMiddleware {
  const measure = measureRequests(options)
  const answer = answerScrapes(options)
  return (context, next) => measure(context, () => answer(context, next))
}

/** The one half: measures every request from now to the close of its response, each once, and goes on. */
export function measureRequests<Context extends KoaContext>(options: MetricsOptions<Context> = {}): KoaMiddleware {
  const requests = requestMetrics(options)
  return async (context, next) => {
    const { req, res } = context
    if (isFirstLook(req, requests)) observeExchange(requests, req, res, () => koaPattern(context), { given: context })
    try {
      return await next()
    } catch (error) {
      tellError(req, error)
      throw error
    }
  }
}

/** The other half: answers the scrapes, and goes on with the rest. */
export function answerScrapes(options: MetricsOptions = {}): KoaMiddleware {
  const answer = answerNodeScrapes(options)
  return (context, next) => {
    let goesOn = false
    answer(context.req, context.res, () => (goesOn = true))
    if (goesOn) return next()
    context.respond = false
    return Promise.resolve()
  }
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`, where it is not that of its route;
 * the last call counts. Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(context: Pick<KoaContext, 'req'>, endpoint: string): void {
  setRequestEndpoint(context.req, endpoint)
}

/**
 * Tells what made a request fail that is being measured, where it is not what was thrown; the last call counts. If the
 * answer is a failure, or does not come, its class becomes the error type.
 */
export function setError(context: Pick<KoaContext, 'req'>, error: unknown): void {
  setRequestError(context.req, error)
}
