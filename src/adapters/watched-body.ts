import { withLength } from './block-stream.ts'

/** How many microtasks a body may take to give what it has in memory. Workers take longer, whatever it is. */
const TURNS = 16
/** When so much of a body has been read ahead, the rest goes through as it comes. */
const AHEAD_BYTES = 65_536

/** What has gone through a body; `undefined` as long as nothing is known. */
export interface BodyTraffic {
  bytes: number | undefined
  /** When its first byte went, by `performance.now()`. */
  firstByteMs: number | undefined
}

export interface BodyWatch {
  readonly traffic: BodyTraffic
  /** Called when the body was read to its end, was given up by who reads it, or has failed with an error. */
  readonly ended: (how: 'sent' | 'aborted' | 'failed', error?: unknown) => void
}

/**
 * The same response, whose body is watched.
 *
 * A body goes through in the pace of its reader, and is not copied. Only what is in memory already, such as a text, is
 * read at once: handed on in one piece it keeps its `Content-Length`, which a stream has not.
 */
export async function watchBody(response: Response, watch: BodyWatch): Promise<Response> {
  const known = lengths.get(response)
  if (known !== undefined) {
    watch.traffic.bytes = known
    watch.traffic.firstByteMs = performance.now()
    watch.ended('sent')
    return response
  }
  if (!isWatchable(response)) {
    if (!isUnknown(response)) watch.traffic.bytes = 0
    watch.ended('sent')
    return response
  }
  const reader = response.body.getReader()
  const ahead = await readAhead(reader)
  if (ahead.done) {
    for (const chunk of ahead.chunks) note(watch.traffic, chunk)
    watch.ended('sent')
    const { chunks } = ahead
    return new Response(chunks.length === 1 ? chunks[0] : new Blob(chunks), response)
  }
  const length = response.headers.get('content-length')
  const stream = withLength(throughStream(reader, ahead, watch), length === null ? undefined : Number(length))
  return new Response(stream, response)
}

/**
 * Says how long the body of a response is that is in memory: then it goes out as it is, and counts when it is handed
 * on.
 */
export function tellLength(response: Response, length: number): void {
  lengths.set(response, length)
}

const lengths = new WeakMap<Response, number>()

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>

/** The beginning of a body. */
interface Ahead {
  readonly chunks: Uint8Array<ArrayBuffer>[]
  readonly done: boolean
  /** The read that has not come back yet. */
  pending?: ReturnType<Reader['read']> | undefined
}

function isWatchable(response: Response): response is Response & { body: ReadableStream<Uint8Array<ArrayBuffer>> } {
  return !isUnknown(response) && response.body !== null && !response.body.locked
}

/** Bun gives a text its type when it sends it, unless somebody has looked at the body: then the type is lost. */
function isUnknown(response: Response): boolean {
  return 'Bun' in globalThis && !response.headers.has('content-type')
}

async function readAhead(reader: Reader): Promise<Ahead> {
  const chunks: Ahead['chunks'] = []
  let length = 0
  // A text is one chunk, however long.
  while (chunks.length < 2 || length < AHEAD_BYTES) {
    const pending = reader.read()
    const read = await soon(pending)
    if (read === undefined) return { chunks, done: false, pending }
    if (read.done) return { chunks, done: true }
    chunks.push(read.value)
    const size = sizeOf(read.value)
    // It fails when it is its turn.
    if (size === undefined) return { chunks, done: false }
    length += size
  }
  return { chunks, done: false }
}

/** What the promise gives within some microtasks; `undefined` if it takes longer, or fails. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  return await Promise.race([promise.catch(() => undefined), someTurns()])
}

async function someTurns(): Promise<undefined> {
  for (let i = 0; i < TURNS; i++) await undefined
}

function throughStream(reader: Reader, ahead: Ahead, { traffic, ended }: BodyWatch): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const chunk = ahead.chunks.shift() ?? (await next(reader, ahead))
          if (chunk === undefined) {
            controller.close()
            ended('sent')
          } else {
            note(traffic, chunk)
            controller.enqueue(chunk)
          }
        } catch (error) {
          ended('failed', error)
          controller.error(error)
        }
      },
      async cancel(reason) {
        ended('aborted')
        await reader.cancel(reason)
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  )
}

/** `undefined` is the end. */
async function next(reader: Reader, ahead: Ahead): Promise<Uint8Array | undefined> {
  const reading = ahead.pending ?? reader.read()
  ahead.pending = undefined
  return (await reading).value
}

/**
 * @throws {TypeError} for what is no part of a body. Who reads it would throw it, too, but would not give the body up.
 */
function note(traffic: BodyTraffic, chunk: unknown): void {
  const size = sizeOf(chunk)
  if (size === undefined) throw new TypeError('A part of a body is not a Uint8Array.')
  traffic.firstByteMs ??= performance.now()
  traffic.bytes = (traffic.bytes ?? 0) + size
}

/** In bytes; `undefined` of what is no part of a body. Bun takes more than others. */
function sizeOf(chunk: unknown): number | undefined {
  if (chunk instanceof Uint8Array) return chunk.length
  if (!('Bun' in globalThis)) return undefined
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk).length
  return ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer ? chunk.byteLength : undefined
}
