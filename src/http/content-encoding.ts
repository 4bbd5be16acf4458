import { TimeSlices } from '../exposition/time-slices.ts'
import { builtinModule } from './builtin-module.ts'
import { crcOfBoth, crcShift } from './crc32.ts'

/** What is used of `node:zlib`. */
interface Zlib {
  deflateRawSync(bytes: Uint8Array, options: object): Uint8Array
  crc32?(bytes: Uint8Array, value?: number): number
  readonly constants: { readonly Z_FULL_FLUSH: number }
}

/** A body of fewer bytes is one packet on the network, compressed or not. */
const WORTH_IT = 1400
/** Blocks are compressed together until they have so many bytes: each time begins with an empty dictionary. */
const GROUP_BYTES = 16_384
/**
 * Fast, and with little memory: the lines of an exposition are so alike that a better level or a larger window finds little
 * more, and for so few bytes most of the time goes into clearing that memory (question quiet-scrape-gzip of the
 * benchmarks).
 */
const DEFLATE = { level: 3, windowBits: 13, memLevel: 6, chunkSize: 4096 }
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)

/** Some blocks, compressed: deflate blocks that end at a byte and refer to nothing before them. */
interface Group {
  readonly blocks: readonly Uint8Array[]
  readonly deflated: Uint8Array
  readonly crc: number
  readonly crcShift: number
  readonly byteLength: number
}

/** Whether an `Accept-Encoding` header takes gzip: names it, or everything, with a weight above zero. */
export function acceptsGzip(header: string | undefined): boolean {
  const weights = new Map<string, number>()
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((each) => each.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0
}

/**
 * Compresses expositions, in slices of time, and remembers it: a block that comes again in the next exposition is not
 * compressed again. The result is one gzip member (RFC 1952), which every decoder reads: each group of blocks is
 * deflated by itself, and the checksums are combined.
 */
export class Gzip {
  readonly #zlib: Zlib
  /** By their first block; they go when the exposition's cache lets go of it. */
  readonly #groups: WeakMap<Uint8Array, Group> = new WeakMap()

  private constructor(zlib: Zlib) {
    this.#zlib = zlib
  }

  /** `undefined` on a platform that has no zlib. */
  static here(): Gzip | undefined {
    const zlib = builtinModule('node:zlib') as Zlib | undefined
    return zlib?.crc32 === undefined ? undefined : new Gzip(zlib)
  }

  /** The compressed body; `undefined` if it is too small to be worth it. */
  async compress(blocks: readonly Uint8Array[]): Promise<Uint8Array[] | undefined> {
    if (lengthOf(blocks) < WORTH_IT) return undefined
    const slices = new TimeSlices()
    const body: Uint8Array[] = [GZIP_HEADER]
    let crc = 0
    let length = 0
    for (const members of groupsOf(blocks)) {
      const group = this.#group(members)
      body.push(group.deflated)
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
    const bytes = blocks.length === 1 ? blocks[0]! : joined(blocks)
    const group = {
      blocks,
      deflated: this.#zlib.deflateRawSync(bytes, { ...DEFLATE, finishFlush: this.#zlib.constants.Z_FULL_FLUSH }),
      crc: this.#zlib.crc32!(bytes),
      crcShift: crcShift(bytes.length),
      byteLength: bytes.length,
    }
    this.#groups.set(blocks[0]!, group)
    return group
  }
}

/** Neighbours together, until there is enough of them. */
function* groupsOf(blocks: readonly Uint8Array[]): Generator<Uint8Array[], void, undefined> {
  let group: Uint8Array[] = []
  let length = 0
  for (const block of blocks) {
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

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(blocks))
  let at = 0
  for (const block of blocks) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}

function lengthOf(blocks: readonly Uint8Array[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0)
}
