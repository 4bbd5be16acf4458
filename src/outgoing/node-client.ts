import { whenUpgraded, type UpgradingRequest } from './client-upgrade.ts'
import { listenToAll, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'
import { BROKEN_OFF, PendingRequests, type AskedRequest } from './pending-requests.ts'

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

interface Message {
  readonly request: ClientRequest
  readonly response: ClientResponse
  readonly error?: unknown
}

/** Says of each request of `node:http` and `node:https` how it ended, once. @returns what stops that */
export function observeNodeClient(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new PendingRequests<ClientRequest>(askedOf, ended)
  /** Those that ask to leave HTTP. */
  const upgrading = new WeakSet<ClientRequest>()
  const begin = ({ request }: Message): void => {
    pending.begin(request)
    // Asked twice: by then it may have become one.
    if (upgrading.has(request)) return
    const upgrades = whenUpgraded(request, (status) => {
      pending.respond(request, status)
      pending.end(request)
    })
    if (upgrades) upgrading.add(request)
  }
  return listenToAll(
    {
      // Node 22 and later. Before, one that fails while it is being sent is counted without its time.
      'http.client.request.created': begin,
      'http.client.request.start': begin,
      'http.client.request.error': ({ request, error }: Message) => {
        pending.begin(request)
        pending.end(request, error)
      },
      // When the headers are there, whatever its name says.
      'http.client.response.finish': ({ request, response }: Message) => {
        // It began before we listened.
        if (!pending.has(request)) return
        pending.respond(request, response.statusCode)
        response.on('close', () =>
          pending.end(request, response.complete ? undefined : (response.errored ?? BROKEN_OFF)),
        )
      },
    },
    warn,
  )
}

function askedOf(request: ClientRequest): AskedRequest {
  const { method, protocol, host } = request
  return { method, scheme: protocol === 'https:' ? 'https' : 'http', hostname: host, port: portOf(request) }
}

/**
 * Of the header `Host`, where Node puts one that does not go without saying; the request itself does not keep it. That
 * of `CONNECT` is of what is behind the host that is asked, from Node 26 on.
 */
function portOf(request: ClientRequest): string | undefined {
  if (request.method === 'CONNECT') return request.socket?.remotePort?.toString()
  const header = request.getHeader('host')
  const [, port] = /:(\d+)$/.exec(typeof header === 'string' ? header : '') ?? []
  return port
}
