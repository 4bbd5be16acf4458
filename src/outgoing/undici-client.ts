import { listenTo, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'

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

interface Pending {
  readonly startMs: number
  status?: number | undefined
}

/**
 * Says of each request of undici, and so of `fetch`, how it ended, once. A redirect that `fetch` follows is one more.
 *
 * @returns what stops that
 */
export function observeUndici(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new WeakMap<UndiciRequest, Pending>()
  const end = (request: UndiciRequest, error?: unknown): void => {
    const there = pending.get(request)
    if (there === undefined) return
    pending.delete(request)
    const { protocol, hostname, port } = new URL(request.origin ?? 'http://unknown')
    ended({
      method: request.method,
      scheme: protocol === 'https:' ? 'https' : 'http',
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? undefined : port,
      status: there.status,
      error,
      seconds: (performance.now() - there.startMs) / 1000,
    })
  }
  const stops = [
    listenTo(
      'undici:request:create',
      ({ request }: Message) => void pending.set(request, { startMs: performance.now() }),
      warn,
    ),
    listenTo(
      'undici:request:headers',
      ({ request, response }: Message) => {
        const there = pending.get(request)
        if (there !== undefined) there.status = response.statusCode
      },
      warn,
    ),
    listenTo('undici:request:trailers', ({ request }: Message) => end(request), warn),
    listenTo('undici:request:error', ({ request, error }: Message) => end(request, error ?? 'unknown'), warn),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
