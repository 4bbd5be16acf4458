import { listenTo, type Warn } from './channel-listener.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'

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

interface Pending {
  readonly startMs: number
  status?: number | undefined
}

/**
 * Says of each request of `node:http2` how it ended, once; where Node tells of them, which is 22.17 and later. Those of undici,
 * which has HTTP/2 from here, are told by undici.
 *
 * @returns what stops that
 */
export function observeHttp2Client(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const pending = new WeakMap<ClientStream, Pending>()
  const end = (stream: ClientStream, error?: unknown): void => {
    const there = pending.get(stream)
    if (there === undefined) return
    pending.delete(stream)
    const { ':method': method = 'GET', ':scheme': scheme, ':authority': authority, host } = stream.sentHeaders
    const { hostname, port } = addressIn(authority ?? host)
    ended({
      method,
      scheme: scheme === 'http' ? 'http' : 'https',
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? undefined : port,
      status: there.status,
      error,
      seconds: (performance.now() - there.startMs) / 1000,
    })
  }
  const seen = new WeakSet<ClientStream>()
  const begin = ({ stream }: StreamMessage): void => {
    if (seen.has(stream)) return
    seen.add(stream)
    // What the server pushes was not asked for; a tunnel is as long as its connection, and leads elsewhere.
    if ((stream.id ?? 1) % 2 === 0 || stream.sentHeaders[':method'] === 'CONNECT') return
    if (stream.session?.socket?.[OF_UNDICI]) return
    pending.set(stream, { startMs: performance.now() })
    stream.on('close', () => end(stream, failureOf(stream, pending.get(stream))))
  }
  const stops = [
    listenTo('undici:client:connected', noteSocket, warn),
    listenTo('undici:client:sendHeaders', noteSocket, warn),
    // Either may come first: a session that is not connected yet keeps its requests.
    listenTo('http2.client.stream.created', begin, warn),
    listenTo('http2.client.stream.start', begin, warn),
    listenTo(
      // When the headers are there, whatever its name says.
      'http2.client.stream.finish',
      ({ stream, headers }: StreamMessage) => {
        const there = pending.get(stream)
        if (there !== undefined) there.status = Number(headers[':status'])
      },
      warn,
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Not thrown for what is no address: nobody would catch it. */
function addressIn(authority: string | undefined): { readonly hostname: string; readonly port: string } {
  const url = `http2://${authority}`
  return authority !== undefined && URL.canParse(url) ? new URL(url) : { hostname: 'unknown', port: '' }
}

/** A session has another object in its socket's place, which has all that is on the socket. */
const OF_UNDICI = Symbol('socket of undici')

interface MarkedSocket {
  [OF_UNDICI]?: boolean
}

function noteSocket({ socket }: { readonly socket: MarkedSocket }): void {
  socket[OF_UNDICI] = true
}

function failureOf({ errored, rstCode }: ClientStream, there: Pending | undefined): unknown {
  if (errored !== undefined && errored !== null) return errored
  return rstCode === 0 && there?.status !== undefined ? undefined : BROKEN_OFF
}

/** A response that ended too early, without an error that says why. */
const BROKEN_OFF = { code: 'response_aborted' }
