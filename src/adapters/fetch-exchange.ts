import type { RequestMetrics } from '../http/request-metrics.ts'
import { ABORTED, type RequestOutcome, type RequestStart } from '../http/request-observation.ts'
import { observeExchange, type NodeRequest, type NodeResponse } from './node-exchange.ts'
import { endpointOfRequest, isFirstLook, shareMarks } from './request-marks.ts'
import { watchBody } from './watched-body.ts'

/** What a handler gives back: `undefined` is what Bun wants after an upgrade. */
export type FetchAnswer = Response | undefined

/**
 * Counts a request of a `fetch` handler, once, at the end of its response, and gives the response to send instead.
 * Where the platform tells of that end, the response is left as it is: Node by `outgoing` and Deno by `completed`, in what
 * `platform` is, the second argument of a handler. Elsewhere the body is watched on its way out, and the request's signal.
 */
export async function observeFetch<Answer extends FetchAnswer>(
  requests: RequestMetrics,
  { request, platform, endpointOf }: FetchExchange,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (isNodePlatform(platform)) {
    const { incoming, outgoing } = platform
    shareMarks(incoming, request)
    if (isFirstLook(incoming, requests))
      observeExchange(requests, incoming, outgoing, () => endpointOf(request), request)
    return await answer()
  }
  if (!isFirstLook(request, requests)) return await answer()

  const observation = requests.begin(request.method, startOf(request))
  let status: RequestOutcome['status'] = ABORTED
  const end = (): void => observation.end({ endpoint: endpointOfRequest(request, endpointOf), status })
  const { completed } = (platform ?? {}) as { completed?: unknown }
  if (completed instanceof Promise) completed.then(end, end)
  else request.signal?.addEventListener('abort', end)
  try {
    const response = await answer()
    status = response?.status ?? SWITCHING_PROTOCOLS
    if (completed instanceof Promise) return response
    // No platform reads the body of an answer to HEAD.
    if (response !== undefined && request.method !== 'HEAD') return (await watchBody(response, end)) as Answer
    end()
    return response
  } catch (error) {
    // It is the platform that answers now; all of them with this status.
    status = INTERNAL_SERVER_ERROR
    end()
    throw error
  }
}

/** What a request tells when it arrives; of what it came by, no platform tells more. */
function startOf(request: Request): RequestStart {
  const scheme = request.url.startsWith('https:') ? 'https' : 'http'
  return { request, scheme, requestStart: request.headers.get('x-request-start') ?? undefined }
}

/** A request on its way through a handler. */
export interface FetchExchange {
  readonly request: Request
  /** The second argument of a handler: what it is depends on the platform. */
  readonly platform: unknown
  readonly endpointOf: (request: Request) => string | undefined
}

const SWITCHING_PROTOCOLS = 101
const INTERNAL_SERVER_ERROR = 500

/** As @hono/node-server hands it to a handler. */
interface NodePlatform {
  readonly incoming: NodeRequest
  readonly outgoing: NodeResponse
}

function isNodePlatform(platform: unknown): platform is NodePlatform {
  const { incoming, outgoing } = (platform ?? {}) as Partial<NodePlatform>
  return typeof incoming?.on === 'function' && typeof outgoing?.on === 'function'
}
