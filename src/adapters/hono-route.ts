/** What the context of Hono 4 knows of a route. */
export interface RoutedHonoContext {
  readonly req: {
    /** The routes and middlewares that match, in their order. */
    readonly matchedRoutes: readonly HonoRoute[]
    /** Which of them was called last. */
    readonly routeIndex: number
  }
}

/** A route of Hono, or what `use` was given. */
export interface HonoRoute {
  /** `ALL` for a middleware, and for a route of `app.all`. */
  readonly method: string
  /** As declared, with the paths of the applications around it. */
  readonly path: string
  readonly handler: HonoHandler
}

/**
 * Its arguments: a middleware has `next`, too. Hono wraps one of an application with errors of its own, and tells of
 * which.
 */
interface HonoHandler {
  readonly length: number
  readonly __COMPOSED_HANDLER?: HonoHandler
}

/** The path of the route that answered; of the first that was to come, where a middleware did. */
export function honoPattern({ req: { matchedRoutes, routeIndex } }: RoutedHonoContext): string | undefined {
  const called = matchedRoutes.slice(0, routeIndex + 1).findLast(isRoute)
  return (called ?? matchedRoutes.slice(routeIndex + 1).find(isRoute))?.path
}

function isRoute({ method, handler }: HonoRoute): boolean {
  return method !== 'ALL' || target(handler).length < 2
}

function target(handler: HonoHandler): HonoHandler {
  const { __COMPOSED_HANDLER: composed } = handler
  return composed === undefined ? handler : target(composed)
}
