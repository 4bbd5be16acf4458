/** What the context of Koa knows of a route, and @koa/router adds to it. */
export interface RoutedKoaContext {
  readonly req: { readonly method?: string | undefined }
  /** All of the routers on the way whose path has matched, in their order. */
  readonly matched?: readonly KoaLayer[]
  /** The path of the layer that came last. Programs may set it, to the path of a request even. */
  readonly routerPath?: unknown
}

/** A layer of @koa/router: a route or, without methods, what `use` was given. */
export interface KoaLayer {
  /** As declared, with the prefixes of the routers around it. */
  readonly path: string | RegExp
  readonly methods: readonly string[]
}

/**
 * The path of the route that took a request; of the first that was to take it, where a middleware of its router
 * answered.
 */
export function koaPattern({ req: { method = '' }, matched = [], routerPath }: RoutedKoaContext): string | undefined {
  const routes = matched.filter(({ methods }) => methods.includes(method))
  const { path } = routes.find((route) => route.path === routerPath) ?? routes[0] ?? {}
  return path instanceof RegExp ? path.source : path
}
