export { MetricError, type MetricErrorCode } from './errors.ts'
export { expose, type Exposed, type ExposeOptions } from './expose.ts'
export {
  DEFAULT_BUCKETS,
  exponentialBuckets,
  exponentialBucketsRange,
  linearBuckets,
} from './metrics/classic-buckets.ts'
export { counter, Counter, type CounterOptions, type CounterSeries } from './metrics/counter.ts'
export type { MetricOptions } from './metrics/descriptor.ts'
export { exemplarsFrom, type ExemplarSource } from './metrics/exemplar-source.ts'
export { gauge, Gauge, type GaugeOptions, type GaugeSeries } from './metrics/gauge.ts'
export { histogram, Histogram, type HistogramOptions } from './metrics/histogram.ts'
export type { HistogramSeries } from './metrics/histogram-series.ts'
export { info, Info, type InfoOptions } from './metrics/info.ts'
export type {
  LabelArguments,
  LabelNames,
  LabelsByName,
  LabelsByPosition,
  RecordingArguments,
} from './metrics/labels.ts'
export type { NativeHistogramOptions } from './metrics/native-options.ts'
export type { ExemplarLabels, RecordingOptions } from './metrics/sampled-series.ts'
export type { CollectCallback, CollectedSeries } from './metrics/scalar-metric.ts'
export { stateSet, StateSet, type StateSetOptions, type StateSetSeries } from './metrics/state-set.ts'
export { summary, Summary, type SummaryOptions } from './metrics/summary.ts'
export type { SummarySeries } from './metrics/summary-series.ts'
export type { QuantileOptions } from './metrics/quantile-options.ts'
export type { Timer } from './metrics/timer.ts'
export type { Descriptor, MetricType } from './model/descriptor.ts'
export type { Exemplar } from './model/exemplar.ts'
export type { HistogramValue } from './model/histogram-value.ts'
export type { LabelSet, LabelValue } from './model/label-set.ts'
export { metricFamily, type MetricFamilyOptions } from './model/build-family.ts'
export { nativeUpperBound } from './model/native-bounds.ts'
export type { NativeBuckets, NativeSide } from './model/native-buckets.ts'
export { samplesOf, type MetricFamily } from './model/metric-family.ts'
export type { Sample, SampleValue, StateSetValue, SummaryValue } from './model/sample.ts'
export type { Collector } from './registry/collector.ts'
export { defaultRegistry } from './registry/default-registry.ts'
export { Registry, type GatherOptions, type RegistryOptions } from './registry/registry.ts'
