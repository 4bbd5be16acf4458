import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar, type RowExemplars } from '../model/exemplar.ts'
import { isLabelName } from '../model/names.ts'
import { isLabelValue, textOf, type LabelValue } from '../model/label-set.ts'
import { Series } from './series.ts'

/** Labels of an exemplar, such as `{ trace_id, span_id }`. */
export type ExemplarLabels = Readonly<Record<string, LabelValue>>

/** Any exemplar is shown so long at most; one given by hand stays so long at least. */
const SHOWN_MS = 70_000

/** What may be said of a recording besides its value. */
export interface RecordingOptions {
  /**
   * Labels that lead to this event, such as `{ trace_id }`: of 128 code points at most, names and values together. What
   * cannot be an exemplar is dropped and counted in `narthex_exemplars_dropped_total`; the value is recorded all the
   * same.
   */
  readonly exemplar?: ExemplarLabels
}

/**
 * Asked for the labels of an exemplar that comes by itself, with the one in whose place it would be. `undefined` leaves
 * that where it is; what could be no labels is an exemplar that is dropped.
 */
export type Sampler = (there: Exemplar | undefined) => unknown

let sampler: Sampler | undefined

/** Lets all series ask `from`, once while `tick` is the same. `undefined` ends it. */
export function sampleFrom(from: Sampler | undefined, tick: number | undefined): void {
  sampler = from
  Object.assign(SampledSeries.prototype, { tick })
}

/** Whether exemplars may come by themselves. */
export function isSampling(): boolean {
  return sampler !== undefined
}

/** Those that did not come by themselves. */
const givenByHand = new WeakSet<Exemplar>()

/** Whether an exemplar stays where another comes by itself, if one stays so long that came by itself, too. */
export function stays(exemplar: Exemplar, keptMs: number): boolean {
  return isYoung(exemplar, (givenByHand.has(exemplar) ? SHOWN_MS : keptMs) - 1, Date.now())
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
  /**
   * The same for all series: it changes at every attempt that a series may make, and is not there while exemplars come
   * from nowhere. On the prototype, as asking for it costs nothing there as long as nobody has written it (question
   * kept-inc of the benchmarks).
   */
  declare protected readonly tick: number | undefined
  /** The tick of the last attempt: as long as it is the same, recording does no more. */
  protected sampledAt: number | undefined

  protected constructor(values: Float64Array, at: number, counts: ExemplarCounts) {
    super(values, at)
    this.#counts = counts
  }

  /** The exemplars that are to be shown now, for each of some series; `undefined` if there are none at all. */
  static exemplarsOf(
    all: readonly (Series | undefined)[],
    nowMs: number,
  ): readonly (RowExemplars | undefined)[] | undefined {
    const exemplars = all.map((each) => (each instanceof SampledSeries ? each.#shown(nowMs) : undefined))
    return exemplars.some(Boolean) ? exemplars : undefined
  }

  /**
   * Takes an exemplar of a value that was recorded: the one given, or one that comes by itself if it is time for one. A
   * series that can have none takes none.
   */
  static sample(series: Series, value: number, options: RecordingOptions | undefined): void {
    if (series instanceof SampledSeries) series.#sample(value, options?.exemplar)
  }

  /** Forgets the exemplars of a series, if it can have any: it begins again. */
  static forget(series: Series): void {
    if (series instanceof SampledSeries) series.#exemplars = undefined
  }

  /** The column of the row that a value is counted in. */
  protected columnOf(_value: number): number {
    return 0
  }

  /** For series that keep more than one in a column. */
  protected exemplarTaken(_exemplar: Exemplar): void {}

  #sample(value: number, given: ExemplarLabels | undefined): void {
    const column = this.columnOf(value)
    const isTime = this.sampledAt !== this.tick
    this.sampledAt = this.tick
    const labels = given === undefined && isTime ? sampler?.(this.#exemplars?.[column]) : given
    if (labels === undefined) return
    const exemplar = exemplarOf(labels, value)
    if (exemplar === undefined) {
      this.#counts.dropped++
      return
    }
    if (given !== undefined) givenByHand.add(exemplar)
    const exemplars = [...(this.#exemplars ?? [])]
    exemplars[column] = exemplar
    this.#exemplars = exemplars
    this.#counts.used = true
    this.exemplarTaken(exemplar)
  }

  #shown(nowMs: number): RowExemplars | undefined {
    const isOld = (each: Exemplar | undefined): boolean => each !== undefined && !isYoung(each, SHOWN_MS, nowMs)
    if (this.#exemplars?.some(isOld)) {
      const left = this.#exemplars.map((each) => (isOld(each) ? undefined : each))
      this.#exemplars = left.some(Boolean) ? left : undefined
    }
    return this.#exemplars
  }
}

/** The exemplar of now, or `undefined` if there can be none (conformance O17). */
function exemplarOf(labels: unknown, value: number): Exemplar | undefined {
  if (typeof labels !== 'object' || labels === null || Number.isNaN(value)) return undefined
  const given = Object.entries(labels)
  if (!given.every(([name, text]) => isLabelName(name) && isLabelValue(text))) return undefined
  const pairs = given.map(([name, text]) => [name, textOf(text as LabelValue)] as const)
  if (codePointsOf(pairs) > EXEMPLAR_CODE_POINTS) return undefined
  return { labels: Object.fromEntries(pairs), value, timestampMs: Date.now() }
}

/**
 * Whether an exemplar is so old at most. One of the future is of a clock that was set back since: nobody knows how old
 * it is.
 */
function isYoung({ timestampMs }: Exemplar, ageMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - timestampMs!) <= ageMs
}
