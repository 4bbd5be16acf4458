import { checkOptionNames } from '../option-names.ts'
import type { MetricsOptions } from './metrics-options.ts'

/** @throws {MetricError} `INVALID_OPTION` for one that no adapter has */
export function checkMetricsOptionNames(options: MetricsOptions): void {
  checkOptionNames('the adapters', options, NAMES)
}

const NAMES: Readonly<Record<keyof MetricsOptions, true>> = {
  registry: true,
  naming: true,
  prefix: true,
  path: true,
  auth: true,
  formats: true,
  startTimestamps: true,
  buckets: true,
  native: true,
  sizeBuckets: true,
  maxSeries: true,
  measure: true,
  labels: true,
  ignore: true,
  groupStatus: true,
  exemplars: true,
  info: true,
  processMetrics: true,
  scrapeMetrics: true,
  maxConcurrentScrapes: true,
  lint: true,
  onWarning: true,
}
