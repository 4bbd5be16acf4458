import { MetricError, shown } from '../errors.ts'
import { checkOptionNames } from '../option-names.ts'
import { checkRegistry } from '../registry/registry-option.ts'
import type { MetricsOptions } from './metrics-options.ts'

/**
 * Checks the options of an adapter, as far as it is not done where they are used.
 *
 * @param own what only this adapter has, with a property for each option
 * @throws {MetricError} `INVALID_OPTION`
 */
export function checkMetricsOptions(options: MetricsOptions, own: Readonly<Record<string, unknown>> = {}): void {
  checkOptionNames('the adapters', options, { ...OPTIONS, ...own })
  checkRegistry(options.registry)
  for (const [name, value] of Object.entries(options) as [keyof MetricsOptions, unknown][]) {
    const type = OPTIONS[name]
    // From an environment, `'false'` would be on.
    if (type === 'boolean' && value !== undefined && typeof value !== 'boolean') {
      throw new MetricError('INVALID_OPTION', `${name} must be true or false, not ${shown(value)}.`)
    }
    if (type === 'function' && value !== undefined && typeof value !== 'function') {
      throw new MetricError('INVALID_OPTION', `${name} must be a function, not ${shown(value)}.`)
    }
  }
}

/** What nobody checks later, by its type. */
const OPTIONS: Readonly<Record<keyof MetricsOptions, true | 'boolean' | 'function'>> = {
  registry: true,
  naming: true,
  prefix: true,
  path: true,
  auth: true,
  formats: true,
  startTimestamps: 'boolean',
  buckets: true,
  native: true,
  sizeBuckets: true,
  maxSeries: true,
  measure: true,
  labels: true,
  ignore: true,
  groupStatus: 'boolean',
  exemplars: true,
  info: true,
  processMetrics: 'boolean',
  scrapeMetrics: 'boolean',
  maxConcurrentScrapes: true,
  lint: 'boolean',
  onWarning: 'function',
}
