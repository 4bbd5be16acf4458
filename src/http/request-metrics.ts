import { checkMetricsOptions } from './metrics-option-checks.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { MethodRequests } from './method-requests.ts'
import { queueSeconds } from './queue-time.ts'
import type { RequestNeeds, RequestObservation, RequestOutcome, RequestStart } from './request-observation.ts'
import { requestIdentity } from './request-identity.ts'
import { requestPolicy, type RequestPolicy } from './request-policy.ts'
import { methodLabel } from './route-label.ts'

/**
 * Declares the metrics of the requests that a service answers, or finds them where they are declared.
 *
 * @throws {MetricError} `INVALID_OPTION`, or as every declaration
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
  checkMetricsOptions(options)
  return new RequestMetrics(requestPolicy(options))
}

/**
 * Measures requests, each once. Get one from {@link requestMetrics}. What is on is decided when it is made, and what is
 * known of a kind of requests is kept: question http-overhead of the benchmarks.
 */
export class RequestMetrics {
  /** What is worth finding out of a request. */
  readonly needs: RequestNeeds
  /** The same object for all that count in one of the same metrics, so that a request can be counted once for each. */
  readonly identity: object
  readonly #policy: RequestPolicy
  /** By the label of the method, and there by protocol. */
  readonly #byMethod: Map<string, MethodRequests[]> = new Map()
  /** Where protocols do not matter, what the last request was of: most are of one method. */
  #last: MethodRequests | undefined
  #lastMethod: string | undefined

  /** Only for {@link requestMetrics}. */
  constructor(policy: RequestPolicy) {
    this.#policy = policy
    const { latency, count, inProgress, errors, aborted } = policy.instruments
    const { queueTime, firstByte, requestSize, responseSize } = policy.instruments
    const all = [latency, count, inProgress, errors, aborted, queueTime, firstByte, requestSize, responseSize]
    this.identity = requestIdentity(all.flatMap((instrument) => (instrument === undefined ? [] : [instrument.metric])))
    this.needs = Object.freeze({
      protocol: all.some((instrument) => instrument?.parts.includes('scheme')),
      queueTime: queueTime !== undefined,
      firstByte: firstByte !== undefined,
      requestBytes: requestSize !== undefined,
      responseBytes: responseSize !== undefined,
    })
  }

  /** Starts the clock of a request. */
  begin(method: string | undefined, start: RequestStart = NOTHING_KNOWN): RequestObservation {
    const last = this.#last
    const requests = last !== undefined && method === this.#lastMethod ? last : this.#requestsOf(method, start)
    requests.inProgress?.inc()
    if (start.requestStart !== undefined) {
      const seconds = queueSeconds(start.requestStart, Date.now())
      if (seconds !== undefined) requests.waited(seconds)
    }
    return new Observation(requests, start.request, start.startMs ?? performance.now())
  }

  #requestsOf(method: string | undefined, { scheme, protocolVersion }: RequestStart): MethodRequests {
    const known = methodLabel(method)
    const byProtocol = this.#byMethod.get(known) ?? []
    const at = this.needs.protocol ? protocolNumber(scheme, protocolVersion) : 0
    const requests = byProtocol[at] ?? this.#made(known, at, byProtocol)
    if (!this.needs.protocol) {
      this.#last = requests
      this.#lastMethod = method
    }
    return requests
  }

  #made(known: string, at: number, byProtocol: MethodRequests[]): MethodRequests {
    const made = new MethodRequests(this.#policy, {
      method: known,
      scheme: SCHEMES[Math.floor(at / VERSIONS.length)]!,
      protocolVersion: VERSIONS[at % VERSIONS.length]!,
    })
    byProtocol[at] = made
    this.#byMethod.set(known, byProtocol)
    return made
  }
}

class Observation implements RequestObservation {
  readonly #requests: MethodRequests
  readonly #request: unknown
  readonly #startMs: number
  #ended = false

  constructor(requests: MethodRequests, request: unknown, startMs: number) {
    this.#requests = requests
    this.#request = request
    this.#startMs = startMs
  }

  end(outcome: RequestOutcome): void {
    if (this.#ended) return
    this.cancel()
    this.#requests.record(((outcome.endMs ?? performance.now()) - this.#startMs) / 1000, outcome, this.#request)
  }

  cancel(): void {
    if (this.#ended) return
    this.#ended = true
    this.#requests.inProgress?.dec()
  }
}

const NOTHING_KNOWN: RequestStart = Object.freeze({})

/** What is not one of them is not told. */
const SCHEMES = ['', 'http', 'https']
const VERSIONS = ['', '1.0', '1.1', '2', '3']

function protocolNumber(scheme = '', version = ''): number {
  return Math.max(0, SCHEMES.indexOf(scheme)) * VERSIONS.length + Math.max(0, VERSIONS.indexOf(version))
}
