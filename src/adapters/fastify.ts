import { MetricError } from '../errors.ts'
import type { MetricsOptions } from '../http/metrics-options.ts'
import { noteRequest, optionsForNode } from './fastify-options.ts'
import { tellRoute, type RoutedFastifyRequest } from './fastify-route.ts'
import {
  answerScrapes as answerNodeScrapes,
  measureRequests as measureNodeRequests,
  type NodeRequest,
  type NodeResponse,
} from './node-http.ts'
import { setEndpoint as setRequestEndpoint, setError as setRequestError, tellError } from './request-marks.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'

/** What is used of the `FastifyRequest` of Fastify 4 and 5. */
export interface FastifyRequest extends RoutedFastifyRequest {
  readonly raw: NodeRequest
}

/** What is used of the `FastifyReply`. */
export interface FastifyReply {
  readonly raw: NodeResponse
  hijack(): unknown
}

/** What is used of the `FastifyInstance`. */
export interface FastifyInstance {
  readonly server: {
    prependListener(event: 'request', listener: (request: NodeRequest, response: NodeResponse) => void): unknown
  }
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): unknown
  addHook(
    name: 'onError',
    hook: (request: FastifyRequest, reply: FastifyReply, error: Error, done: () => void) => void,
  ): unknown
}

/** What `app.register` takes. It escapes encapsulation: it is about all of the instance that it is registered in. */
export type FastifyPlugin = (instance: FastifyInstance, options: unknown, done: () => void) => void

/**
 * Measures every request of a Fastify server (4 or 5), and answers the scrapes: a plugin. Register it in the outermost
 * instance, before anything else: what a hook before it answers has no route.
 *
 * `endpoint` is the `url` of the route, with the prefixes of the plugins around it. A request that no route took is
 * `_unmatched`. In the example, a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import fastify from 'fastify'
 * import { metrics } from 'narthex/fastify'
 *
 * const app = fastify()
 * await app.register(metrics({ info: { version: '1', config: 'develop' } }))
 * app.get('/users/:id', () => 'Hello')
 * ```
 */
export function metrics<Request extends FastifyRequest>(options: MetricsOptions<Request> = {}): FastifyPlugin {
  // It would do nothing, and nobody would know.
  if ('addHook' in options) {
    throw new MetricError('INVALID_OPTION', 'It is app.register(metrics()), and not app.register(metrics).')
  }
  const measure = measureRequests(options)
  const answer = answerScrapes(options)
  return plugin((instance) => {
    measure(instance, {}, () => {})
    answer(instance, {}, () => {})
  })
}

/** The one half: measures every request from its arrival at the server to the close of its response, each once. */
export function measureRequests<Request extends FastifyRequest>(options: MetricsOptions<Request> = {}): FastifyPlugin {
  const measure = measureNodeRequests(optionsForNode(options))
  return plugin((instance) => {
    // What Fastify answers itself, such as a target that it cannot decode, comes to no hook.
    instance.server.prependListener('request', (request, response) => measure(request, response))
    instance.addHook('onRequest', (request, reply, done) => {
      tellRoute(request)
      noteRequest(request)
      // What did not come from that server: `inject()`, and the further addresses of `localhost`.
      measure(request.raw, reply.raw, done)
    })
    instance.addHook('onError', (request, _reply, error, done) => {
      tellError(request.raw, error)
      done()
    })
  })
}

/** The other half: answers the scrapes, and goes on with the rest. */
export function answerScrapes(options: MetricsOptions = {}): FastifyPlugin {
  const answer = answerNodeScrapes(options)
  return plugin((instance) => {
    instance.addHook('onRequest', (request, reply, done) => {
      let goesOn = false
      answer(request.raw, reply.raw, () => (goesOn = true))
      if (goesOn) done()
      else reply.hijack()
    })
  })
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`, where it is not that of its route;
 * the last call counts. Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(request: Pick<FastifyRequest, 'raw'>, endpoint: string): void {
  setRequestEndpoint(request.raw, endpoint)
}

/**
 * Tells what made a request fail that is being measured, where it is not what was thrown; the last call counts. If the answer
 * is a failure, or does not come, its class becomes the error type.
 */
export function setError(request: Pick<FastifyRequest, 'raw'>, error: unknown): void {
  setRequestError(request.raw, error)
}

/** As Fastify's own `fastify-plugin` marks what is not to be encapsulated. */
function plugin(load: (instance: FastifyInstance) => void): FastifyPlugin {
  const register: FastifyPlugin = (instance, _options, done) => {
    load(instance)
    done()
  }
  return Object.assign(register, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'narthex',
    [Symbol.for('plugin-meta')]: { name: 'narthex', fastify: '4.x || 5.x' },
  })
}
