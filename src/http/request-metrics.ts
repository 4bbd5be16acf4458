import type { Counter, CounterSeries } from '../metrics/counter.ts'
import { counter } from '../metrics/counter.ts'
import type { Histogram, HistogramSeries } from '../metrics/histogram.ts'
import { histogram } from '../metrics/histogram.ts'
import { info } from '../metrics/info.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { endpointLabel, methodLabel } from './route-label.ts'

/** The status of a request whose client left before any of the response was sent: no status was, so none is invented. */
export const ABORTED = 'aborted'

/** How a request ended. */
export interface RequestOutcome {
  /** The pattern of its route, bounded in number whatever clients send; `undefined` if it matched none. */
  readonly endpoint: string | undefined
  /** As sent; {@link ABORTED} if nothing was. */
  readonly status: number | typeof ABORTED
}

/** One request while it is being answered. */
export interface RequestObservation {
  /** Counts the request, when its response is closed. Only the first call does. */
  end(outcome: RequestOutcome): void
}

/**
 * Declares the metrics of the requests that a service answers, or finds them where they are declared:
 * the latency, the count and, with `info`, the version.
 *
 * @throws {MetricError} as every declaration
 *
 * @example
 * ```ts
 * import { defaultRegistry, expose } from 'narthex'
 * import { requestMetrics } from 'narthex/http'
 *
 * const requests = requestMetrics()
 * const observation = requests.begin('GET')
 * observation.end({ endpoint: '/users/:id', status: 200 })
 * console.log(await expose(defaultRegistry, { names: ['app_request_count_total'] }))
 * // # HELP app_request_count_total Application Request Count
 * // # TYPE app_request_count_total counter
 * // app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1
 * ```
 */
export function requestMetrics(options: MetricsOptions = {}): RequestMetrics {
  const { registry, buckets, maxSeries = 1000 } = options
  const prefix = options.prefix === '' ? '' : `${options.prefix ?? 'app'}_`
  const common = { maxSeries, ...(registry && { registry }) }
  const latency = histogram({
    ...common,
    name: `${prefix}request_latency_seconds`,
    help: 'Application Request Latency',
    labelNames: ['method', 'endpoint'],
    ...(buckets && { buckets }),
  })
  const count = counter({
    ...common,
    name: `${prefix}request_count_total`,
    help: 'Application Request Count',
    labelNames: ['method', 'endpoint', 'http_status'],
  })
  if (options.info !== undefined) {
    info({ name: `${prefix}version`, help: 'Application Version', ...(registry && { registry }) }).set(options.info)
  }
  return new RequestMetrics(latency, count, maxSeries)
}

/** Measures requests, each once. Get one from {@link requestMetrics}. */
export class RequestMetrics {
  readonly latency: Histogram<readonly ['method', 'endpoint']>
  readonly count: Counter<readonly ['method', 'endpoint', 'http_status']>
  /** Series by method and endpoint: a request of a kind that was there before looks nothing up in the metrics. */
  readonly #byMethod: Map<string, Map<string, EndpointSeries>> = new Map()
  /** How many series may still be kept there. Who is one too many asks the metric, which knows about its overflow. */
  #room: number

  constructor(latency: RequestMetrics['latency'], count: RequestMetrics['count'], maxSeries: number) {
    this.latency = latency
    this.count = count
    this.#room = maxSeries
  }

  /** Starts the clock of a request. */
  begin(method: string | undefined): RequestObservation {
    return new Observation(this, methodLabel(method))
  }

  /** Counts one request that took so long. */
  record(method: string, seconds: number, { endpoint, status }: RequestOutcome): void {
    const label = endpointLabel(endpoint)
    const series = this.#byMethod.get(method)?.get(label) ?? this.#seriesOf(method, label)
    series.latency.observe(seconds)
    const counted = series.byStatus.get(status) ?? this.#countOf(series, method, label, status)
    counted.inc()
  }

  #seriesOf(method: string, endpoint: string): EndpointSeries {
    const series = { latency: this.latency.labels(method, endpoint), byStatus: new Map() }
    if (this.#room <= 0) return series
    const byEndpoint = this.#byMethod.get(method) ?? new Map<string, EndpointSeries>()
    byEndpoint.set(endpoint, series)
    this.#byMethod.set(method, byEndpoint)
    return series
  }

  #countOf(series: EndpointSeries, method: string, endpoint: string, status: RequestOutcome['status']): CounterSeries {
    const counted = this.count.labels(method, endpoint, status)
    if (this.#room-- > 0) series.byStatus.set(status, counted)
    return counted
  }
}

interface EndpointSeries {
  readonly latency: HistogramSeries
  readonly byStatus: Map<RequestOutcome['status'], CounterSeries>
}

class Observation implements RequestObservation {
  readonly #metrics: RequestMetrics
  readonly #method: string
  readonly #startMs: number
  #ended = false

  constructor(metrics: RequestMetrics, method: string) {
    this.#metrics = metrics
    this.#method = method
    this.#startMs = performance.now()
  }

  end(outcome: RequestOutcome): void {
    if (this.#ended) return
    this.#ended = true
    this.#metrics.record(this.#method, (performance.now() - this.#startMs) / 1000, outcome)
  }
}
