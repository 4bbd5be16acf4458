import type { CounterSeries } from '../metrics/counter.ts'
import type { HistogramSeries } from '../metrics/histogram-series.ts'
import type { ExemplarLabels } from '../metrics/sampled-series.ts'
import type { LabelValue } from '../model/label-set.ts'
import type { Instrument, RequestInstruments } from './request-instruments.ts'
import type { RequestPart } from './request-naming.ts'
import type { RequestOutcome } from './request-observation.ts'

/** Everything that the labels can show of a request, as they show it. */
export type RequestKind = Readonly<Record<RequestPart, string>>

/** The series of all requests of one kind. */
export class RequestSeries {
  readonly #latency: HistogramSeries | undefined
  readonly #count: CounterSeries | undefined
  readonly #errors: CounterSeries | undefined
  readonly #aborted: CounterSeries | undefined
  readonly #firstByte: HistogramSeries | undefined
  readonly #requestSize: HistogramSeries | undefined
  readonly #responseSize: HistogramSeries | undefined

  /** @param aborted whether the connections of such requests ended before the response did */
  constructor(instruments: RequestInstruments, kind: RequestKind, aborted: boolean, extra: readonly LabelValue[]) {
    const of = <S>(instrument: Instrument<HasSeries<S>> | undefined): S | undefined =>
      instrument && seriesOf(instrument, kind, extra)
    this.#latency = of(instruments.latency)
    this.#count = of(instruments.count)
    this.#errors = kind.errorType === '' ? undefined : of(instruments.errors)
    this.#aborted = aborted ? of(instruments.aborted) : undefined
    this.#firstByte = of(instruments.firstByte)
    this.#requestSize = of(instruments.requestSize)
    this.#responseSize = of(instruments.responseSize)
  }

  /** Counts one more request, which took so long. */
  record(seconds: number, outcome: RequestOutcome, exemplar: ExemplarLabels | undefined): void {
    if (exemplar === undefined) {
      this.#latency?.observe(seconds)
      this.#count?.inc()
    } else {
      this.#latency?.observe(seconds, { exemplar })
      this.#count?.inc(1, { exemplar })
    }
    this.#errors?.inc()
    this.#aborted?.inc()
    const { timeToFirstByteSeconds, requestBytes, responseBytes } = outcome
    if (timeToFirstByteSeconds !== undefined) this.#firstByte?.observe(timeToFirstByteSeconds)
    if (requestBytes !== undefined) this.#requestSize?.observe(requestBytes)
    if (responseBytes !== undefined) this.#responseSize?.observe(responseBytes)
  }
}

/** What all metrics with labels have. */
export interface HasSeries<S> {
  labels(...values: LabelValue[]): S
}

/** The series of a metric that shows requests of this kind. */
export function seriesOf<S>(
  { metric, parts }: Instrument<HasSeries<S>>,
  kind: RequestKind,
  extra: readonly LabelValue[],
): S {
  return metric.labels(...parts.map((part) => kind[part]), ...extra)
}
