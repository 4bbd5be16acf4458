import { TimeSlices } from '../exposition/time-slices.ts'
import { crcOfBoth, crcShift } from './crc32.ts'
import { Deflater, joined } from './deflater.ts'
import type { Zlib } from './zlib-module.ts'

/** Blocks are compressed together until they have so many bytes: each time begins with an empty dictionary. */
const GROUP_BYTES = 16_384
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)

/** Some blocks, compressed: deflate blocks that end at a byte and refer to nothing before them. */
interface Group {
  readonly blocks: readonly Uint8Array[]
  readonly deflated: Promise<Uint8Array>
  readonly crc: number
  readonly crcShift: number
  readonly byteLength: number
}

/**
 * Compresses expositions in the thread pool, and remembers it: a block that comes again in the next exposition is not
 * compressed again. The result is one gzip member (RFC 1952), which every decoder reads: each group of blocks is
 * deflated by itself, and the checksums are combined.
 */
export class Gzip {
  readonly #checksum: NonNullable<Zlib['crc32']>
  readonly #deflater: Deflater
  /** By their first block; they go when the exposition's cache lets go of it. */
  readonly #groups: WeakMap<Uint8Array, Group> = new WeakMap()

  private constructor(zlib: Zlib, checksum: NonNullable<Zlib['crc32']>) {
    this.#deflater = new Deflater(zlib)
    this.#checksum = checksum
  }

  /** `undefined` where zlib computes no checksums. */
  static of(zlib: Zlib): Gzip | undefined {
    return zlib.crc32 && new Gzip(zlib, zlib.crc32)
  }

  /** The compressed body. */
  async compress(blocks: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const slices = new TimeSlices()
    const body: Uint8Array[] = [GZIP_HEADER]
    let crc = 0
    let length = 0
    for (const members of groupsOf(blocks)) {
      const group = this.#group(members)
      body.push(await group.deflated)
      crc = crcOfBoth(crc, group.crc, group.crcShift)
      length += group.byteLength
      if (slices.isOver) await slices.pause()
    }
    body.push(gzipTrailer(crc, length))
    return body
  }

  #group(blocks: readonly Uint8Array[]): Group {
    const known = this.#groups.get(blocks[0]!)
    if (known !== undefined && isSame(known.blocks, blocks)) return known
    const bytes = joined(blocks)
    const group = {
      blocks,
      deflated: this.#deflater.deflate(bytes),
      crc: this.#checksum(bytes),
      crcShift: crcShift(bytes.length),
      byteLength: bytes.length,
    }
    this.#groups.set(blocks[0]!, group)
    group.deflated.catch(() => this.#groups.delete(blocks[0]!))
    return group
  }
}

/**
 * Neighbours together, until there is enough of them. A block that is enough stands alone: groups after one that has changed
 * are the same as before.
 */
function* groupsOf(blocks: readonly Uint8Array[]): Generator<Uint8Array[], void, undefined> {
  let group: Uint8Array[] = []
  let length = 0
  for (const block of blocks) {
    if (block.length >= GROUP_BYTES && length > 0) {
      yield group
      group = []
      length = 0
    }
    group.push(block)
    length += block.length
    if (length < GROUP_BYTES) continue
    yield group
    group = []
    length = 0
  }
  if (group.length > 0) yield group
}

/** An empty last deflate block, the checksum and the length of what was compressed. */
function gzipTrailer(crc: number, length: number): Uint8Array {
  const trailer = new Uint8Array(10)
  const view = new DataView(trailer.buffer)
  trailer[0] = 3
  view.setUint32(2, crc, true)
  view.setUint32(6, length % 2 ** 32, true)
  return trailer
}

function isSame(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((block, i) => block === other[i])
}
