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
 * request is aborted. Not by `completed`, which Deno has besides: it is fulfilled for a client that has left, too.
 */
export async function observeAnswer<Answer extends FetchAnswer>(
  requests: RequestMetrics,
  exchange: FetchExchange,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const { request, endpointOf } = exchange
  const { needs } = requests
  const startMs = performance.now()
  const observation = requests.begin(request.method, startOf(exchange, needs))
  const body: BodyTraffic = { bytes: undefined, firstByteMs: undefined }
  let status: RequestOutcome['status'] = ABORTED

  const end = (aborted: boolean, cutShort = aborted): void => {
    observation.end({
      endpoint: endpointOfRequest(request, endpointOf),
      status,
      aborted,
      cutShort,
      error: errorOfRequest(request),
      requestBytes: needs.requestBytes && request.body === null ? 0 : undefined,
      responseBytes: body.bytes,
      timeToFirstByteSeconds: body.firstByteMs === undefined ? undefined : (body.firstByteMs - startMs) / 1000,
    })
  }

  request.signal?.addEventListener('abort', () => end(true))
  // Something before the handler took its time.
  if (request.signal?.aborted) end(true)
  try {
    const response = await answer()
    status = response?.status ?? SWITCHING_PROTOCOLS
    // No platform reads the body of an answer to HEAD.
    if (response === undefined || request.method === 'HEAD') {
      body.bytes = 0
      end(false)
      return response
    }
    return (await watchBody(response, {
      traffic: body,
      ended(how, error) {
        if (error !== undefined) tellError(request, error)
        end(how === 'aborted', how !== 'sent')
      },
    })) as Answer
  } catch (error) {
    // It is the platform that answers now; all of them with this status.
    status = INTERNAL_SERVER_ERROR
    tellError(request, error)
    end(false)
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
