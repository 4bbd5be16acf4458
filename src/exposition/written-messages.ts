import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import { isSame, shapeOf, type Shape } from './family-shape.ts'
import { wire } from './protobuf-parts.ts'
import type { ProtobufRows } from './protobuf-rows.ts'
import { chunksOf } from './text-rows.ts'

/** Some rows of a family as they were written. Never changed: a response may still be sending the bytes. */
interface MessageBlock {
  readonly bytes: Uint8Array
  /** What they were written of: the bits of the numbers, two words each, and the rest of the chunk. */
  readonly numbers: Uint32Array
  readonly chunk: SeriesChunk
}

/** What was written of a family. */
interface WrittenFamily {
  readonly shape: Shape
  readonly head: Uint8Array
  readonly blocks: readonly MessageBlock[]
  readonly size: number
}

/** A block for a pause alone. */
const NOTHING = /* @__PURE__ */ new Uint8Array(0)
/** A family of fewer rows is written afresh: that is faster than to look what has changed. */
const KEPT_ROWS = 32
/** Numbers of a block, about: small enough that few are written again for one that has changed. */
const BLOCK_NUMBERS = 256

/**
 * What the last scrape wrote in protobuf. As in `WrittenBlocks`, the next one compares its numbers with those that were
 * written; but what has changed is written again as a whole block, as numbers need not be printed here.
 */
export class WrittenMessages {
  readonly #limit: number
  readonly #families: Map<string, WrittenFamily> = new Map()
  #size = 0

  /** @param limit how much memory may be kept, in bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** The memory that is kept, in bytes. */
  get byteLength(): number {
    return this.#size
  }

  /** Whether it is worth it to keep what is written of a family. */
  keeps({ columns }: MetricFamily): boolean {
    return columns.rowCount >= KEPT_ROWS
  }

  /**
   * Writes a family with all of the writer's memory. The blocks are those of the scrape before where nothing has
   * changed; until all of them are there, empty ones are handed on.
   *
   * @param headOf makes what stands before the rows, of the bytes that these take
   */
  *write(
    family: MetricFamily,
    rows: ProtobufRows,
    headOf: (length: number) => Uint8Array,
  ): Generator<Uint8Array, void, undefined> {
    const shape = shapeOf(family)
    const known = this.#families.get(family.name)
    const before = known !== undefined && isSame(known.shape, shape) ? known : undefined
    const { chunkRows, width } = family.columns
    const blockRows = Math.min(chunkRows, 2 ** Math.floor(Math.log2(Math.max(1, BLOCK_NUMBERS / width))))
    const blocks: MessageBlock[] = []
    for (const { chunk, end } of chunksOf(family)) {
      for (let from = 0; from < end; from += blockRows) {
        const to = Math.min(end, from + blockRows)
        const { values } = chunk
        const numbers = new Uint32Array(values.buffer, values.byteOffset + from * width * 8, (to - from) * width * 2)
        const last = before?.blocks[blocks.length]
        const isUnchanged =
          last !== undefined && areSame(last.numbers, numbers) && areRestSame(last.chunk, chunk, from, to)
        blocks.push(
          isUnchanged ? { ...last, numbers, chunk } : { bytes: written(rows, chunk, from, to), numbers, chunk },
        )
        yield NOTHING
      }
    }
    const head = headOf(blocks.reduce((sum, { bytes }) => sum + bytes.length, 0))
    const kept = before !== undefined && areSame(before.head, head) ? before.head : head
    this.#keep(family.name, shape, kept, blocks)
    yield kept
    for (const { bytes } of blocks) yield bytes
  }

  /** Forgets the families that are not among those. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#families.keys()) if (!names.has(name)) this.#forget(name)
  }

  #keep(name: string, shape: Shape, head: Uint8Array, blocks: readonly MessageBlock[]): void {
    this.#forget(name)
    const size = blocks.reduce(
      (sum, { bytes, numbers }) => sum + bytes.byteLength + numbers.byteLength,
      head.byteLength,
    )
    if (this.#size + size > this.#limit) return
    this.#families.set(name, { shape, head, blocks, size })
    this.#size += size
  }

  #forget(name: string): void {
    this.#size -= this.#families.get(name)?.size ?? 0
    this.#families.delete(name)
  }
}

function written(rows: ProtobufRows, chunk: SeriesChunk, from: number, to: number): Uint8Array {
  let at = 0
  for (let row = from; row < to; row++) at = rows.write(at, chunk, row)
  return wire.take(0, at)
}

function areSame(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}

/** Of what is never changed but replaced, the same object is the same. Timestamps of samples are not compared. */
function areRestSame(one: SeriesChunk, other: SeriesChunk, from: number, to: number): boolean {
  if (one.labelIds !== other.labelIds || one.startTimestampsMs !== other.startTimestampsMs) return false
  if (one.timestampsMs !== undefined || other.timestampsMs !== undefined) return false
  return areSameRows(one.exemplars, other.exemplars, from, to) && areSameRows(one.native, other.native, from, to)
}

function areSameRows(
  one: readonly unknown[] | undefined,
  other: readonly unknown[] | undefined,
  from: number,
  to: number,
): boolean {
  if (one === other) return true
  for (let row = from; row < to; row++) if (one?.[row] !== other?.[row]) return false
  return true
}
