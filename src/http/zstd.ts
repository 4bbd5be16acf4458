import { joined } from './deflater.ts'
import type { Zlib } from './zlib-module.ts'

/** Blocks go to the thread pool together, until they have so many bytes. */
const BATCH_BYTES = 262_144
/** The fastest: the lines of an exposition are so alike that higher ones find nothing more. */
const LEVEL = 1

/**
 * Compresses expositions with zstd (RFC 8878) in the thread pool.
 *
 * One frame, made anew each time: with a frame for each part, parts that have not changed could be kept as gzip keeps
 * them, but not every decoder reads on after the first.
 */
export class Zstd {
  readonly #open: NonNullable<Zlib['createZstdCompress']>
  readonly #options: object

  private constructor(zlib: Zlib, open: NonNullable<Zlib['createZstdCompress']>) {
    this.#open = open
    const { ZSTD_c_compressionLevel: level } = zlib.constants
    this.#options = { chunkSize: 65_536, params: level === undefined ? {} : { [level]: LEVEL } }
  }

  /** `undefined` where zlib has no zstd. */
  static of(zlib: Zlib): Zstd | undefined {
    return zlib.createZstdCompress && new Zstd(zlib, zlib.createZstdCompress)
  }

  /** The compressed body. */
  async compress(blocks: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const stream = this.#open(this.#options)
    const body: Uint8Array[] = []
    const ended = new Promise<void>((resolve, reject) => {
      stream
        .on('data', (piece) => body.push(piece))
        .on('end', resolve)
        .on('error', reject)
    })
    const written = async (): Promise<void> => {
      for (const batch of batchesOf(blocks)) {
        await new Promise<void>((resolve, reject) => {
          stream.write(joined(batch), (error) => (error ? reject(error) : resolve()))
        })
      }
      stream.end()
    }
    await Promise.all([written(), ended])
    return body
  }
}

function* batchesOf(blocks: readonly Uint8Array[]): Generator<Uint8Array[], void, undefined> {
  let batch: Uint8Array[] = []
  let length = 0
  for (const block of blocks) {
    batch.push(block)
    length += block.length
    if (length < BATCH_BYTES) continue
    yield batch
    batch = []
    length = 0
  }
  if (batch.length > 0) yield batch
}
