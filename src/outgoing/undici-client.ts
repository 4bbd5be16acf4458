import { listenToAll, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'
import { addressIn, PendingRequests, type AskedRequest } from './pending-requests.ts'

/** What is used of a request of undici, of Node's own and of the package. */
interface UndiciRequest {
  readonly method: string
  readonly origin?: string | URL | undefined
}

interface Message {
  readonly request: UndiciRequest
  readonly response: { readonly statusCode: number }
  readonly error?: unknown
}

/**
 * Says of each request of undici, and so of `fetch`, how it ended, once. A redirect that `fetch` follows is one more.
 *
 * @returns what stops that
 */
export function observeUndici(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new PendingRequests<UndiciRequest>(askedOf, ended)
  return listenToAll(
    {
      'undici:request:create': ({ request }: Message) => pending.begin(request),
      'undici:request:headers': ({ request, response }: Message) => pending.respond(request, response.statusCode),
      'undici:request:trailers': ({ request }: Message) => pending.end(request),
      'undici:request:error': ({ request, error }: Message) => pending.end(request, error ?? 'unknown'),
    },
    warn,
  )
}

function askedOf({ method, origin }: UndiciRequest): AskedRequest {
  const url = new URL(origin ?? 'http://unknown')
  return { method, scheme: url.protocol === 'https:' ? 'https' : 'http', ...addressIn(url) }
}
