import { integerBelow, randomFrom } from '../harness/random.mjs'

/** What requests are counted by. Literals, as methods, routes and status texts of a service are. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
export const STATUSES = ['200', '302', '404', '500']
export const ROUTES = [
  '/',
  '/login',
  '/logout',
  '/users',
  '/users/:id',
  '/users/:id/orders',
  '/orders',
  '/orders/:id',
  '/orders/:id/items',
  '/orders/:id/items/:item',
  '/products',
  '/products/:id',
  '/products/:id/reviews',
  '/cart',
  '/cart/items',
  '/cart/items/:id',
  '/search',
  '/suggestions',
  '/api/v2/reports/:report/export',
  '/healthz',
]

/**
 * How many requests are known beforehand; after the last comes the first again. A power of two, and so many that no
 * processor learns what comes next.
 */
export const KNOWN = 65_536
export const MASK = KNOWN - 1

/** By request, where in the list its value is. */
export const METHOD_OF = picksOf(METHODS, 1)
export const ROUTE_OF = picksOf(ROUTES, 2)
export const STATUS_OF = picksOf(STATUSES, 3)

/** The eleven upper bounds that all clients but OpenTelemetry's have by default. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** By request, its latency. */
export const SECONDS_OF = Float64Array.from({ length: KNOWN }, secondsFrom(randomFrom(4)))

/**
 * Latencies: half a millisecond to fifty seconds, small ones as likely as large ones. They are multiples of 2^-20, so
 * that their sum is exact in whatever order a client adds them.
 *
 * @param {() => number} random
 * @returns {() => number}
 */
export function secondsFrom(random) {
  return () => Math.round(0.0005 * 1e5 ** random() * 2 ** 20) / 2 ** 20
}

function picksOf(list, seed) {
  const random = randomFrom(seed)
  return Uint8Array.from({ length: KNOWN }, () => integerBelow(list.length, random))
}
