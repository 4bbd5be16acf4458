import { ABORTED, type RequestMetrics } from '../http/request-metrics.ts'
import { endpointOfRequest } from './request-marks.ts'

/** What is used of `http.IncomingMessage`; the requests of `node:https` and of `node:http2` have it too. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket?: { readonly destroyed: boolean } | null
  on(event: 'close', listener: () => void): unknown
}

/** What is used of `http.ServerResponse`. */
export interface NodeResponse {
  readonly statusCode: number
  readonly headersSent: boolean
  readonly destroyed: boolean
  readonly socket: object | null
  on(event: 'close', listener: () => void): unknown
  writeHead(status: number, headers: Record<string, string>): unknown
  write(block: Uint8Array): unknown
  end(): unknown
}

/**
 * Counts a request of Node's when its response is closed, however it comes to that. `endpointOf` is asked then.
 * A file of its own, without the process metrics: adapters for `fetch` use it where they run on Node, and are loaded elsewhere.
 */
export function observeExchange<Request extends NodeRequest>(
  requests: RequestMetrics,
  request: Request,
  response: NodeResponse,
  endpointOf: (request: Request) => string | undefined,
): void {
  const observation = requests.begin(request.method)
  const end = (): void => {
    const endpoint = endpointOfRequest(request, endpointOf)
    observation.end({ endpoint, status: response.headersSent ? response.statusCode : ABORTED })
  }
  response.on('close', end)
  // Pipelined: until those before it are answered, the response has no socket, and does not hear when the client leaves.
  if (response.socket === null) request.on('close', () => void (request.socket?.destroyed && end()))
}
