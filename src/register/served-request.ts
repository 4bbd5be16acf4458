import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import type { NodeRequest, NodeResponse } from '../adapters/node-exchange.ts'

/** A request of Node's, and when it began, by `performance.now()`. */
export interface ServedRequest {
  readonly request: NodeRequest & RoutedRequest
  readonly response: NodeResponse
  readonly startMs: number
  /** As it was asked for: Next.js takes the base path and more off the request's own on the way. */
  readonly url: string
}

/**
 * What was noted of routes from the start on. Handed over, as what is loaded later has no part in the file of the
 * start.
 */
export interface NotedRoutes {
  /** Whether a request came through an application of Express; asked when the response is closed. */
  isOfExpress(request: RoutedRequest): boolean
}
