import type { MetricType } from '../model/descriptor.ts'

/** What one line of a series says: all of it, or a part of its composite value. */
export type SamplePart = 'value' | 'bucket' | 'quantile' | 'state' | 'count' | 'sum' | 'created'

/** For each type that a format knows: the suffixes of its sample names, and what they say. */
export type SampleParts = Readonly<Partial<Record<MetricType, Readonly<Record<string, SamplePart>>>>>

/** The text format (conformance T3, T7). */
export const PROMETHEUS_PARTS: SampleParts = {
  counter: { '': 'value' },
  gauge: { '': 'value' },
  unknown: { '': 'value' },
  histogram: { _bucket: 'bucket', _count: 'count', _sum: 'sum' },
  summary: { '': 'quantile', _count: 'count', _sum: 'sum' },
}

/** OpenMetrics 1.0 (conformance O7). */
export const OPENMETRICS_PARTS: SampleParts = {
  counter: { _total: 'value', _created: 'created' },
  gauge: { '': 'value' },
  unknown: { '': 'value' },
  info: { _info: 'value' },
  stateset: { '': 'state' },
  histogram: { _bucket: 'bucket', _count: 'count', _sum: 'sum', _created: 'created' },
  gaugehistogram: { _bucket: 'bucket', _gcount: 'count', _gsum: 'sum' },
  summary: { '': 'quantile', _count: 'count', _sum: 'sum', _created: 'created' },
}
