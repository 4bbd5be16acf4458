import type { MetricsOptions } from '../http/metrics-options.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import { observeFetch } from './fetch-exchange.ts'
import type { PortableMetricsOptions } from './fetch-options.ts'
import { honoPattern, type RoutedHonoContext } from './hono-route.ts'
import { setEndpoint as setRequestEndpoint, setError as setRequestError, tellError } from './request-marks.ts'
import { scrapeResponder } from './scrape-responder.ts'

export type { PortableMetricsOptions } from './fetch-options.ts'
export type { HonoRoute } from './hono-route.ts'

/** What is used of the context of Hono 4. */
export interface HonoContext extends RoutedHonoContext {
  readonly req: RoutedHonoContext['req'] & { readonly raw: Request }
  /** What the platform gives with a request; on Node, its own request and response. */
  readonly env: unknown
  /** What a handler threw. */
  readonly error: Error | undefined
  /** Whether anything has answered. */
  readonly finalized: boolean
  /** Set twice, it takes headers from the one before, unless it is set to `undefined` between. */
  get res(): Response
  set res(response: Response | undefined)
}

export type HonoMiddleware<Context extends HonoContext = HonoContext> = (
  context: Context,
  next: () => Promise<void>,
) => Promise<Response | undefined>

/**
 * Measures every request of a Hono application, and answers the scrapes. Use it before anything else;
 * what is used before it is not measured.
 *
 * `endpoint` is the path of the route, with those of the applications around it. A request that no route matches is
 * `_unmatched`. In the example, a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * The metrics of the process are not registered, since not every platform has processes: where there is one,
 * `registerProcessMetrics()` of `narthex/process` does.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { Hono } from 'hono'
 * import { metrics } from 'narthex/hono'
 *
 * const app = new Hono()
 * app.use(metrics({ info: { version: '1', config: 'develop' } }))
 * app.get('/users/:id', (context) => context.text('Hello'))
 * ```
 */
export function metrics<Context extends HonoContext>(
  options: PortableMetricsOptions<Context> = {},
): HonoMiddleware<Context> {
  const measure = measureRequests(options)
  const answer = answerScrapes(options)
  return async (context, next) =>
    await measure(context, async () => {
      const response = await answer(context, next)
      if (response !== undefined) context.res = response
    })
}

/** The one half: measures every request from now to the end of its response, each once, and goes on. */
export function measureRequests<Context extends HonoContext>(
  options: PortableMetricsOptions<Context> = {},
): HonoMiddleware<Context> {
  const requests = requestMetrics(options)
  return async (context, next) => {
    const request = context.req.raw
    const exchange = { request, platform: context.env, endpointOf: () => honoPattern(context), given: context }
    const response = await observeFetch(requests, exchange, async () => {
      await next()
      if (context.error !== undefined) tellError(request, context.error)
      // Where nothing has answered, to look at the response makes one that Hono does not send: it throws, outside of
      // all middlewares.
      return context.finalized ? context.res : new Response(null, { status: 500 })
    })
    if (context.finalized && response !== context.res) {
      context.res = undefined
      context.res = response
    }
    return undefined
  }
}

/** The other half: answers the scrapes, and goes on with the rest. */
export function answerScrapes(options: Omit<MetricsOptions, 'processMetrics'> = {}): HonoMiddleware {
  const scrapes = scrapeResponder(options)
  return async ({ req }, next) => {
    if (scrapes.matches(req.raw)) return await scrapes.answer(req.raw)
    await next()
    return undefined
  }
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`, where it is not that of its route;
 * the last call counts. Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(context: { readonly req: Pick<HonoContext['req'], 'raw'> }, endpoint: string): void {
  setRequestEndpoint(context.req.raw, endpoint)
}

/**
 * Tells what made a request fail that is being measured, where it is not what was thrown; the last call counts. If the
 * answer is a failure, or does not come, its class becomes the error type.
 */
export function setError(context: { readonly req: Pick<HonoContext['req'], 'raw'> }, error: unknown): void {
  setRequestError(context.req.raw, error)
}
