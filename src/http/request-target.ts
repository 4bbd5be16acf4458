/** The two parts of a request's target that anybody looks at. */
export interface RequestTarget {
  /** Not decoded. */
  readonly path: string
  /** Without its question mark; empty if there is none. */
  readonly query: string
}

/** A target in absolute form (`http://host/path`), as a proxy may send it. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

/** Takes a request's target apart: cheap for the usual `/path`, and nothing is thrown for nonsense. */
export function requestTarget(url: string): RequestTarget {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '')
  const at = target.indexOf('?')
  return at === -1 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}
