import type { ExpressRoute } from './express-layer.ts'
import { marksOf } from './request-marks.ts'

/** What Express knows of a request on its way. */
export interface RoutedRequest {
  /** The application that has it now. */
  readonly app?: object
  readonly baseUrl?: string
  readonly route?: unknown
}

/** What is used of an application, besides its router: not all of it is in its types. */
export interface ExpressApp {
  /** What its requests inherit from. */
  readonly request: object
  readonly parent?: ExpressApp
  readonly mountpath?: unknown
}

/** What was known when a route took the request. Later, after an error at the latest, Express forgets where it was. */
export interface Dispatch {
  readonly route: ExpressRoute
  readonly app: ExpressApp
  /** The part of the path that the routers before the route have matched, and the rest of it. */
  readonly baseUrl: string
  readonly url: string
}

interface NotedRequest extends RoutedRequest {
  readonly url?: string
}

const noted = new WeakSet()

/**
 * Notes from now on which route each request of an application took, and where.
 *
 * Express only ever says so by setting `request.route`. `app.request` is where it lets programs extend its requests
 * (its guide "Overriding the Express API"), so there the property becomes one that is listened to; it reads as before.
 */
export function noteRoutes(app: object): void {
  if (noted.has(app)) return
  noted.add(app)
  // The applications that are mounted in the outermost one inherit its requests.
  Object.defineProperty(outermost(app as ExpressApp).request, 'route', {
    configurable: true,
    enumerable: true,
    get(this: NotedRequest): unknown {
      return noteOf(this)?.route
    },
    set(this: NotedRequest, route: ExpressRoute | undefined) {
      marksOf(this).dispatch = route && dispatchOf(this, route)
    },
  })
}

/** Which route took a request last, and where; `undefined` if none did. */
export function dispatchOfRequest(request: NotedRequest): Dispatch | undefined {
  // A route that took the first request before the middleware did, or in an application that is mounted as a mere handler.
  return noteOf(request) ?? (request.route ? dispatchOf(request, request.route as ExpressRoute) : undefined)
}

/** With what else is known of a request: one more property of it would cost more than all the rest. */
function noteOf(request: NotedRequest): Dispatch | undefined {
  return marksOf(request).dispatch as Dispatch | undefined
}

function dispatchOf({ app, baseUrl = '', url = '/' }: NotedRequest, route: ExpressRoute): Dispatch | undefined {
  return app && { route, app: app as ExpressApp, baseUrl, url }
}

function outermost(app: ExpressApp): ExpressApp {
  return app.parent ? outermost(app.parent) : app
}
