import type { MetricsOptions } from '../http/metrics-options.ts'
import type { RoutedFastifyRequest } from './fastify-route.ts'

/** Keeps the request of Fastify for the functions among the options: they are asked when it has ended. */
export function noteRequest(request: RoutedFastifyRequest): void {
  ;(request.raw as NotedRequest)[REQUEST] = request
}

/** Whether any of the options is asked about requests. */
export function hasFunctions<Request>({ labels, ignore, exemplars }: MetricsOptions<Request>): boolean {
  return labels !== undefined || exemplars !== undefined || typeof ignore === 'function'
}

/** The options, whose functions are given requests of Fastify, as options whose functions are given Node's. */
export function optionsForNode<Request extends RoutedFastifyRequest>(
  options: MetricsOptions<Request>,
): MetricsOptions<object> {
  const { labels, ignore, exemplars, ...rest } = options
  const requestOf = (raw: object): Request => ((raw as NotedRequest)[REQUEST] ?? unnoted(raw)) as Request
  return {
    ...rest,
    ...(labels !== undefined && {
      labels: Object.fromEntries(
        // What is no function is refused as in every adapter.
        Object.entries(labels).map(([name, value]) => [
          name,
          typeof value === 'function' ? (raw: object) => value(requestOf(raw)) : value,
        ]),
      ),
    }),
    ...(exemplars !== undefined && {
      exemplars: typeof exemplars === 'function' ? (raw: object) => exemplars(requestOf(raw)) : exemplars,
    }),
    ...(ignore !== undefined && {
      ignore:
        typeof ignore === 'function'
          ? (endpoint: string | undefined, raw: object) => ignore(endpoint, requestOf(raw))
          : ignore,
    }),
  }
}

const REQUEST = Symbol('request of Fastify')

interface NotedRequest {
  [REQUEST]?: RoutedFastifyRequest
}

/** For what Fastify answers in front of all hooks it makes no request. */
function unnoted(raw: object): RoutedFastifyRequest {
  return { raw, is404: true }
}
