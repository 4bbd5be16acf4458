// Express keeps the patterns of routes, but those of mounted routers only since router 2.3.
// Express 4 keeps what path-to-regexp 0.1 made of them, router 2.0 to 2.2 a function. Here they are found out.

/** What router 2 makes of a path. */
export type ExpressMatcher = (path: string) => ExpressMatch | false

/** What a path gave: the part of it that was matched, decoded parameters by name. */
export interface ExpressMatch {
  readonly path: string
  readonly params: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** How path-to-regexp 0.1 ends the expression of a mounted path. */
const END = String.raw`\/?(?=\/|$)`

/**
 * Express 4: the pattern from the source of its expression. An expression that the program gave stays as it is.
 *
 * @param keys what the groups are called; the names of this expression's groups are taken from its front
 */
export function patternOfSource(source: string, keys: (string | number)[]): string {
  if (!source.startsWith('^') || !source.endsWith(END)) {
    keys.splice(0, groupsIn(source))
    return source
  }
  const body = source.slice(1, -END.length)
  let pattern = ''
  for (let at = 0; at < body.length;) {
    if (body[at] === '(') {
      const group = body.slice(at, endOfGroup(body, at))
      at += group.length
      const [name] = keys.splice(0, groupsIn(group))
      pattern += typeof name === 'string' ? lead(group) + name : group === '(.*)' ? '*' : unescaped(group)
    } else {
      const length = body[at] === '\\' ? 2 : 1
      pattern += unescaped(body.slice(at, at + length))
      at += length
    }
  }
  return pattern
}

/** A parameter's group is `(?:\/([^\/]+?))`: what stands before the parameter is inside. */
function lead(group: string): string {
  return `${/^\(\?:\\([/.])/.exec(group)?.[1] ?? ''}:`
}

function unescaped(source: string): string {
  return source.replaceAll(/\\([/.])/g, '$1')
}

function groupsIn(source: string): number {
  return new RegExp(`${source}|`).exec('')!.length - 1
}

function endOfGroup(source: string, start: number): number {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return at + 1
  }
  return source.length
}

/** What no literal part of a path is, without a character that could separate two parameters. */
const PROBE = 'narthexprobe'

/**
 * Router 2.0 to 2.2: the pattern from what the function makes of a path that it matches, once each segment is
 * exchanged: where it still matches, there is a parameter. What is literal comes out in lower case where case makes no
 * difference, so that the first request does not decide. An expression that the program gave cannot be seen: it is
 * `(RegExp)`.
 */
export function patternOfProbes(matcher: ExpressMatcher, path: string): string {
  // So the router calls the function that it makes of an expression.
  if (matcher.name === 'regexpMatcher') return '(RegExp)'
  const segments = path.split('/')
  const parts = segments.map((segment, i) => {
    const exchanged = (text: string): ReturnType<ExpressMatcher> => matcher(segments.with(i, text).join('/'))
    if (segment === '') return ''
    return wholeParameter(exchanged) ?? withParameters(segment, matcher, path, exchanged)
  })
  // A wildcard takes several segments.
  return parts.filter((part, i) => !part.startsWith('*') || part !== parts[i - 1]).join('/')
}

type Exchanged = (segment: string) => ReturnType<ExpressMatcher>

function wholeParameter(exchanged: Exchanged): string | undefined {
  const match = exchanged(PROBE)
  if (match === false) return undefined
  for (const [name, value] of Object.entries(match.params)) {
    if (value === PROBE) return `:${name}`
    if (Array.isArray(value) && value.includes(PROBE)) return `*${name}`
  }
  return undefined
}

/** A literal segment, or one such as `:from-:to`. */
function withParameters(segment: string, matcher: ExpressMatcher, path: string, exchanged: Exchanged): string {
  let pattern = segment
  for (const [name, value] of Object.entries((matcher(path) || { params: {} }).params)) {
    if (typeof value !== 'string' || !segment.includes(value)) continue
    const match = exchanged(segment.replace(value, PROBE))
    if (match && match.params[name] === PROBE) pattern = pattern.replace(value, `:${name}`)
  }
  const lower = segment.toLowerCase()
  return pattern === segment && exchanged(lower) ? lower : pattern
}
