import type { RequestMetrics } from '../http/request-metrics.ts'
import { observeAnswer, type FetchAnswer, type FetchExchange } from './fetch-observation.ts'
import { observeExchange, type NodeRequest, type NodeResponse } from './node-exchange.ts'
import { isFirstLook, shareMarks, tellError } from './request-marks.ts'

/**
 * Counts a request of a `fetch` handler, once, at the end of its response, and gives the response to send instead.
 * On Node, @hono/node-server hands on Node's own request and response: these know best, and the rest is left as it is.
 */
export async function observeFetch<Answer extends FetchAnswer>(
  requests: RequestMetrics,
  exchange: FetchExchange,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const { request, platform, endpointOf, given } = exchange
  if (!isNodePlatform(platform)) {
    return isFirstLook(request, requests) ? await observeAnswer(requests, exchange, answer) : await answer()
  }
  const { incoming, outgoing } = platform
  shareMarks(incoming, request)
  if (isFirstLook(incoming, requests)) {
    observeExchange(requests, incoming, outgoing, () => endpointOf(request), { given })
  }
  try {
    return await answer()
  } catch (error) {
    tellError(request, error)
    throw error
  }
}

interface NodePlatform {
  readonly incoming: NodeRequest
  readonly outgoing: NodeResponse
}

function isNodePlatform(platform: unknown): platform is NodePlatform {
  const { incoming, outgoing } = (platform ?? {}) as Partial<NodePlatform>
  return typeof incoming?.on === 'function' && typeof outgoing?.on === 'function'
}
