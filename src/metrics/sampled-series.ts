import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar, type RowExemplars } from '../model/exemplar.ts'
import { isLabelName } from '../model/names.ts'
import { isLabelValue, type LabelValue } from '../model/label-set.ts'
import { Series } from './series.ts'

/** Labels of an exemplar, such as `{ trace_id, span_id }`. */
export type ExemplarLabels = Readonly<Record<string, LabelValue>>

/** What leads to the event that is recorded now: labels, or `undefined` where nobody could follow them. */
export type ExemplarSource = () => ExemplarLabels | undefined

/** An exemplar that came by itself stays so long at least, where another could take its place. */
const KEPT_MS = 7_000
/** Any exemplar is shown so long at most; one given by hand stays so long at least. */
const SHOWN_MS = 70_000

/** What may be said of a recording besides its value. */
export interface RecordingOptions {
  /**
   * Labels that lead to this event, such as `{ trace_id }`: of 128 code points at most, names and values together. What
   * cannot be an exemplar is dropped and counted in `narthex_exemplars_dropped_total`; the value is recorded all the same.
   */
  readonly exemplar?: ExemplarLabels
}

let source: ExemplarSource | undefined

/** Lets all series ask `from`, once while `tick` is the same. `undefined` ends it. */
export function sampleFrom(from: ExemplarSource | undefined, tick: number | undefined): void {
  source = from
  Object.assign(SampledSeries.prototype, { tick })
}

/** Whether exemplars may come by themselves. */
export function isSampling(): boolean {
  return source !== undefined
}

/** What the series of a metric share. */
export interface ExemplarCounts {
  /** Whether any series ever had an exemplar. */
  used: boolean
  /** How many could not be taken. */
  dropped: number
}

/** A series that has exemplars: one for each number of its row that has a use for one. */
export abstract class SampledSeries extends Series {
  readonly #counts: ExemplarCounts
  #exemplars: RowExemplars | undefined
  /** How long each may not be replaced by one that comes by itself. */
  #keptMs: readonly number[] = []
  /**
   * The same for all series: it changes at every attempt that a series may make, and is not there while exemplars come from
   * nowhere. On the prototype, as asking for it costs nothing there as long as nobody has written it (question kept-inc of
   * the benchmarks).
   */
  declare protected readonly tick: number | undefined
  /** The tick of the last attempt: as long as it is the same, recording does no more. */
  protected sampledAt: number | undefined

  protected constructor(values: Float64Array, at: number, counts: ExemplarCounts) {
    super(values, at)
    this.#counts = counts
  }

  /** The exemplars of a series that are to be shown now. */
  static exemplarsOf(series: SampledSeries, nowMs: number): RowExemplars | undefined {
    const there = series.#exemplars
    const isShown = (each: Exemplar | undefined): boolean => each !== undefined && isWithin(SHOWN_MS, each, nowMs)
    if (there?.some((each) => each !== undefined && !isShown(each))) {
      series.#exemplars = there.some(isShown) ? there.map((each) => (isShown(each) ? each : undefined)) : undefined
    }
    return series.#exemplars
  }

  /** Takes an exemplar of a value that was recorded: the one given, or one that comes by itself if it is time for one. */
  static sample(series: SampledSeries, value: number, options: RecordingOptions | undefined): void {
    const given = options?.exemplar
    if (given !== undefined) series.#put(value, given, SHOWN_MS)
    else if (series.sampledAt !== series.tick) series.#ask(value)
    series.sampledAt = series.tick
  }

  /** Forgets its exemplars: it begins again. */
  static forget(series: SampledSeries): void {
    series.#exemplars = undefined
  }

  /** The column of the row that a value is counted in. */
  protected columnOf(_value: number): number {
    return 0
  }

  /** For series that keep more than one in a column. */
  protected exemplarTaken(_exemplar: Exemplar): void {}

  #ask(value: number): void {
    const column = this.columnOf(value)
    const there = this.#exemplars?.[column]
    if (there !== undefined && isWithin(this.#keptMs[column]! - 1, there, Date.now())) return
    let labels: ExemplarLabels | undefined
    try {
      labels = source?.()
    } catch {
      this.#counts.dropped++
    }
    if (labels !== undefined) this.#put(value, labels, KEPT_MS)
  }

  #put(value: number, labels: ExemplarLabels, keptMs: number): void {
    const exemplar = exemplarOf(labels, value)
    if (exemplar === undefined) {
      this.#counts.dropped++
      return
    }
    const column = this.columnOf(value)
    this.#exemplars = replaced(this.#exemplars ?? [], column, exemplar)
    this.#keptMs = replaced(this.#keptMs, column, keptMs)
    this.#counts.used = true
    this.exemplarTaken(exemplar)
  }
}

/** The exemplar of now, or `undefined` if there can be none (conformance O17). */
function exemplarOf(labels: unknown, value: number): Exemplar | undefined {
  if (typeof labels !== 'object' || labels === null || Number.isNaN(value)) return undefined
  const pairs: [string, string][] = []
  for (const [name, given] of Object.entries(labels)) {
    if (!isLabelName(name) || !isLabelValue(given)) return undefined
    pairs.push([name, String(given).toWellFormed()])
  }
  if (codePointsOf(pairs) > EXEMPLAR_CODE_POINTS) return undefined
  return { labels: Object.fromEntries(pairs), value, timestampMs: Date.now() }
}

/** Whether an exemplar is so old at most. One of the future is of a clock that was set back since: nobody knows how old it is. */
function isWithin(ageMs: number, { timestampMs }: Exemplar, nowMs: number): boolean {
  return Math.abs(nowMs - timestampMs!) <= ageMs
}

/** A copy with another value at `at`. */
function replaced<T>(values: readonly T[], at: number, value: T): T[] {
  return Array.from({ length: Math.max(values.length, at + 1) }, (_, i) => (i === at ? value : values[i]!))
}
