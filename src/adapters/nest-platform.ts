import { checkMetricsOptions } from '../http/metrics-option-checks.ts'
import type { MetricsOptions } from '../http/metrics-options.ts'
import { noteRoutes } from './express-dispatch.ts'
import type { ExpressRequest } from './express.ts'
import { routePattern } from './express-route.ts'
import { answerScrapes as answerInFastify, measureRequests as measureInFastify, type FastifyPlugin } from './fastify.ts'
import {
  answerScrapes as answerNodeScrapes,
  measureRequestsBy,
  type NodeMiddleware,
  type NodeResponse,
} from './node-http.ts'
import type { Marks } from './request-marks.ts'

/** What is used of the `HttpAdapter` of NestJS 11 and 12. */
export interface NestHttpAdapter {
  getType(): string
  /** The application of Express, or the instance of Fastify. */
  getInstance(): object
  getHttpServer(): {
    prependListener(event: 'request', listener: (request: ExpressRequest, response: NodeResponse) => void): unknown
  }
  use(middleware: NodeMiddleware<ExpressRequest>): unknown
}

/** What is used of a `MiddlewareConsumer`: the only place where Nest hands its adapter over without being imported. */
export interface NestMiddlewareConsumer {
  getHttpAdapter(): NestHttpAdapter
}

/** Puts something on whichever platform it is. */
export type Mount = (adapter: NestHttpAdapter) => void

/** Measures the requests of either platform. */
export function measuring(options: MetricsOptions): Mount {
  checkMetricsOptions(options)
  const measure = measureRequestsBy<ExpressRequest>({ ...options }, endpointOf)
  return onEither(measureInFastify(options), (adapter) => {
    noteRoutes(adapter.getInstance())
    // Nest reads bodies before its first middleware: that takes its time and fails, too.
    adapter.getHttpServer().prependListener('request', (request, response) => measure(request, response))
    // What did not come from that server.
    adapter.use(measure)
  })
}

/** Answers the scrapes of either platform. */
export function answering(options: MetricsOptions): Mount {
  const answer = answerNodeScrapes(options)
  return onEither(answerInFastify(options), (adapter) => void adapter.use(answer))
}

function onEither(plugin: FastifyPlugin, onExpress: Mount): Mount {
  return (adapter) => {
    if (adapter.getType() === 'fastify') (adapter.getInstance() as FastifyRegister).register(plugin)
    else onExpress(adapter)
  }
}

/**
 * Nest 12 answers 404 below a global prefix by a route of its own, `*path`. Those of controllers begin with a slash.
 */
function endpointOf(request: ExpressRequest, marks: Marks): string | undefined {
  const pattern = routePattern(request, marks)
  return pattern !== undefined && /[^/]\*path$/.test(pattern) ? undefined : pattern
}

interface FastifyRegister {
  register(plugin: FastifyPlugin): unknown
}
