import type { GaugeSeries } from '../metrics/gauge.ts'
import type { HistogramSeries } from '../metrics/histogram-series.ts'
import { errorType } from './error-type.ts'
import { ABORTED, type RequestOutcome } from './request-observation.ts'
import type { RequestPolicy } from './request-policy.ts'
import { RequestSeries, seriesOf, type RequestKind } from './request-series.ts'
import { endpointLabel } from './route-label.ts'

/** What is known of a request's kind when it arrives. */
export type KindAtStart = Pick<RequestKind, 'method' | 'scheme' | 'protocolVersion'>

type Status = RequestOutcome['status']

/** The requests of one method and protocol, with what they are counted in. */
export class MethodRequests {
  readonly inProgress: GaugeSeries | undefined
  #queueTime: HistogramSeries | undefined
  readonly #policy: RequestPolicy
  readonly #atStart: KindAtStart
  /** Series by endpoint and status: a request of a usual kind looks nothing up in the metrics. */
  readonly #byEndpoint: Map<string | undefined, Map<Status, RequestSeries>> = new Map()

  constructor(policy: RequestPolicy, atStart: KindAtStart) {
    this.#policy = policy
    this.#atStart = atStart
    const { inProgress } = policy.instruments
    this.inProgress = inProgress && seriesOf(inProgress, withoutEnd(atStart), [])
  }

  /** Records how long a request waited. Made with the first: where no proxy says so, there is no series. */
  waited(seconds: number): void {
    const { queueTime } = this.#policy.instruments
    this.#queueTime ??= queueTime && seriesOf(queueTime, withoutEnd(this.#atStart), [])
    this.#queueTime?.observe(seconds)
  }

  /** Counts a request that took so long, unless it is ignored. */
  record(seconds: number, outcome: RequestOutcome, request: unknown): void {
    const { isIgnored, extraLabels, exemplarOf } = this.#policy
    if (isIgnored?.(outcome.endpoint, request) === true) return
    const { error, aborted, cutShort } = outcome
    const isUsual = extraLabels === undefined && error === undefined && aborted !== true && cutShort !== true
    const series = isUsual ? this.#kept(outcome) : this.#seriesOf(outcome, request)
    series.record(seconds, outcome, exemplarOf?.(request))
  }

  #kept(outcome: RequestOutcome): RequestSeries {
    const { endpoint, status } = outcome
    const byStatus = this.#byEndpoint.get(endpoint)
    return byStatus?.get(status) ?? this.#keep(outcome, byStatus)
  }

  #keep(outcome: RequestOutcome, byStatus: Map<Status, RequestSeries> = new Map()): RequestSeries {
    const series = this.#seriesOf(outcome, undefined)
    if (this.#policy.room-- > 0) {
      byStatus.set(outcome.status, series)
      this.#byEndpoint.set(outcome.endpoint, byStatus)
    }
    return series
  }

  #seriesOf(outcome: RequestOutcome, request: unknown): RequestSeries {
    const { instruments, naming, extraLabels } = this.#policy
    const { endpoint, status, aborted = status === ABORTED } = outcome
    const kind = {
      ...this.#atStart,
      route: endpoint === undefined ? naming.unmatched : endpointLabel(endpoint),
      status: status === ABORTED ? naming.noStatus : this.#statusLabel(status),
      errorType: errorType(outcome),
    }
    return new RequestSeries(instruments, kind, aborted, extraLabels?.(request) ?? [])
  }

  #statusLabel(status: number): string {
    return this.#policy.groupStatus ? `${Math.floor(status / 100)}xx` : String(status)
  }
}

function withoutEnd(atStart: KindAtStart): RequestKind {
  return { ...atStart, route: '', status: '', errorType: '' }
}
