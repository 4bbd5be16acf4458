/**
 * The endpoint of every request that matched no route. A path begins with a slash, so this can be none;
 * the underscore marks a word of ours, as in `_OTHER`.
 */
export const UNMATCHED = '_unmatched'

/** The method of every request whose own is unknown, as OpenTelemetry's conventions name it. */
export const OTHER_METHOD = '_OTHER'

/** How many series each metric of requests may have, unless the option `maxSeries` says otherwise. */
export const MOST_SERIES = 1000

/** The longest endpoint, in UTF-16 units; a longer one is cut. A regular expression may well be a route. */
const LONGEST = 256

/** OpenTelemetry, semantic conventions for HTTP: those of RFC 9110, PATCH (RFC 5789) and QUERY. */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
])

/** The label of a method: itself if it is known. Methods are case-sensitive. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : OTHER_METHOD
}

/** The label of a route pattern; `undefined` is what matched none. Never give it the path of a request. */
export function endpointLabel(pattern: string | undefined): string {
  if (pattern === undefined) return UNMATCHED
  if (pattern === '') return '/'
  return pattern.length > LONGEST ? `${pattern.slice(0, LONGEST - 1)}…` : pattern
}
