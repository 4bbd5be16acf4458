import { whenUpgraded, type UpgradingRequest } from './client-upgrade.ts'
import { listenTo, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'

/** What is used of `http.ClientRequest`; that of `node:https` has it too. */
interface ClientRequest extends UpgradingRequest {
  readonly protocol: string
  readonly host: string
  readonly socket?: { readonly remotePort?: number | undefined } | null
}

/** What is used of the response to it. */
interface ClientResponse {
  readonly statusCode?: number | undefined
  readonly complete: boolean
  readonly errored?: unknown
  on(event: 'close', listener: () => void): unknown
}

interface Pending {
  readonly startMs: number
  /** Whether its upgrade is listened to, if it is one. */
  upgrades?: boolean
  status?: number | undefined
  counted?: boolean
}

/** Says of each request of `node:http` and `node:https` how it ended, once. @returns what stops that */
export function observeNodeClient(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new WeakMap<ClientRequest, Pending>()
  const pendingOf = (request: ClientRequest): Pending => {
    let there = pending.get(request)
    if (there === undefined) pending.set(request, (there = { startMs: performance.now() }))
    return there
  }
  const end = (request: ClientRequest, error?: unknown): void => {
    const there = pendingOf(request)
    if (there.counted) return
    there.counted = true
    ended({
      method: request.method,
      scheme: request.protocol === 'https:' ? 'https' : 'http',
      hostname: request.host,
      port: portOf(request),
      status: there.status,
      error,
      seconds: (performance.now() - there.startMs) / 1000,
    })
  }
  const begin = (request: ClientRequest): void => {
    const there = pendingOf(request)
    // Asked twice: by then it may have become one.
    if (there.upgrades) return
    there.upgrades = whenUpgraded(request, (status) => {
      there.status = status
      end(request)
    })
  }
  const stops = [
    // Node 22 and later. Before, one that fails while it is being sent is counted without its time.
    listenTo('http.client.request.created', ({ request }: Message) => begin(request), warn),
    listenTo('http.client.request.start', ({ request }: Message) => begin(request), warn),
    listenTo('http.client.request.error', ({ request, error }: Message) => end(request, error), warn),
    listenTo(
      // When the headers are there, whatever its name says.
      'http.client.response.finish',
      ({ request, response }: Message) => {
        const there = pending.get(request)
        // It began before we listened.
        if (there === undefined) return
        there.status = response.statusCode
        response.on('close', () => end(request, response.complete ? undefined : (response.errored ?? BROKEN_OFF)))
      },
      warn,
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

interface Message {
  readonly request: ClientRequest
  readonly response: ClientResponse
  readonly error?: unknown
}

/** A response that ended too early, without an error that says why: the program does not want the rest of it. */
const BROKEN_OFF = { code: 'response_aborted' }

/**
 * Of the header `Host`, where Node puts one that does not go without saying; the request itself does not keep it. That of
 * `CONNECT` is of what is behind the host that is asked, from Node 26 on.
 */
function portOf(request: ClientRequest): string | undefined {
  if (request.method === 'CONNECT') return request.socket?.remotePort?.toString()
  const header = request.getHeader('host')
  const [, port] = /:(\d+)$/.exec(typeof header === 'string' ? header : '') ?? []
  return port
}
