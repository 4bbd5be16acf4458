import { requestTarget } from '../http/request-target.ts'
import {
  dispatchOfRequest,
  settlePattern,
  type Dispatch,
  type ExpressApp,
  type RoutedRequest,
} from './express-dispatch.ts'
import { alternativesOf, patternText, type ExpressLayer, type ExpressRoute } from './express-layer.ts'
import { marksOf, type Marks } from './request-marks.ts'

/** Where a route is: found when it takes its first request, so that those after it need not look. */
interface Place {
  /** More than one if its router is mounted more than once. */
  readonly chains: readonly Chain[]
  /** If it is the same for all of `baseUrl`. */
  readonly pattern: string | undefined
  /** What the routers before the route took. */
  readonly baseUrl: string
}

/** From the router of the application to the route: a layer for each router on the way, and the layer of the route. */
type Chain = readonly ExpressLayer[]

/** Of routes whose pattern is not settled, by application. */
const placesOf = new WeakMap<ExpressApp, WeakMap<ExpressRoute, Place>>()

/** The whole pattern of the route that took a request, such as `/users/:id/items/:item`; `undefined` if none did. */
export function routePattern(request: RoutedRequest, marks: Marks = marksOf(request)): string | undefined {
  const dispatch = dispatchOfRequest(request, marks)
  return typeof dispatch === 'object' ? patternAt(dispatch) : dispatch
}

function patternAt(dispatch: Dispatch): string {
  const { route, app, baseUrl } = dispatch
  const places = placesOf.get(app) ?? new WeakMap<ExpressRoute, Place>()
  const place = places.get(route)
  if (place?.pattern !== undefined && place.baseUrl === baseUrl) return place.pattern
  const chains = place?.chains ?? chainsTo(route, stackOf(app) ?? [])
  const pattern = patternOf(dispatch, chains)
  const isAlwaysIt = chains.length <= 1 && chains.flat().every((layer) => alternativesOf(layer).length === 1)
  // A router that hides in functions may hide in several.
  if (isAlwaysIt && chains.length === 1 && isInOnePlace(app)) settlePattern(app, route, pattern)
  else if (place === undefined || isAlwaysIt) {
    places.set(route, { chains, pattern: isAlwaysIt ? pattern : undefined, baseUrl })
    placesOf.set(app, places)
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
  // An application that is mounted in another sees only the end of the part that was matched.
  for (const start of [...slashesOf(baseUrl), baseUrl.length]) {
    for (const chain of chains) {
      const mounts = mountPatterns(chain.slice(0, -1), baseUrl.slice(start))
      if (mounts !== undefined) {
        return joined([prefixOf(app, baseUrl.slice(0, start)), ...mounts], ownPattern(chain.at(-1)!, url))
      }
    }
  }
  const prefix = prefixOf(app, '')
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

/**
 * How an application is mounted in others, when they took this part of the path. Express itself knows only the last of
 * several places, and all of an array.
 */
function prefixOf(app: ExpressApp, taken: string): string {
  const { parent, mountpath } = app
  if (!parent) return ''
  const last = [mountpath].flat(Infinity).map(patternText)
  const found: { above: string; pattern: string }[] = []
  for (const start of [...slashesOf(taken), taken.length]) {
    for (const layer of appLayersOf(parent)) {
      const [pattern] = mountPatterns([layer], taken.slice(start)) ?? []
      if (pattern === undefined) continue
      const above = taken.slice(0, start)
      const known = last.find((each) => isSame(each, pattern))
      if (known !== undefined) return joined([prefixOf(parent, above)], known)
      found.push({ above, pattern })
    }
  }
  // Of which of them a layer is cannot be seen: the first that fits.
  const { above, pattern } = found[0] ?? { above: '', pattern: patternText(mountpath) }
  return joined([prefixOf(parent, above)], pattern)
}

/** Whether each application is mounted only once on the way to the outermost, as far as can be seen. */
function isInOnePlace({ parent }: ExpressApp): boolean {
  if (!parent) return true
  const layers = appLayersOf(parent)
  return layers.length === 1 && alternativesOf(layers[0]!).length === 1 && isInOnePlace(parent)
}

/** Where applications are mounted in one: so Express calls the function that leads to them. */
function appLayersOf(app: ExpressApp): ExpressLayer[] {
  return (stackOf(app) ?? []).filter(({ handle }) => typeof handle === 'function' && handle.name === 'mounted_app')
}

/** What router 2.0 to 2.2 took for a literal is in lower case. */
function isSame(declared: string, pattern: string): boolean {
  return withoutSlash(declared).toLowerCase() === withoutSlash(pattern).toLowerCase()
}

function slashesOf(path: string): number[] {
  return [...path.matchAll(/\//g)].map((slash) => slash.index)
}

function withoutSlash(pattern: string): string {
  return pattern.replace(/\/+$/, '')
}

function joined(mounts: readonly string[], last: string): string {
  const base = mounts.map(withoutSlash).join('')
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
