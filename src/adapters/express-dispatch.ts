import type { ExpressRoute } from './express-layer.ts'
import { marksOf, type Marks } from './request-marks.ts'

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

/** By outermost application, as a router may be mounted in several. */
const settledOf = new WeakMap<object, SettledPatterns>()

/** The patterns of routes that have the same for every request, so that nothing has to be noted of where it was. */
type SettledPatterns = WeakMap<ExpressRoute, string>

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
  const { request } = outermost(app as ExpressApp)
  const settled: SettledPatterns = settledOf.get(request) ?? new WeakMap()
  settledOf.set(request, settled)
  Object.defineProperty(request, 'route', {
    configurable: true,
    enumerable: true,
    get(this: NotedRequest): unknown {
      return marksOf(this).route
    },
    set(this: NotedRequest, route: ExpressRoute | undefined) {
      note(this, marksOf(this), route, settled)
    },
  })
}

/**
 * From now on, the pattern of a route of an application, or of one that is mounted in it, is this for every request.
 */
export function settlePattern(app: ExpressApp, route: ExpressRoute, pattern: string): void {
  settledOf.get(outermost(app).request)?.set(route, pattern)
}

/** Which route took a request last, and where, or only its pattern, if that is settled; `undefined` if none did. */
export function dispatchOfRequest(request: NotedRequest, marks: Marks): Dispatch | string | undefined {
  const { dispatch } = marks
  if (dispatch !== undefined) return dispatch as Dispatch | string
  // A route that took the first request before the middleware did, or the first of an application that is a mere
  // handler.
  if (request.app !== undefined) noteRoutes(request.app)
  return request.route ? dispatchOf(request, request.route as ExpressRoute) : undefined
}

/**
 * With what else is known of a request: one more property of it would cost more than all the rest. Every property that
 * is read of a request of Express costs much, too, and Express sets each route twice.
 */
function note(request: NotedRequest, marks: Marks, route: ExpressRoute | undefined, settled: SettledPatterns): void {
  if (route === marks.route && typeof marks.dispatch === 'string') return
  marks.route = route
  marks.dispatch = route && (settled.get(route) ?? dispatchOf(request, route))
}

function dispatchOf({ app, baseUrl = '', url = '/' }: NotedRequest, route: ExpressRoute): Dispatch | undefined {
  return app && { route, app: app as ExpressApp, baseUrl, url }
}

function outermost(app: ExpressApp): ExpressApp {
  return app.parent ? outermost(app.parent) : app
}
