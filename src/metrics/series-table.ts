import { REMOVED, type SeriesChunk, type SeriesColumns } from '../model/series-columns.ts'
import { Series } from './series.ts'

/**
 * Numbers per full chunk, about: large enough that chunks cost nothing, small enough that the last one wastes little.
 */
const CHUNK_NUMBERS = 4096
const SMALLEST_CHUNK_ROWS = 8
/** Of fewer numbers there is another copy for every snapshot. */
const WORTH_COMPARING = 1024

/**
 * A chunk while it is being recorded into. A class, so that all chunks of all metrics are of one kind to a compiler
 * (question many-metrics-inc of the benchmarks).
 */
class LiveChunk {
  readonly values: Float64Array
  /** {@link REMOVED} where no series is. */
  labelIds: Uint32Array
  /** Empty where it is not known when series began. */
  startTimestampsMs: Float64Array
  /** The series that were given out, by row. Those that nobody asked for have no object. */
  readonly series: (Series | undefined)[] = []
  /** Whether a snapshot holds `labelIds` and `startTimestampsMs`: rows that it can see must not change then. */
  shared = false
  /** The numbers of the last snapshot, as long as anybody has them. */
  copy: WeakRef<Float64Array> | undefined = undefined

  constructor(rows: number, width: number, labelCount: number, timesStart: boolean) {
    this.values = new Float64Array(rows * width)
    this.labelIds = new Uint32Array(rows * labelCount).fill(REMOVED)
    this.startTimestampsMs = new Float64Array(timesStart ? rows : 0)
  }
}

/**
 * The rows of one metric: {@link SeriesColumns}, live.
 * All chunks but the last are full; the last doubles until it is. A series that is moved is pointed to its new memory.
 */
export class SeriesTable {
  readonly width: number
  readonly labelCount: number
  /** log2 of the rows of a full chunk. */
  readonly chunkShift: number
  /** Rows of a full chunk, less one. */
  readonly chunkMask: number
  readonly chunks: LiveChunk[] = []
  /** Rows in use, free ones included. */
  rowCount = 0
  /** Rows that hold a series. */
  size = 0
  /** Rows in use that hold none; those alone that were removed since {@link arrange}. */
  readonly #free: number[] = []
  /** Whether it is known when a series began. */
  timesStart: boolean

  constructor(width: number, labelCount: number, timesStart: boolean = false) {
    this.width = width
    this.timesStart = timesStart
    this.labelCount = labelCount
    this.chunkShift = labelCount === 0 ? 0 : Math.max(3, Math.floor(Math.log2(CHUNK_NUMBERS / width)))
    this.chunkMask = 2 ** this.chunkShift - 1
  }

  /** Gives a row, all zero, to a label set. @param free a row in use that holds no series */
  add(labelIds: ArrayLike<number>, free: number | undefined = this.#free.pop()): number {
    const row = free ?? this.rowCount++
    const chunk = this.#chunkFor(row)
    const at = row & this.chunkMask
    // A row that no snapshot has seen may be written; one that was in use before may be in a snapshot.
    if (free !== undefined && chunk.shared) unshare(chunk)
    for (let i = 0; i < this.labelCount; i++) chunk.labelIds[at * this.labelCount + i] = labelIds[i]!
    chunk.startTimestampsMs[at] = knownTime(Date.now())
    this.size++
    return row
  }

  /** Lets a row begin again, all zero. */
  restart(row: number): void {
    this.valuesOf(row).fill(0, this.startOf(row), this.startOf(row) + this.width)
    this.startedAt(row, Date.now())
  }

  /** Says when a row began, if it was not when it was added. */
  startedAt(row: number, startMs: number): void {
    const chunk = this.chunks[row >>> this.chunkShift]!
    if (chunk.shared) unshare(chunk)
    chunk.startTimestampsMs[row & this.chunkMask] = knownTime(startMs)
  }

  /** Takes the row back. A series that points to it gets memory of its own. */
  remove(row: number): void {
    this.restart(row)
    const { labelIds, series } = this.chunks[row >>> this.chunkShift]!
    const at = row & this.chunkMask
    labelIds[at * this.labelCount] = REMOVED
    detach(series[at], this.width)
    if (at < series.length) series[at] = undefined
    this.#free.push(row)
    this.size--
  }

  /** Takes every row back. */
  clear(): void {
    for (const chunk of this.chunks) for (const series of chunk.series) detach(series, this.width)
    this.rowCount = this.size = 0
    this.arrange()
  }

  /**
   * Moves all series to new memory.
   *
   * @param rowCount how many rows are in use then
   * @param rowOf which of them the series of these label ids has; one after the other by default
   */
  arrange(rowCount: number = this.size, rowOf?: (labelIds: Uint32Array, at: number) => number): void {
    const { chunkShift, chunkMask } = this
    const chunks: LiveChunk[] = []
    const rows = Math.min(chunkMask + 1, 2 ** (32 - Math.clz32(rowCount)))
    while (chunks.length << chunkShift < rowCount) chunks.push(this.#chunk(rows))
    let next = 0
    this.forEachRow((row, labelIds, at) => {
      const to = rowOf === undefined ? next++ : rowOf(labelIds, at)
      this.#move(this.chunks[row >>> chunkShift]!, row & chunkMask, chunks[to >>> chunkShift]!, to & chunkMask)
    })
    this.chunks.splice(0, this.chunks.length, ...chunks)
    this.#free.length = 0
    this.rowCount = rowCount
  }

  /** The numbers of a row are in these, from {@link startOf} on. */
  valuesOf(row: number): Float64Array {
    return this.chunks[row >>> this.chunkShift]!.values
  }

  startOf(row: number): number {
    return (row & this.chunkMask) * this.width
  }

  /** The series at a row, if somebody asked for it before. */
  givenOut(row: number): Series | undefined {
    return this.chunks[row >>> this.chunkShift]!.series[row & this.chunkMask]
  }

  /** The series at a row, made by `make` when it is first asked for. */
  seriesAt<S extends Series>(row: number, make: (values: Float64Array, at: number) => S): S {
    const { series, values } = this.chunks[row >>> this.chunkShift]!
    return (this.givenOut(row) as S | undefined) ?? keep(series, row & this.chunkMask, make(values, this.startOf(row)))
  }

  /** Where the label ids of a row are. */
  idsAt(row: number): { labelIds: Uint32Array; at: number } {
    return { labelIds: this.chunks[row >>> this.chunkShift]!.labelIds, at: (row & this.chunkMask) * this.labelCount }
  }

  /** Whether the labels of a row have these ids. */
  hasIds(row: number, ids: readonly number[]): boolean {
    const { labelIds, at } = this.idsAt(row)
    return ids.every((id, i) => labelIds[at + i] === id)
  }

  /** The rows that hold a series, and where their label ids are. */
  forEachRow(take: (row: number, labelIds: Uint32Array, at: number) => void): void {
    for (let row = 0; row < this.rowCount; row++) {
      const { labelIds, at } = this.idsAt(row)
      if (labelIds[at] !== REMOVED) take(row, labelIds, at)
    }
  }

  /** The series of a chunk that were given out, by row. */
  seriesOf(chunk: number): readonly (Series | undefined)[] {
    return this.chunks[chunk]?.series ?? []
  }

  /** A copy of the numbers, or the last one, if it is the same; the labels are shared, and kept as they are for it. */
  snapshot(labelValues: readonly string[]): SeriesColumns {
    const { width, rowCount } = this
    const chunkRows = this.chunkMask + 1
    // Not `map`: its arrays become others to a compiler when it is compiled itself (question small-scrape).
    const chunks: SeriesChunk[] = []
    for (const chunk of this.chunks) {
      chunk.shared = true
      const rows = Math.min(chunkRows, rowCount - chunks.length * chunkRows)
      const values = copyOf(chunk, rows * width)
      const { labelIds, startTimestampsMs } = chunk
      // All of one shape, or what is compiled for the one has to be compiled again for the other (question
      // quiet-scrape).
      chunks.push({ values, labelIds, startTimestampsMs: this.timesStart ? startTimestampsMs : undefined })
    }
    return { width, rowCount, removedRows: rowCount - this.size, chunkRows, chunks, labelValues }
  }

  #chunkFor(row: number): LiveChunk {
    const index = row >>> this.chunkShift
    const before = this.chunks[index]
    const rows = before === undefined ? 0 : before.values.length / this.width
    if ((row & this.chunkMask) < rows) return before!
    const chunk = this.#chunk(rows * 2 || Math.min(SMALLEST_CHUNK_ROWS, this.chunkMask + 1))
    for (let at = 0; at < rows; at++) this.#move(before!, at, chunk, at)
    this.chunks[index] = chunk
    return chunk
  }

  #chunk(rows: number): LiveChunk {
    return new LiveChunk(rows, this.width, this.labelCount, this.timesStart)
  }

  #move(from: LiveChunk, before: number, to: LiveChunk, at: number): void {
    const { width, labelCount } = this
    for (let i = 0; i < width; i++) to.values[at * width + i] = from.values[before * width + i]!
    for (let i = 0; i < labelCount; i++) to.labelIds[at * labelCount + i] = from.labelIds[before * labelCount + i]!
    to.startTimestampsMs[at] = from.startTimestampsMs[before]!
    const series = from.series[before]
    if (series !== undefined) Series.move(keep(to.series, at, series), to.values, at * width)
  }
}

/**
 * A copy of the numbers of a chunk: that of the last snapshot, if its bits are the same and the platform can tell at
 * once. Memory that is new to the process takes longer than to compare it (question quiet-scrape).
 */
function copyOf(chunk: LiveChunk, length: number): Float64Array {
  const { Buffer } = globalThis as { Buffer?: { compare(one: Uint8Array, other: Uint8Array): number } }
  const { values } = chunk
  const bytes = ({ buffer }: Float64Array): Uint8Array => new Uint8Array(buffer, 0, length * 8)
  const last = chunk.copy?.deref()
  if (last?.length === length && Buffer?.compare(bytes(last), bytes(values)) === 0) return last
  const copy = values.slice(0, length)
  if (length >= WORTH_COMPARING) chunk.copy = new WeakRef(copy)
  return copy
}

function unshare(chunk: LiveChunk): void {
  chunk.labelIds = chunk.labelIds.slice()
  chunk.startTimestampsMs = chunk.startTimestampsMs.slice()
  chunk.shared = false
}

function keep<S extends Series>(all: (Series | undefined)[], at: number, series: S): S {
  while (all.length < at) all.push(undefined) // no holes: a sparse array would be a dictionary
  all[at] = series
  return series
}

/** Workers have no time while they load: their clock is at 0 until the first request. @returns NaN for that */
function knownTime(timeMs: number): number {
  return timeMs || Number.NaN
}

function detach(series: Series | undefined, width: number): void {
  if (series !== undefined) Series.move(series, new Float64Array(width), 0)
}
