import { MetricError, shown } from '../errors.ts'
import { checkOptionNames } from '../option-names.ts'
import type { Registry } from '../registry/registry.ts'
import type { MetricsOptions } from './metrics-options.ts'

/** @throws {MetricError} `INVALID_OPTION` for one that no adapter has, and for a registry that is none */
export function checkMetricsOptions(options: MetricsOptions): void {
  checkOptionNames('the adapters', options, NAMES)
  const { registry } = options
  if (registry !== undefined && !isRegistry(registry))
    throw new MetricError('INVALID_OPTION', `registry must be a Registry of narthex, not ${shown(registry)}.`)
}

/** Not `instanceof`: it may be that of another copy of narthex. That of another client has no `gather`. */
function isRegistry(given: unknown): given is Registry {
  return typeof (given as Partial<Registry> | null)?.gather === 'function'
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
