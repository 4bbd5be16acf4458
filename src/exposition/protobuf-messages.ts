import type { MetricType } from '../model/descriptor.ts'

/*
 * The messages of the exposition: the numbers of their fields, and of the types of a family (conformance B2). They are
 * those of `io.prometheus.client` in https://github.com/prometheus/client_model, where a number never changes.
 */

export const FAMILY = { name: 1, help: 2, type: 3, metric: 4, unit: 5 } as const

export const METRIC = {
  label: 1,
  gauge: 2,
  counter: 3,
  summary: 4,
  untyped: 5,
  timestampMs: 6,
  histogram: 7,
} as const

export const LABEL_PAIR = { name: 1, value: 2 } as const

/** Gauge and untyped have the value alone. */
export const COUNTER = { value: 1, exemplar: 2, createdTimestamp: 3 } as const

export const SUMMARY = { sampleCount: 1, sampleSum: 2, quantile: 3, createdTimestamp: 4 } as const

export const QUANTILE = { quantile: 1, value: 2 } as const

export const HISTOGRAM = {
  sampleCount: 1,
  sampleSum: 2,
  bucket: 3,
  sampleCountFloat: 4,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  zeroCountFloat: 8,
  negativeSpan: 9,
  negativeDelta: 10,
  negativeCount: 11,
  positiveSpan: 12,
  positiveDelta: 13,
  positiveCount: 14,
  createdTimestamp: 15,
  exemplars: 16,
} as const

export const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3, cumulativeCountFloat: 4 } as const

export const BUCKET_SPAN = { offset: 1, length: 2 } as const

export const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const

/** That of protobuf itself, `google.protobuf.Timestamp`. */
export const TIMESTAMP = { seconds: 1, nanos: 2 } as const

/** An info and a state set are gauges here. */
export const TYPE_NUMBERS: Readonly<Record<MetricType, number>> = {
  counter: 0,
  gauge: 1,
  info: 1,
  stateset: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
}
