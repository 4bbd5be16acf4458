import type { MetricsOptions } from '../http/metrics-options.ts'
import { noteRoutes, type RoutedRequest } from './express-dispatch.ts'
import { routePattern } from './express-route.ts'
import { answerScrapes, measureRequestsBy, type NodeRequest, type NodeResponse } from './node-http.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'
export { answerScrapes, setEndpoint, setError } from './node-http.ts'

/** What is used of the `Request` of Express 4 and 5. */
export interface ExpressRequest extends NodeRequest, RoutedRequest {}

export type ExpressMiddleware<Request extends ExpressRequest = ExpressRequest> = (
  request: Request,
  response: NodeResponse,
  next: () => void,
) => void

/**
 * Measures every request of an Express application (4 or 5), and answers the scrapes. Use it before anything else;
 * what is used before it is not measured.
 *
 * `endpoint` is the pattern of the route, with those of the routers and applications it is mounted in. A request that
 * no route took, such as one that a middleware answered, is `_unmatched`. In the example, a request for `/users/7`
 * shows as `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { metrics } from 'narthex/express'
 *
 * const app = express()
 * app.use(metrics({ info: { version: '1', config: 'develop' } }))
 * app.get('/users/:id', (request, response) => void response.send('Hello'))
 * ```
 */
export function metrics<Request extends ExpressRequest>(
  options: MetricsOptions<Request> = {},
): ExpressMiddleware<Request> {
  const measure = measureRequests(options)
  const answer = answerScrapes(options)
  return (request, response, next) => {
    measure(request, response)
    answer(request, response, next)
  }
}

/** The one half: measures every request from now to the close of its response, each once, and goes on. */
export function measureRequests<Request extends ExpressRequest>(
  options: MetricsOptions<Request> = {},
): (request: Request, response: NodeResponse, next?: () => void) => void {
  const measure = measureRequestsBy(options, routePattern)
  // A request is asked for its application only until there is one, as that takes its time: any other shows with the
  // end of its first request.
  let isNoted = false
  return (request, response, next) => {
    if (!isNoted && request.app !== undefined) {
      noteRoutes(request.app)
      isNoted = true
    }
    measure(request, response, next)
  }
}
