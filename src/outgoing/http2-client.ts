import { listenToAll, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'
import { addressIn, BROKEN_OFF, PendingRequests, type AskedRequest } from './pending-requests.ts'

/** What is used of a stream of `node:http2` that a client has. */
interface ClientStream {
  /** Odd, if it is a request; there is none before it is sent. */
  readonly id?: number | undefined
  readonly sentHeaders: SentHeaders
  readonly rstCode: number
  readonly errored?: unknown
  readonly session?: { readonly socket?: MarkedSocket | undefined } | undefined
  on(event: 'close', listener: () => void): unknown
}

interface SentHeaders {
  readonly ':method'?: string
  readonly ':scheme'?: string
  readonly ':authority'?: string
  readonly host?: string
}

interface StreamMessage {
  readonly stream: ClientStream
  /** Of the response. */
  readonly headers: Readonly<Record<string, unknown>>
}

/**
 * Says of each request of `node:http2` how it ended, once; where Node tells of them, which is 22.17 and later. Those of
 * undici, which has HTTP/2 from here, are told by undici.
 *
 * @returns what stops that
 */
export function observeHttp2Client(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new PendingRequests<ClientStream>(askedOf, ended)
  const seen = new WeakSet<ClientStream>()
  const begin = ({ stream }: StreamMessage): void => {
    if (seen.has(stream)) return
    seen.add(stream)
    // What the server pushes was not asked for; a tunnel is as long as its connection, and leads elsewhere.
    if ((stream.id ?? 1) % 2 === 0 || stream.sentHeaders[':method'] === 'CONNECT') return
    if (stream.session?.socket?.[OF_UNDICI]) return
    pending.begin(stream)
    stream.on('close', () => pending.end(stream, failureOf(stream, pending.hasResponse(stream))))
  }
  return listenToAll(
    {
      'undici:client:connected': noteSocket,
      'undici:client:sendHeaders': noteSocket,
      // Either may come first: a session that is not connected yet keeps its requests.
      'http2.client.stream.created': begin,
      'http2.client.stream.start': begin,
      // When the headers are there, whatever its name says.
      'http2.client.stream.finish': ({ stream, headers }: StreamMessage) =>
        pending.respond(stream, Number(headers[':status'])),
    },
    warn,
  )
}

function askedOf({ sentHeaders }: ClientStream): AskedRequest {
  const { ':method': method = 'GET', ':scheme': scheme, host = '', ':authority': authority = host } = sentHeaders
  // Not thrown for what is no address: nobody would catch it.
  const url = `http2://${authority}`
  const address = authority !== '' && URL.canParse(url) ? addressIn(new URL(url)) : UNKNOWN
  return { method, scheme: scheme === 'http' ? 'http' : 'https', ...address }
}

const UNKNOWN = { hostname: 'unknown', port: undefined }

/** A session has another object in its socket's place, which has all that is on the socket. */
const OF_UNDICI = Symbol('socket of undici')

interface MarkedSocket {
  [OF_UNDICI]?: boolean
}

function noteSocket({ socket }: { readonly socket: MarkedSocket }): void {
  socket[OF_UNDICI] = true
}

function failureOf({ errored, rstCode }: ClientStream, hasResponse: boolean): unknown {
  return errored ?? (rstCode === 0 && hasResponse ? undefined : BROKEN_OFF)
}
