import { SEMCONV_BUCKETS, type NamingName } from '../http/request-naming.ts'
import { DEFAULT_BUCKETS } from '../metrics/classic-buckets.ts'

/** What a label can show of an outgoing request. */
export type OutgoingPart = 'method' | 'host' | 'address' | 'port' | 'status' | 'errorType'

/** A metric: its name without the prefix, and its labels with what they show. */
export interface NamedOutgoingMetric {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, OutgoingPart>>
}

/** A set of names. A metric that is not in it is told by a label of another. */
export interface OutgoingNames {
  readonly prefix: string
  readonly buckets: readonly number[]
  readonly latency: NamedOutgoingMetric
  readonly count?: NamedOutgoingMetric
  readonly errors?: NamedOutgoingMetric
  /** The status of a request to which no response came. */
  readonly noStatus: string
}

const BY_HOST = { method: 'method', host: 'host' } as const

export const OUTGOING_NAMINGS: Readonly<Record<NamingName, OutgoingNames>> = {
  seeds: {
    prefix: 'app_',
    buckets: DEFAULT_BUCKETS,
    latency: {
      name: 'outgoing_request_latency_seconds',
      help: 'Latency of the requests that the application makes.',
      labels: BY_HOST,
    },
    count: {
      name: 'outgoing_request_count_total',
      help: 'Requests that the application makes.',
      labels: { ...BY_HOST, http_status: 'status' },
    },
    errors: {
      name: 'outgoing_request_errors_total',
      help: 'Requests of the application that failed, by the code of the error or the status.',
      labels: { ...BY_HOST, error_type: 'errorType' },
    },
    noStatus: 'failed',
  },
  // OpenTelemetry, semantic conventions for HTTP metrics, as its compatibility rules translate them for Prometheus.
  semconv: {
    prefix: '',
    buckets: SEMCONV_BUCKETS,
    latency: {
      name: 'http_client_request_duration_seconds',
      help: 'Duration of HTTP client requests.',
      labels: {
        http_request_method: 'method',
        server_address: 'address',
        server_port: 'port',
        http_response_status_code: 'status',
        error_type: 'errorType',
      },
    },
    noStatus: '',
  },
}
