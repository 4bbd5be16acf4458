import { bytesOf, lengthOf } from '../exposition/exposition.ts'
import type { Zlib, ZlibStream } from './zlib-module.ts'

/**
 * Fast, and with little memory: the lines of an exposition are so alike that a better level or a larger window finds
 * little more, and for so few bytes most of the time goes into clearing that memory (question quiet-scrape-gzip of the
 * benchmarks).
 */
const DEFLATE = { level: 3, windowBits: 13, memLevel: 6 }
/** How a full flush ends (RFC 1951, an empty block that is stored). */
const FULL_FLUSH = [0x00, 0x00, 0xff, 0xff]
/**
 * A shorter piece is deflated where it is: the way to the thread pool and back takes the event loop as long as the
 * work, and the processor twice as long (question quiet-scrape-gzip).
 */
const WORTH_THE_WAY = 32_768

/**
 * Deflates pieces, each so that it ends at a byte and refers to nothing before it; long ones in the thread pool.
 *
 * One stream for all of those: to make a stream takes the event loop about as long as to deflate a piece.
 */
export class Deflater {
  readonly #zlib: Zlib
  #stream: ZlibStream | undefined
  /** Whether the streams of this platform do what those of Node do. */
  #streams = true
  #turn: Promise<unknown> = Promise.resolve()

  constructor(zlib: Zlib) {
    this.#zlib = zlib
  }

  /** In the thread pool one piece after the other, however many wait. Never empty. */
  deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (bytes.length < WORTH_THE_WAY) return this.#here(bytes)
    const deflated = this.#turn.then(() => this.#next(bytes))
    this.#turn = deflated.catch(() => undefined)
    return deflated
  }

  async #next(bytes: Uint8Array): Promise<Uint8Array> {
    const deflated = this.#streams ? await this.#inThreadPool(bytes).catch(() => undefined) : undefined
    if (deflated !== undefined && endsWithFullFlush(deflated)) return deflated
    this.#streams = false
    this.#stream?.destroy()
    this.#stream = undefined
    return this.#here(bytes)
  }

  #here(bytes: Uint8Array): Uint8Array {
    const { Z_FULL_FLUSH } = this.#zlib.constants
    return this.#zlib.deflateRawSync(bytes, { ...DEFLATE, chunkSize: 4096, finishFlush: Z_FULL_FLUSH })
  }

  async #inThreadPool(bytes: Uint8Array): Promise<Uint8Array> {
    const stream = (this.#stream ??= this.#opened())
    return await new Promise((resolve, reject) => {
      stream.write(bytes, (error) => {
        if (error) return reject(error)
        const pieces: Uint8Array[] = []
        for (let piece = stream.read(); piece !== null; piece = stream.read()) pieces.push(piece)
        resolve(copied(pieces))
      })
    })
  }

  #opened(): ZlibStream {
    const flush = this.#zlib.constants.Z_FULL_FLUSH
    // All of a piece is read when it is done: nothing may wait for a reader before.
    const stream = this.#zlib.createDeflateRaw({ ...DEFLATE, chunkSize: 65_536, flush, readableHighWaterMark: 2 ** 30 })
    // It is told to whoever waits for the write, too.
    return stream.on('error', () => undefined)
  }
}

/** Blocks one after the other; the block itself if it is the only one. */
export function joined(blocks: readonly Uint8Array[]): Uint8Array {
  return blocks.length === 1 ? blocks[0]! : copied(blocks)
}

function endsWithFullFlush(deflated: Uint8Array): boolean {
  return FULL_FLUSH.every((byte, i) => deflated[deflated.length - FULL_FLUSH.length + i] === byte)
}

/** In memory of its own: pieces of a stream share theirs with others. */
function copied(blocks: readonly Uint8Array[]): Uint8Array {
  return bytesOf({ blocks, byteLength: lengthOf(blocks) })
}
