import { TimeSlices } from '../exposition/time-slices.ts'
import { crcOfBoth, crcShift } from './crc32.ts'
import { Deflater, joined } from './deflater.ts'
import type { Zlib } from './zlib-module.ts'

/**
 * Blocks are compressed together until they have so many bytes: each time begins with an empty dictionary, and the thread pool
 * has its price for each.
 */
const NEW_BYTES = 65_536
/** Where some blocks have changed and others have not, groups are smaller: so much is compressed again for one block. */
const MIXED_BYTES = 16_384
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
  /** Of each block the last one; they go when the exposition's cache lets go of the block. */
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
    for (const group of this.#groupsOf(blocks)) {
      body.push(await group.deflated)
      crc = crcOfBoth(crc, group.crc, group.crcShift)
      length += group.byteLength
      if (slices.isOver) await slices.pause()
    }
    body.push(gzipTrailer(crc, length))
    return body
  }

  /**
   * Those that are known, and neighbours together until there is enough of them. What a group is made of depends on what is
   * in it alone, wherever there is a block that is enough by itself: one change moves no other groups.
   */
  *#groupsOf(blocks: readonly Uint8Array[]): Generator<Group, void, undefined> {
    let members: Uint8Array[] = []
    let length = 0
    let isNew = true
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!
      const last = this.#groups.get(block)
      const staysNew = isNew && last === undefined
      if (length > 0 && !staysNew && (length >= MIXED_BYTES || block.length >= MIXED_BYTES)) {
        yield this.#group(members)
        members = []
        length = 0
        isNew = true
      }
      if (length === 0 && last !== undefined && isAt(last.blocks, blocks, i)) {
        yield last
        i += last.blocks.length - 1
        continue
      }
      members.push(block)
      length += block.length
      isNew &&= last === undefined
      if (length < (isNew ? NEW_BYTES : MIXED_BYTES)) continue
      yield this.#group(members)
      members = []
      length = 0
      isNew = true
    }
    if (length > 0) yield this.#group(members)
  }

  #group(blocks: readonly Uint8Array[]): Group {
    const bytes = joined(blocks)
    const group = {
      blocks,
      deflated: this.#deflater.deflate(bytes),
      crc: this.#checksum(bytes),
      crcShift: crcShift(bytes.length),
      byteLength: bytes.length,
    }
    for (const block of blocks) this.#groups.set(block, group)
    group.deflated.catch(() => blocks.forEach((block) => this.#groups.delete(block)))
    return group
  }
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

/** Whether those are the blocks from `at` on. */
function isAt(group: readonly Uint8Array[], blocks: readonly Uint8Array[], at: number): boolean {
  return group.every((block, i) => block === blocks[at + i])
}
