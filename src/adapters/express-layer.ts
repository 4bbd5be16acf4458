import { patternOfProbes, patternOfSource, type ExpressMatcher } from './express-mount-pattern.ts'

/** A route of an Express router: what `request.route` is. */
export interface ExpressRoute {
  /** As declared: a pattern, a regular expression, or an array of them. */
  readonly path: unknown
}

/** What is used of a layer, the element of a router's stack: a route, or whatever `use` was given. */
export interface ExpressLayer {
  readonly route?: ExpressRoute | undefined
  readonly handle: unknown
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
  /** Express 4: what the groups of its expression are called; a number is a group without a name. */
  readonly keys?: readonly { readonly name: string | number }[]
  /** Express 5: one for each path of the declaration. */
  readonly matchers?: readonly ExpressMatcher[]
  /** Express 5: used at `/`. */
  readonly slash?: boolean
  /** Express 5 with router 2.3 or later: the declaration. */
  readonly rawPath?: unknown
}

/** One of the paths that a layer was declared with. */
export interface Alternative {
  /** What of a path it takes; `undefined` if it does not match. */
  consumed(path: string): string | undefined
  /** Its pattern. Where the router kept none, a path that it takes helps to find it out. */
  pattern(path: string): string
}

const known = new WeakMap<ExpressLayer, readonly Alternative[]>()

/** The paths that a layer was declared with: at least one. */
export function alternativesOf(layer: ExpressLayer): readonly Alternative[] {
  const there = known.get(layer)
  if (there !== undefined) return there
  const alternatives = findAlternatives(layer)
  known.set(layer, alternatives)
  return alternatives
}

/** A path as it was declared, as text. */
export function patternText(declared: unknown): string {
  if (Array.isArray(declared)) return declared.map(patternText).join('|')
  return declared instanceof RegExp ? declared.source : String(declared)
}

function findAlternatives(layer: ExpressLayer): Alternative[] {
  if (layer.slash || layer.regexp?.fast_slash) return [{ consumed: () => '', pattern: () => '' }]
  const expressions = layer.regexp ? expressionsOf(layer.regexp) : []
  const matchers = layer.matchers ?? expressions.map(matcherOf)
  const declared = layer.route === undefined ? layer.rawPath : layer.route.path
  if (declared !== undefined) return declaredAlternatives(declared, matchers)

  const keys = (layer.keys ?? []).map((key) => key.name)
  const sources = expressions.map(({ source }) => patternOfSource(source, keys))
  return matchers.map((matcher, i) => ({
    consumed: (path) => consumedBy(matcher, path),
    pattern: (path) => sources[i] ?? patternOfProbes(matcher, path),
  }))
}

function declaredAlternatives(declared: unknown, matchers: readonly ExpressMatcher[]): Alternative[] {
  const paths: unknown[] = Array.isArray(declared) ? declared.flat(Infinity) : [declared]
  if (paths.length === matchers.length) {
    return matchers.map((matcher, i) => ({
      consumed: (path) => consumedBy(matcher, path),
      pattern: () => patternText(paths[i]),
    }))
  }
  // Which matcher belongs to which path is not to be told: they are one alternative.
  const consumed = (path: string): string | undefined =>
    matchers.map((matcher) => consumedBy(matcher, path)).find((part) => part !== undefined)
  return [{ consumed, pattern: () => patternText(declared) }]
}

/** Express 4 makes one expression of several paths; each of them begins with `^`. */
function expressionsOf(regexp: RegExp): RegExp[] {
  try {
    return regexp.source.split(/\|(?=\^)/).map((source) => new RegExp(source, regexp.flags))
  } catch {
    // It was one, and its `|^` is inside of a group.
    return [regexp]
  }
}

function matcherOf(regexp: RegExp): ExpressMatcher {
  return (path) => {
    const match = regexp.exec(path)
    return match ? { path: match[0], params: {} } : false
  }
}

function consumedBy(matcher: ExpressMatcher, path: string): string | undefined {
  const match = matcher(path)
  return match ? match.path : undefined
}
