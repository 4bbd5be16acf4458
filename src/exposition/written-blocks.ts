import type { MetricFamily } from '../model/metric-family.ts'
import { isSame, shapeOf, type Shape } from './family-shape.ts'
import type { TextLayout } from './text-layout.ts'
import { chunksOf, rewritten, TextRows, writer } from './text-rows.ts'
import { BlockWriter, lineNumbers, type WrittenBlock, type WrittenLines } from './written-block.ts'
import { WrittenMessages } from './written-messages.ts'

/** What was written of a family. */
interface WrittenFamily extends WrittenLines {
  readonly name: string
  readonly shape: Shape
  blocks: readonly WrittenBlock[]
  /** Their bytes. */
  size: number
}

/** A family of fewer lines is written afresh: that is faster than to look what has changed. */
const KEPT_LINES = 32
/**
 * Lines of a block that is kept, about: small enough that few bytes are written again for one number that has changed,
 */
const BLOCK_LINES = 256
/** and those of a family of few lines: many blocks take more time than is saved, but these are not many. */
const FEW_BLOCK_LINES = 64
/** A family has so many blocks before they are of more lines. */
const FEW_BLOCKS = 8
/** As long as no more is kept, blocks share memory: a few hundred of them can keep little of it that nobody uses. */
const SHARED_BYTES = 1024 * 1024
/** Bytes that are kept at most, unless told otherwise. */
const DEFAULT_LIMIT = 128 * 1024 * 1024
/** A block for a pause alone. */
const NOTHING = /* @__PURE__ */ new Uint8Array(0)

/**
 * What the last scrape wrote, in one format, so that the next one can take what has not changed from there.
 *
 * The next scrape compares its numbers with those that were written, so this costs recording nothing, and the
 * exposition is byte for byte the one that would be written afresh.
 */
export class WrittenBlocks {
  readonly #limit: number
  readonly #families: Map<string, WrittenFamily> = new Map()
  #size = 0
  #messages: WrittenMessages | undefined

  /** @param limit how much memory may be kept, in bytes: 128 MiB by default */
  constructor(limit: number = DEFAULT_LIMIT) {
    this.#limit = limit
  }

  /** The memory that is kept, in bytes. */
  get byteLength(): number {
    return this.#size + (this.#messages?.byteLength ?? 0)
  }

  /** The same of protobuf, whose families are messages and not lines. */
  get messages(): WrittenMessages {
    return (this.#messages ??= new WrittenMessages(this.#limit))
  }

  /**
   * Writes families; the blocks are those of the scrape before where nothing has changed. The caller may pause between
   * two of them.
   *
   * @param layoutOf what the format says of a family
   * @param into takes the blocks that are kept, if it is given: in their place empty ones are handed on, for pauses
   */
  *write(
    families: Iterable<MetricFamily>,
    layoutOf: (family: MetricFamily) => TextLayout,
    into?: Uint8Array[],
  ): Generator<Uint8Array, void, undefined> {
    const names = new Set<string>()
    /** Where the next row goes. All before it is handed on before every pause: the writer is everybody's. */
    let at = writer.start
    for (const family of families) {
      names.add(family.name)
      const known = this.#known(family, layoutOf)
      const { layout } = known
      if (family.columns.rowCount * layout.lines.length < KEPT_LINES) {
        at = writeSmall(at, family, layout)
        continue
      }
      if (at > writer.start) yield writer.take(at)
      // The same bytes at every scrape: not copied, nor compressed again (questions small-scrape and
      // quiet-scrape-gzip).
      yield layout.head
      const { chunkRows, rowCount, width } = family.columns
      const blockRows = Math.min(chunkRows, rowsOfBlock(rowCount, layout.lines.length))
      const list = into ?? []
      const blockWriter = new BlockWriter(family, known, blockRows, list)
      const { blocks } = blockWriter
      /** Bytes that are new, or that might be. */
      let size = 0
      for (const { chunk, end } of chunksOf(family)) {
        for (let from = 0; from < end;) {
          const copied = Math.max(this.#size, size) > SHARED_BYTES
          from = blockWriter.write(chunk, from, end, copied)
          size += blocks.at(-1)!.bytes.length
          if (into === undefined) yield* list.splice(0)
          else yield NOTHING
        }
      }
      this.#keep(known, blocks, width)
      at = writer.start
    }
    if (at > writer.start) yield writer.take(at)
    for (const name of this.#families.keys()) if (!names.has(name)) this.#forget(name)
  }

  /** What is known of a family; its layout is made if there was none of that shape. */
  #known(family: MetricFamily, layoutOf: (family: MetricFamily) => TextLayout): WrittenFamily {
    const { name } = family
    const shape = shapeOf(family)
    const there = this.#families.get(name)
    if (there !== undefined && isSame(there.shape, shape)) return there
    this.#forget(name)
    const layout = layoutOf(family)
    const known = { name, shape, layout, numbers: lineNumbers(layout), blocks: [], size: 0 }
    this.#families.set(name, known)
    return known
  }

  /** Keeps the blocks of a family, unless they are too much or it was forgotten meanwhile. */
  #keep(known: WrittenFamily, blocks: readonly WrittenBlock[], width: number): void {
    if (this.#families.get(known.name) !== known) return
    const size = sizeOf(blocks, width)
    this.#size -= known.size
    const fits = this.#size + size <= this.#limit
    known.blocks = fits ? blocks : []
    known.size = fits ? size : 0
    this.#size += known.size
  }

  #forget(name: string): void {
    this.#size -= this.#families.get(name)?.size ?? 0
    this.#families.delete(name)
  }
}

/** @param width numbers per row */
function sizeOf(blocks: readonly WrittenBlock[], width: number): number {
  let size = 0
  for (let i = 0; i < blocks.length; i++) {
    const { bytes, ends } = blocks[i]!
    size += bytes.length + ends.length * (4 + width * 8)
  }
  return size
}

/** A power of two, as the rows of a chunk are. */
function rowsOfBlock(rowCount: number, lines: number): number {
  const most = Math.max(FEW_BLOCK_LINES, Math.min(BLOCK_LINES, (rowCount * lines) / FEW_BLOCKS))
  return 2 ** Math.floor(Math.log2(Math.max(1, most / lines)))
}

/** Writes all of a family of few lines at `at`. @returns where the next one goes */
function writeSmall(at: number, family: MetricFamily, layout: TextLayout): number {
  const rows = new TextRows(family, layout)
  at = rewritten(at, layout.head, 0, layout.head.length)
  for (const { chunk, end } of chunksOf(family)) for (let row = 0; row < end; row++) at = rows.write(at, chunk, row)
  return at
}
