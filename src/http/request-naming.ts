import { DEFAULT_BUCKETS } from '../metrics/classic-buckets.ts'
import { UNMATCHED } from './route-label.ts'

/** What the metrics of requests may be called. */
export type NamingName = 'seeds' | 'semconv'

/** The metrics of requests, by what they tell. */
export type RequestMetricName =
  | 'latency'
  | 'count'
  | 'inProgress'
  | 'errors'
  | 'aborted'
  | 'queueTime'
  | 'firstByte'
  | 'requestSize'
  | 'responseSize'

/** What a label can show of a request. */
export type RequestPart = 'method' | 'route' | 'status' | 'errorType' | 'scheme' | 'protocolVersion'

/** How one metric is declared. */
export interface NamedMetric {
  /** Without the prefix. */
  readonly name: string
  readonly help: string
  /** Label names, and what they show. */
  readonly labels: Readonly<Record<string, RequestPart>>
}

/** A set of names for all metrics. One that is not in it is told by a label or a part of another. */
export interface Naming {
  readonly metrics: Readonly<Partial<Record<RequestMetricName, NamedMetric>>>
  readonly info: { readonly name: string; readonly help: string }
  /** With its underscore, or empty. */
  readonly prefix: string
  /** Upper bounds of the histograms of times, in seconds. */
  readonly buckets: readonly number[]
  /** The route of what matched none. */
  readonly unmatched: string
  /** The status of what was sent none. */
  readonly noStatus: string
}

const BY_ROUTE = { method: 'method', endpoint: 'route' } as const

const SEEDS: Naming = {
  metrics: {
    latency: { name: 'request_latency_seconds', help: 'Application Request Latency', labels: BY_ROUTE },
    count: {
      name: 'request_count_total',
      help: 'Application Request Count',
      labels: { ...BY_ROUTE, http_status: 'status' },
    },
    inProgress: {
      name: 'requests_in_progress',
      help: 'Requests whose response is not closed yet.',
      labels: { method: 'method' },
    },
    errors: {
      name: 'request_errors_total',
      help: 'Requests that failed, by the class of the error or the status.',
      labels: { ...BY_ROUTE, error_type: 'errorType' },
    },
    aborted: {
      name: 'requests_aborted_total',
      help: 'Requests whose connection ended before the response.',
      labels: BY_ROUTE,
    },
    queueTime: {
      name: 'request_queue_seconds',
      help: 'Time from X-Request-Start, which a proxy sets, to the start of the request.',
      labels: { method: 'method' },
    },
    firstByte: {
      name: 'request_first_byte_seconds',
      help: 'Time to the first byte of the response.',
      labels: BY_ROUTE,
    },
    requestSize: { name: 'request_size_bytes', help: 'Size of the request body, as it arrived.', labels: BY_ROUTE },
    responseSize: { name: 'response_size_bytes', help: 'Size of the response body, as it was sent.', labels: BY_ROUTE },
  },
  info: { name: 'version', help: 'Application Version' },
  prefix: 'app_',
  buckets: DEFAULT_BUCKETS,
  unmatched: UNMATCHED,
  noStatus: 'aborted',
}

const AT_START = { http_request_method: 'method', url_scheme: 'scheme' } as const

const AT_END = {
  http_request_method: 'method',
  http_route: 'route',
  http_response_status_code: 'status',
  url_scheme: 'scheme',
  network_protocol_version: 'protocolVersion',
  error_type: 'errorType',
} as const

/** OpenTelemetry, semantic conventions for HTTP metrics: the bounds that they advise for times, in seconds. */
export const SEMCONV_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]

/**
 * OpenTelemetry, semantic conventions for HTTP metrics, as its compatibility rules translate them for Prometheus: the
 * histogram counts the requests, and its label error_type those that failed or were aborted, so no counter stands
 * beside it. An empty label value is none to Prometheus. The conventions have no name for the time to the first byte,
 * nor for the queue.
 */
const SEMCONV: Naming = {
  metrics: {
    latency: {
      name: 'http_server_request_duration_seconds',
      help: 'Duration of HTTP server requests.',
      labels: AT_END,
    },
    inProgress: {
      name: 'http_server_active_requests',
      help: 'Number of active HTTP server requests.',
      labels: AT_START,
    },
    queueTime: {
      name: 'http_server_request_queue_seconds',
      help: 'Time from X-Request-Start, which a proxy sets, to the start of the request.',
      labels: AT_START,
    },
    firstByte: {
      name: 'http_server_request_first_byte_seconds',
      help: 'Time to the first byte of the response.',
      labels: AT_END,
    },
    requestSize: {
      name: 'http_server_request_body_size_bytes',
      help: 'Size of HTTP server request bodies.',
      labels: AT_END,
    },
    responseSize: {
      name: 'http_server_response_body_size_bytes',
      help: 'Size of HTTP server response bodies.',
      labels: AT_END,
    },
  },
  info: { name: 'target', help: 'Target metadata' },
  prefix: '',
  buckets: SEMCONV_BUCKETS,
  unmatched: '',
  noStatus: '',
}

/** Every naming there is. */
export const NAMINGS: Readonly<Record<NamingName, Naming>> = { seeds: SEEDS, semconv: SEMCONV }
