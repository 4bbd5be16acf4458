/** What is used of a request to count the bytes of its body: it is a stream. */
export interface CountedRequest {
  /** What has arrived and is not read yet. */
  readonly readableLength?: number
  push?(chunk: unknown, encoding?: BufferEncoding): boolean
}

/** What is used of a response to see its bytes go out. */
export interface CountedResponse {
  readonly writableEnded?: boolean
  readonly destroyed?: boolean
  write(...args: never): unknown
  end(...args: never): unknown
  flushHeaders?(): void
}

/** Counts what goes out through a response. */
export interface ResponseTraffic {
  /** Of the body, as it is handed to the connection: after compression, before the framing of HTTP. */
  bytes: number
  /** When the first byte went, by `performance.now()`; `undefined` if none did yet. */
  firstByteMs: number | undefined
}

/** Known to every copy of narthex in the process: whoever is first counts for all. */
const RECEIVED = Symbol.for('narthex.received')
const SENT = Symbol.for('narthex.sent')

interface ReceivedBytes {
  bytes: number
  readonly push: Write
}

interface SentBytes extends ResponseTraffic {
  readonly write: Write
  readonly end: Write
  readonly flushHeaders: (() => void) | undefined
}

type Write = (this: object, ...args: unknown[]) => unknown
type Counted = { [RECEIVED]?: ReceivedBytes; [SENT]?: SentBytes }

/**
 * Counts the body of a request from now on, with what is waiting to be read.
 *
 * A stream may be listened to only by who wants its data, so it is the stream's own `push` that is listened to: the
 * server calls it with each part that has arrived.
 */
export function countReceived(request: CountedRequest): { readonly bytes: number } {
  const counted = request as Counted
  if (counted[RECEIVED] !== undefined) return counted[RECEIVED]
  const { push } = request as { push?: Write }
  const bytes = request.readableLength ?? 0
  if (push === undefined) return { bytes }
  const received: ReceivedBytes = { bytes, push }
  counted[RECEIVED] = received
  ;(request as { push: Write }).push = countedPush
  return received
}

/** Counts the body of a response from now on, and notes when its first byte goes. */
export function countSent(response: CountedResponse): ResponseTraffic {
  const counted = response as Counted
  if (counted[SENT] !== undefined) return counted[SENT]
  const { write, end, flushHeaders } = response as { write: Write; end: Write; flushHeaders?: () => void }
  const sent: SentBytes = { bytes: 0, firstByteMs: undefined, write, end, flushHeaders }
  counted[SENT] = sent
  Object.assign(response, { write: countedWrite, end: countedEnd })
  if (flushHeaders !== undefined) response.flushHeaders = countedFlush
  return sent
}

function countedPush(this: object, ...args: unknown[]): unknown {
  const received = (this as Counted)[RECEIVED]!
  received.bytes += byteLength(args[0], args[1])
  return received.push.apply(this, args)
}

function countedWrite(this: CountedResponse, ...args: unknown[]): unknown {
  const sent = (this as Counted)[SENT]!
  if (isOver(this)) return sent.write.apply(this, args)
  sent.firstByteMs ??= performance.now()
  sent.bytes += byteLength(args[0], args[1])
  return sent.write.apply(this, args)
}

function countedEnd(this: CountedResponse, ...args: unknown[]): unknown {
  const sent = (this as Counted)[SENT]!
  if (isOver(this)) return sent.end.apply(this, args)
  sent.firstByteMs ??= performance.now()
  const before = sent.bytes
  const result = sent.end.apply(this, args)
  // A response of HTTP/2 writes the last part through `write`, one of HTTP/1 does not.
  if (sent.bytes === before) sent.bytes += byteLength(args[0], args[1])
  return result
}

/** What is written after the end, or when the client has left, goes nowhere. */
function isOver({ writableEnded, destroyed }: CountedResponse): boolean {
  return writableEnded === true || destroyed === true
}

function countedFlush(this: object): void {
  const sent = (this as Counted)[SENT]!
  sent.firstByteMs ??= performance.now()
  sent.flushHeaders?.call(this)
}

/** Of a part of a body; a callback, which may stand in its place, is none. */
function byteLength(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  }
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0
}
