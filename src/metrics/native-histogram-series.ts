import type { Descriptor } from '../model/descriptor.ts'
import type { Exemplar } from '../model/exemplar.ts'
import type { NativeBuckets } from '../model/native-buckets.ts'
import type { SeriesColumns } from '../model/series-columns.ts'
import { HistogramSeries } from './histogram-series.ts'
import { SampledSeries, type ExemplarCounts, type RecordingOptions } from './sampled-series.ts'
import { LiveNativeBuckets, type NativeRules } from './live-native-buckets.ts'
import type { SeriesTable } from './series-table.ts'

/** One label set of a histogram with native buckets: they are here, count, sum and classic buckets in the row. */
export class NativeHistogramSeries extends HistogramSeries {
  readonly #native: LiveNativeBuckets
  /** How many numbers the row has. */
  readonly #width: number
  /** When it began again, until the table has heard of it. */
  #restartedMs: number | undefined

  constructor(
    values: Float64Array,
    at: number,
    bounds: Float64Array,
    descriptor: Descriptor,
    exemplars: ExemplarCounts,
    rules: NativeRules,
  ) {
    super(values, at, bounds, descriptor, exemplars)
    this.#native = new LiveNativeBuckets(rules, Date.now())
    this.#width = bounds.length + 2
  }

  override observe(value: number, options?: RecordingOptions): void {
    // Not asked for the time: reading a clock takes longer than all the rest (question native-observe of the
    // benchmarks).
    if (this.#native.resetDueMs !== Number.POSITIVE_INFINITY) this.#resetIfDue(Date.now())
    super.observe(value, options)
    if (this.#native.observe(value)) this.#limit(value, options)
  }

  protected override exemplarTaken(exemplar: Exemplar): void {
    this.#native.takeExemplar(exemplar)
  }

  /** Begins again from zero. */
  beginAgain(nowMs: number): void {
    this.values.fill(0, this.at, this.at + this.#width)
    this.#native.reset(nowMs)
    this.#restartedMs = nowMs
    SampledSeries.forget(this)
  }

  /**
   * The reset that was put off because it came too early, if its time has come. It counts as done when it was due:
   * nothing was recorded since, and nothing shown, or it would have been done then.
   */
  #resetIfDue(nowMs: number): void {
    const dueMs = this.#native.resetDueMs
    if (nowMs >= dueMs) this.beginAgain(dueMs)
  }

  /** With too many buckets: begins again with the value that was one too many, or else has wider buckets. */
  #limit(value: number, options: RecordingOptions | undefined): void {
    const nowMs = Date.now()
    if (!this.#native.mustReset(nowMs)) {
      this.#native.shrink()
      return
    }
    this.beginAgain(nowMs)
    super.observe(value, options)
    this.#native.observe(value)
  }

  /**
   * The native buckets for a scrape, and when the series began, if that is news. Only for the metric that gave the
   * series out.
   */
  static collect(series: NativeHistogramSeries, nowMs: number): { native: NativeBuckets; startMs: number | undefined } {
    series.#resetIfDue(nowMs)
    const startMs = series.#restartedMs
    series.#restartedMs = undefined
    return { native: series.#native.snapshot(nowMs), startMs }
  }
}

/**
 * The columns of a native histogram, after the resets whose time has come.
 *
 * @param table where every row that is in use has its series
 */
export function nativeColumns(table: SeriesTable, snapshot: () => SeriesColumns): SeriesColumns {
  const nowMs = Date.now()
  const byChunk = table.chunks.map((chunk, i) =>
    (chunk.series as (NativeHistogramSeries | undefined)[]).map((series, at) => {
      if (series === undefined) return undefined
      const { native, startMs } = NativeHistogramSeries.collect(series, nowMs)
      if (startMs !== undefined) table.startedAt((i << table.chunkShift) + at, startMs)
      return native
    }),
  )
  // Only now: a reset is one of the numbers, too.
  const columns = snapshot()
  return { ...columns, chunks: columns.chunks.map((chunk, i) => ({ ...chunk, native: byChunk[i]! })) }
}
