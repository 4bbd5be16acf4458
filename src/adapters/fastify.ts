import { MetricError } from '../errors.ts'
import { checkMetricsOptions } from '../http/metrics-option-checks.ts'
import type { MetricsOptions } from '../http/metrics-options.ts'
import { hasFunctions, noteRequest, optionsForNode } from './fastify-options.ts'
import { fastifyPlugin, type FastifyInstance, type FastifyPlugin, type FastifyRequest } from './fastify-plugin.ts'
import { tellRoute } from './fastify-route.ts'
import { measureRequests as measureNodeRequests, takeScrapes } from './node-http.ts'
import { measureUpgrades, type UpgradeSocket } from './node-upgrade.ts'
import { setEndpoint as setRequestEndpoint, setError as setRequestError, tellError } from './request-marks.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'
export type { FastifyInstance, FastifyPlugin, FastifyReply, FastifyRequest } from './fastify-plugin.ts'

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
  if (typeof (options as { readonly addHook?: unknown } | null)?.addHook === 'function') {
    throw new MetricError('INVALID_OPTION', 'It is app.register(metrics()), and not app.register(metrics).')
  }
  const measure = measuring(options)
  const isScrape = takeScrapes(options)
  return fastifyPlugin((instance) => measure(instance, isScrape))
}

/** The one half: measures every request from its arrival at the server to the close of its response, each once. */
export function measureRequests<Request extends FastifyRequest>(options: MetricsOptions<Request> = {}): FastifyPlugin {
  const measure = measuring(options)
  return fastifyPlugin((instance) => measure(instance, () => false))
}

/** The other half: answers the scrapes, and goes on with the rest. */
export function answerScrapes(options: MetricsOptions = {}): FastifyPlugin {
  const isScrape = takeScrapes(options)
  return fastifyPlugin((instance) => {
    instance.addHook('onRequest', (request, reply, done) => {
      if (isScrape(request.raw, reply.raw)) reply.hijack()
      else done()
    })
  })
}

type IsScrape = ReturnType<typeof takeScrapes>

/** Both halves have the hook in which a request is told its route: each hook more is a part of what measuring costs. */
function measuring<Request extends FastifyRequest>(
  options: MetricsOptions<Request>,
): (instance: FastifyInstance, isScrape: IsScrape) => void {
  checkMetricsOptions(options)
  const nodeOptions = optionsForNode(options)
  const measure = measureNodeRequests(nodeOptions)
  const measureUpgrade = measureUpgrades(nodeOptions)
  const asksForRequests = hasFunctions(options)
  return (instance, isScrape) => {
    // What Fastify answers itself, such as a target that it cannot decode, comes to no hook.
    instance.server.prependListener('request', (request, response) => measure(request, response))
    instance.addHook('onRequest', (request, reply, done) => {
      tellRoute(request)
      if (asksForRequests) noteRequest(request)
      // What did not come so: a WebSocket, `inject()`, and the further addresses of `localhost`.
      const { raw } = request
      if (raw.headers['upgrade'] !== undefined && isUpgradeSocket(raw.socket)) measureUpgrade(raw, raw.socket)
      else measure(raw, reply.raw)
      if (isScrape(raw, reply.raw)) reply.hijack()
      else done()
    })
    instance.addHook('onError', (request, _reply, error, done) => {
      tellError(request.raw, error)
      done()
    })
  }
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`, where it is not that of its route;
 * the last call counts. Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(request: Pick<FastifyRequest, 'raw'>, endpoint: string): void {
  setRequestEndpoint(request.raw, endpoint)
}

/**
 * Tells what made a request fail that is being measured, where it is not what was thrown; the last call counts. If the
 * answer is a failure, or does not come, its class becomes the error type.
 */
export function setError(request: Pick<FastifyRequest, 'raw'>, error: unknown): void {
  setRequestError(request.raw, error)
}

/** Behind `inject()` is no connection that could be taken over. */
function isUpgradeSocket(socket: object | null | undefined): socket is UpgradeSocket {
  return socket != null && 'write' in socket && typeof socket.write === 'function'
}
