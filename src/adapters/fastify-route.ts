import { setEndpoint } from './request-marks.ts'

/** What the `FastifyRequest` of Fastify 4 and 5 knows of its route. */
export interface RoutedFastifyRequest {
  readonly raw: object
  readonly is404: boolean
  readonly routeOptions?: { readonly url?: string | undefined }
  /** Fastify 4, before it had `routeOptions`. */
  readonly routerPath?: string
}

/**
 * Tells the route of a request, in a hook of its instance.
 * Before the handler: one that gives up with `reply.callNotFound()` has been a route all the same.
 */
export function tellRoute(request: RoutedFastifyRequest): void {
  const route = routeOf(request)
  if (route !== undefined) setEndpoint(request.raw, route)
}

function routeOf(request: RoutedFastifyRequest): string | undefined {
  if (request.is404) return undefined
  const { routeOptions } = request
  // Fastify 4 warns of who reads `routerPath` where there is `routeOptions`.
  return routeOptions === undefined ? request.routerPath : routeOptions.url
}
