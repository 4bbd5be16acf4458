import { TimeSlices } from '../exposition/time-slices.ts'
import { crcOfBoth, crcShift } from './crc32.ts'
import { Deflater, joined } from './deflater.ts'
import type { Zlib } from './zlib-module.ts'

/** Blocks are compressed together until they have so many bytes: each time begins with an empty dictionary. */
const NEW_BYTES = 65_536
/**
 * Where some blocks have changed and others have not, groups are smaller: so much is compressed again for one block.
 */
const MIXED_BYTES = 16_384
/** So many blocks, in proportion, are new where a body is not one of before in which a few have changed. */
const MOSTLY = 0.5
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)

/** Some blocks, compressed: deflate blocks that end at a byte and refer to nothing before them. */
interface Group {
  readonly blocks: readonly Uint8Array[]
  readonly byteLength: number
  /** Not before its turn has come. */
  compressed: CompressedGroup | undefined
}

interface CompressedGroup {
  deflated: Uint8Array | Promise<Uint8Array>
  readonly crc: number
  readonly crcShift: number
}

/**
 * Compresses expositions, long pieces in the thread pool, and remembers it: a block that comes again in the next
 * exposition is not compressed again. The result is one gzip member (RFC 1952), which every decoder reads: each group
 * of blocks is deflated by itself, and the checksums are combined.
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
      const compressed = (group.compressed ??= this.#compressed(group))
      if (compressed.deflated instanceof Promise) compressed.deflated = await compressed.deflated
      body.push(compressed.deflated)
      crc = crcOfBoth(crc, compressed.crc, compressed.crcShift)
      length += group.byteLength
      if (slices.isOver) await slices.pause()
    }
    body.push(gzipTrailer(crc, length))
    return body
  }

  /**
   * Those that are known, and neighbours together until there is enough of them. What a group is made of depends on
   * what is in it alone, wherever there is a block that is enough by itself: one change moves no other groups.
   */
  #groupsOf(blocks: readonly Uint8Array[]): Group[] {
    const groups: Group[] = []
    const newBytes = this.#isMostlyNew(blocks) ? NEW_BYTES : MIXED_BYTES
    /** What is in no group yet: the blocks from `first` on. */
    let first = 0
    let length = 0
    let isNew = true
    const close = (end: number): void => {
      if (length > 0) groups.push(this.#group(blocks.slice(first, end), length))
      first = end
      length = 0
      isNew = true
    }
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!
      const last = this.#groups.get(block)
      const staysNew = isNew && last === undefined
      if (!staysNew && (length >= MIXED_BYTES || block.length >= MIXED_BYTES)) close(i)
      if (length === 0 && last !== undefined && isAt(last.blocks, blocks, i)) {
        groups.push(last)
        i += last.blocks.length - 1
        first = i + 1
        continue
      }
      length += block.length
      isNew &&= last === undefined
      if (length >= (isNew ? newBytes : MIXED_BYTES)) close(i + 1)
    }
    close(blocks.length)
    return groups
  }

  #isMostlyNew(blocks: readonly Uint8Array[]): boolean {
    let unknown = 0
    for (const block of blocks) if (!this.#groups.has(block)) unknown++
    return unknown > blocks.length * MOSTLY
  }

  #group(blocks: readonly Uint8Array[], byteLength: number): Group {
    const group: Group = { blocks, byteLength, compressed: undefined }
    for (const block of blocks) this.#groups.set(block, group)
    return group
  }

  #compressed(group: Group): CompressedGroup {
    const bytes = joined(group.blocks)
    const deflated = this.#deflater.deflate(bytes)
    // The next exposition tries again.
    if (deflated instanceof Promise) deflated.catch(() => (group.compressed = undefined))
    return { deflated, crc: this.#checksum(bytes), crcShift: crcShift(bytes.length) }
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
