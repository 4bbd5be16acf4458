import type { RequestMetrics } from '../http/request-metrics.ts'
import { ABORTED, type RequestNeeds, type RequestOutcome, type RequestStart } from '../http/request-observation.ts'
import { endpointOfRequest, errorOfRequest, tellError } from './request-marks.ts'
import { watchBody, type BodyTraffic } from './watched-body.ts'

/** A request on its way through a handler. */
export interface FetchExchange {
  readonly request: Request
  /** The second argument of a handler: what it is depends on the platform. */
  readonly platform: unknown
  readonly endpointOf: (request: Request) => string | undefined
  /** What the functions among the options are given. */
  readonly given: unknown
}

/** What a handler gives back: `undefined` is what Bun wants after an upgrade. */
export type FetchAnswer = Response | undefined

/**
 * Counts a request by what `fetch` itself tells: the end of its response is that of the body, or when the signal of the
 * request is aborted. Deno tells more, by `completed`.
 */
export async function observeAnswer<Answer extends FetchAnswer>(
  requests: RequestMetrics,
  exchange: FetchExchange,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const { request, platform, endpointOf } = exchange
  const { needs } = requests
  const startMs = performance.now()
  const observation = requests.begin(request.method, startOf(exchange, needs))
  const body: BodyTraffic = { bytes: undefined, firstByteMs: undefined }
  let status: RequestOutcome['status'] = ABORTED

  const end = (aborted: boolean): void => {
    observation.end({
      endpoint: endpointOfRequest(request, endpointOf),
      status,
      aborted,
      error: errorOfRequest(request),
      requestBytes: needs.requestBytes && request.body === null ? 0 : undefined,
      responseBytes: body.bytes,
      timeToFirstByteSeconds: body.firstByteMs === undefined ? undefined : (body.firstByteMs - startMs) / 1000,
    })
  }

  const completed = completionOf(platform)
  // Not the signal of Deno: it is aborted when a response is whole, too.
  if (completed === undefined) request.signal?.addEventListener('abort', () => end(true))
  else void completed.then(() => end(false)).catch(() => end(true))
  const ended = completed === undefined ? end : () => {}
  try {
    const response = await answer()
    status = response?.status ?? SWITCHING_PROTOCOLS
    // No platform reads the body of an answer to HEAD.
    if (response === undefined || request.method === 'HEAD') {
      body.bytes = 0
      ended(false)
      return response
    }
    if (completed !== undefined && !needs.responseBytes && !needs.firstByte) return response
    return (await watchBody(response, {
      traffic: body,
      ended(aborted, error) {
        if (error !== undefined) tellError(request, error)
        ended(aborted)
      },
    })) as Answer
  } catch (error) {
    // It is the platform that answers now; all of them with this status.
    status = INTERNAL_SERVER_ERROR
    tellError(request, error)
    ended(false)
    throw error
  }
}

const SWITCHING_PROTOCOLS = 101
const INTERNAL_SERVER_ERROR = 500

function startOf({ request, given }: FetchExchange, needs: RequestNeeds): RequestStart {
  return {
    request: given,
    requestStart: needs.queueTime ? (request.headers.get('x-request-start') ?? undefined) : undefined,
    scheme: needs.protocol ? request.url.slice(0, request.url.indexOf(':')) : undefined,
  }
}

/** The second argument of Deno's handlers has a promise of the end of the response; it is rejected if the client leaves. */
function completionOf(platform: unknown): Promise<unknown> | undefined {
  const { completed } = (platform ?? {}) as { completed?: unknown }
  return completed instanceof Promise ? completed : undefined
}
