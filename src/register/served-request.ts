import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import type { NodeRequest, NodeResponse } from '../adapters/node-exchange.ts'

/** A request of Node's, and when it began, by `performance.now()`. */
export interface ServedRequest {
  readonly request: NodeRequest & RoutedRequest
  readonly response: NodeResponse
  readonly startMs: number
}
