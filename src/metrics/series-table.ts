import { REMOVED, type SeriesChunk, type SeriesColumns } from '../model/series-columns.ts'
import { Series } from './series.ts'

/** Numbers per full chunk, about: large enough that chunks cost nothing, small enough that the last one wastes little. */
const CHUNK_NUMBERS = 4096
const SMALLEST_CHUNK_ROWS = 8
/** Of fewer numbers there is another copy for every snapshot. */
const WORTH_COMPARING = 1024

/**
 * A chunk while it is being recorded into. A class, so that all chunks of all metrics are of one kind to a compiler
 * (question many-metrics-inc of the benchmarks).
 */
class LiveChunk {
  values: Float64Array
  labelIds: Uint32Array
  startTimestampsMs: Float64Array | undefined
  /** The series that were given out, by row. Those that nobody asked for have no object. */
  series: (Series | undefined)[] | undefined = undefined
  /** Whether a snapshot holds `labelIds` and `startTimestampsMs`: rows that it can see must not change then. */
  shared = false
  /** The numbers of the last snapshot, as long as anybody has them. */
  copy: WeakRef<Float64Array> | undefined = undefined

  constructor(rows: number, width: number, labelCount: number, timesStart: boolean) {
    this.values = new Float64Array(rows * width)
    this.labelIds = new Uint32Array(rows * labelCount)
    this.startTimestampsMs = timesStart ? new Float64Array(rows) : undefined
  }
}

/**
 * The rows of one metric: {@link SeriesColumns}, live.
 * All chunks but the last are full; the last doubles until it is, and the series in it are pointed to the new memory.
 */
export class SeriesTable {
  readonly width: number
  readonly labelCount: number
  /** log2 of the rows of a full chunk. */
  readonly chunkShift: number
  /** Rows of a full chunk, less one. */
  readonly chunkMask: number
  readonly chunks: LiveChunk[] = []
  /** Rows in use, removed ones included. */
  rowCount = 0
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

  /** Rows that hold a series. */
  get size(): number {
    return this.rowCount - this.#free.length
  }

  /** Gives a row, all zero, to a label set. */
  add(labelIds: ArrayLike<number>): number {
    const free = this.#free.pop()
    const row = free ?? this.rowCount++
    const chunk = this.#chunkFor(row)
    const at = row & this.chunkMask
    // A row that no snapshot has seen may be written; one that had a series before may be in a snapshot.
    if (free !== undefined && chunk.shared) this.#unshare(chunk)
    chunk.labelIds.set(labelIds, at * this.labelCount)
    chunk.values.fill(0, at * this.width, (at + 1) * this.width)
    if (chunk.startTimestampsMs !== undefined) chunk.startTimestampsMs[at] = knownTime(Date.now())
    return row
  }

  /** Lets a row begin again, all zero. */
  restart(row: number): void {
    const { values } = this.chunks[row >>> this.chunkShift]!
    const at = row & this.chunkMask
    values.fill(0, at * this.width, (at + 1) * this.width)
    this.startedAt(row, Date.now())
  }

  /** Says when a row began, if it was not when it was added. */
  startedAt(row: number, startMs: number): void {
    const chunk = this.chunks[row >>> this.chunkShift]!
    if (chunk.startTimestampsMs === undefined) return
    if (chunk.shared) this.#unshare(chunk)
    chunk.startTimestampsMs[row & this.chunkMask] = knownTime(startMs)
  }

  /** Takes the row back. A series that points to it gets memory of its own. */
  remove(row: number): void {
    const chunk = this.chunks[row >>> this.chunkShift]!
    const at = row & this.chunkMask
    if (chunk.shared) this.#unshare(chunk)
    chunk.labelIds[at * this.labelCount] = REMOVED
    detach(chunk.series?.[at], this.width)
    if (chunk.series !== undefined) chunk.series[at] = undefined
    this.#free.push(row)
  }

  /** Takes every row back. */
  clear(): void {
    for (const chunk of this.chunks) for (const series of chunk.series ?? []) detach(series, this.width)
    this.chunks.length = 0
    this.#free.length = 0
    this.rowCount = 0
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
    return this.chunks[row >>> this.chunkShift]!.series?.[row & this.chunkMask]
  }

  /** The series at a row, made by `make` when it is first asked for. */
  seriesAt<S extends Series>(row: number, make: (values: Float64Array, at: number) => S): S {
    const chunk = this.chunks[row >>> this.chunkShift]!
    const at = row & this.chunkMask
    const known = chunk.series?.[at]
    if (known !== undefined) return known as S
    const series = make(chunk.values, at * this.width)
    chunk.series ??= []
    while (chunk.series.length < at) chunk.series.push(undefined) // no holes: a sparse array would be a dictionary
    chunk.series[at] = series
    return series
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

  /** Gives every label another id. */
  relabel(newId: (id: number, label: number) => number): void {
    for (const chunk of this.chunks) this.#unshare(chunk)
    this.forEachRow((_, labelIds, at) => {
      for (let i = 0; i < this.labelCount; i++) labelIds[at + i] = newId(labelIds[at + i]!, i)
    })
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
      // All of one shape, or what is compiled for the one has to be compiled again for the other (question quiet-scrape).
      chunks.push({ values, labelIds, startTimestampsMs: this.timesStart ? startTimestampsMs : undefined })
    }
    return { width, rowCount, removedRows: this.#free.length, chunkRows, chunks, labelValues }
  }

  #chunkFor(row: number): LiveChunk {
    const index = row >>> this.chunkShift
    const at = row & this.chunkMask
    const chunk = this.chunks[index]
    if (chunk === undefined) {
      const fresh = this.#chunk(Math.min(SMALLEST_CHUNK_ROWS, this.chunkMask + 1))
      this.chunks.push(fresh)
      return fresh
    }
    if (at * this.width >= chunk.values.length) this.#grow(chunk)
    return chunk
  }

  #grow(chunk: LiveChunk): void {
    const { values, labelIds, startTimestampsMs } = chunk
    const memory = this.#chunk((values.length / this.width) * 2)
    chunk.values = memory.values
    chunk.labelIds = memory.labelIds
    chunk.startTimestampsMs = memory.startTimestampsMs
    chunk.shared = false
    chunk.values.set(values)
    chunk.labelIds.set(labelIds)
    if (startTimestampsMs !== undefined) chunk.startTimestampsMs?.set(startTimestampsMs)
    for (const [at, series] of (chunk.series ?? []).entries()) {
      if (series !== undefined) Series.move(series, chunk.values, at * this.width)
    }
  }

  #chunk(rows: number): LiveChunk {
    return new LiveChunk(rows, this.width, this.labelCount, this.timesStart)
  }

  #unshare(chunk: LiveChunk): void {
    chunk.labelIds = chunk.labelIds.slice()
    if (chunk.startTimestampsMs !== undefined) chunk.startTimestampsMs = chunk.startTimestampsMs.slice()
    chunk.shared = false
  }
}

/** A copy of the numbers of a chunk: that of the last snapshot, if none has changed since (question quiet-scrape). */
function copyOf(chunk: LiveChunk, length: number): Float64Array {
  if (length < WORTH_COMPARING) return chunk.values.slice(0, length)
  const last = chunk.copy?.deref()
  if (last?.length === length && areSame(last, chunk.values)) return last
  const copy = chunk.values.slice(0, length)
  chunk.copy = new WeakRef(copy)
  return copy
}

/** Whether both begin with the same bits, where the platform can tell at once: a loop takes longer than the copy. */
function areSame(one: Float64Array, other: Float64Array): boolean {
  const { Buffer } = globalThis as { Buffer?: { compare(one: Uint8Array, other: Uint8Array): number } }
  const bytes = ({ buffer, byteOffset }: Float64Array): Uint8Array => new Uint8Array(buffer, byteOffset, one.byteLength)
  return Buffer?.compare(bytes(one), bytes(other)) === 0
}

/** Workers have no time while they load: their clock is at 0 until the first request. @returns NaN for that */
function knownTime(timeMs: number): number {
  return timeMs || Number.NaN
}

function detach(series: Series | undefined, width: number): void {
  if (series !== undefined) Series.move(series, new Float64Array(width), 0)
}
