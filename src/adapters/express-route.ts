import { requestTarget } from '../http/request-target.ts'
import { dispatchOfRequest, type Dispatch, type ExpressApp, type RoutedRequest } from './express-dispatch.ts'
import { alternativesOf, patternText, type ExpressLayer, type ExpressRoute } from './express-layer.ts'

/** Where a route is: found when it takes its first request, so that those after it need not look. */
interface Place {
  /** More than one if its router is mounted more than once. */
  readonly chains: readonly Chain[]
  /** If it is the same for every request. */
  readonly pattern: string | undefined
}

/** From the router of the application to the route: a layer for each router on the way, and the layer of the route. */
type Chain = readonly ExpressLayer[]

const places = new WeakMap<ExpressRoute, Place>()

/** The whole pattern of the route that took a request, such as `/users/:id/items/:item`; `undefined` if none did. */
export function routePattern(request: RoutedRequest): string | undefined {
  const dispatch = dispatchOfRequest(request)
  if (dispatch === undefined) return undefined
  const place = places.get(dispatch.route)
  if (place?.pattern !== undefined) return place.pattern
  const chains = place?.chains ?? chainsTo(dispatch.route, stackOf(dispatch.app) ?? [])
  const pattern = patternOf(dispatch, chains)
  if (place === undefined) {
    const always = chains.length <= 1 && chains.flat().every((layer) => alternativesOf(layer).length === 1)
    places.set(dispatch.route, { chains, pattern: always ? pattern : undefined })
  }
  return pattern
}

/** All places of a route: a router may be mounted more than once. */
function chainsTo(route: ExpressRoute, stack: readonly ExpressLayer[], above: readonly (typeof stack)[] = []): Chain[] {
  // A router that is mounted in itself.
  if (above.includes(stack)) return []
  return stack.flatMap((layer) => {
    if (layer.route !== undefined) return layer.route === route ? [[layer]] : []
    const inner = stackOf(layer.handle)
    return inner ? chainsTo(route, inner, [...above, stack]).map((chain) => [layer, ...chain]) : []
  })
}

function patternOf({ route, app, baseUrl, url }: Dispatch, chains: readonly Chain[]): string {
  const prefix = prefixOf(app)
  // An application that is mounted in another sees only the end of the part that was matched.
  const starts = [...baseUrl.matchAll(/\//g)].map((slash) => slash.index)
  for (const start of [...starts, baseUrl.length]) {
    for (const chain of chains) {
      const mounts = mountPatterns(chain.slice(0, -1), baseUrl.slice(start))
      if (mounts !== undefined) return joined([prefix, ...mounts], ownPattern(chain.at(-1)!, url))
    }
  }
  // A router that is mounted in itself: as if it were once.
  const [chain] = chains
  if (chain !== undefined)
    return joined([prefix, ...chain.slice(0, -1).map(anyPattern)], ownPattern(chain.at(-1)!, url))
  // The router of the route hides in a function, or somebody wrapped it: then what leads there tells how it is mounted.
  const leading = (stackOf(app) ?? []).map((layer) => mountPatterns([layer], baseUrl)?.[0] ?? '')
  return joined([prefix, leading.find((pattern) => pattern !== '') ?? ''], patternText(route.path))
}

function ownPattern(layer: ExpressLayer, url: string): string {
  const { path } = requestTarget(url)
  const alternatives = alternativesOf(layer)
  return (alternatives.find((each) => each.consumed(path) !== undefined) ?? alternatives[0]!).pattern(path)
}

function anyPattern(layer: ExpressLayer): string {
  return alternativesOf(layer)[0]!.pattern('')
}

/** The patterns by which layers, one after the other, match the whole of a path; `undefined` if they do not. */
function mountPatterns(layers: readonly ExpressLayer[], path: string): string[] | undefined {
  const found: string[] = []
  let rest = path
  for (const layer of layers) {
    const taken = alternativesOf(layer).find((each) => each.consumed(rest) !== undefined)
    if (taken === undefined) return undefined
    const consumed = taken.consumed(rest)!
    found.push(taken.pattern(consumed))
    rest = rest.slice(consumed.length)
  }
  return rest === '' ? found : undefined
}

/** How an application is mounted in others. Express knows only the last of several places. */
function prefixOf(app: ExpressApp): string {
  return app.parent ? joined([prefixOf(app.parent)], patternText(app.mountpath)) : ''
}

function joined(mounts: readonly string[], last: string): string {
  const base = mounts.map((mount) => mount.replace(/\/+$/, '')).join('')
  return last === '/' && base !== '' ? base : base + last
}

/** The layers of a router, or of the router of an application; `undefined` for any other handler. */
function stackOf(handler: unknown): readonly ExpressLayer[] | undefined {
  const { stack, mountpath, _router, lazyrouter } = handler as Record<string, unknown>
  if (Array.isArray(stack)) return stack as ExpressLayer[]
  if (mountpath === undefined) return undefined
  // Express 4 has `_router`, and an error where Express 5 has `router`.
  const router = lazyrouter === undefined ? (handler as { router?: unknown }).router : _router
  return router ? stackOf(router) : undefined
}
