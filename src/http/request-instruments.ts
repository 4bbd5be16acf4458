import { MetricError, shown } from '../errors.ts'
import { counter, type Counter } from '../metrics/counter.ts'
import { gauge, type Gauge } from '../metrics/gauge.ts'
import { histogram, type Histogram } from '../metrics/histogram.ts'
import { info } from '../metrics/info.ts'
import type { LabelNames } from '../metrics/labels.ts'
import { checkOptionNames } from '../option-names.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { chosenPrefix } from './naming-option.ts'
import type { Naming, RequestMetricName, RequestPart } from './request-naming.ts'
import { MOST_SERIES } from './route-label.ts'

/** The metrics of requests; those that are off, or that the naming does not have, are not there. */
export interface RequestInstruments {
  readonly latency: Instrument<Histogram> | undefined
  readonly count: Instrument<Counter> | undefined
  readonly inProgress: Instrument<Gauge> | undefined
  readonly errors: Instrument<Counter> | undefined
  readonly aborted: Instrument<Counter> | undefined
  readonly queueTime: Instrument<Histogram> | undefined
  readonly firstByte: Instrument<Histogram> | undefined
  readonly requestSize: Instrument<Histogram> | undefined
  readonly responseSize: Instrument<Histogram> | undefined
}

/** A metric, and what its labels show: those parts of a request, and after them the labels of the program. */
export interface Instrument<M> {
  readonly metric: M
  readonly parts: readonly RequestPart[]
}

/** On unless told otherwise. The others have their price, and not everybody wants it. */
const ON: Readonly<Record<RequestMetricName, boolean>> = {
  latency: true,
  count: true,
  inProgress: true,
  errors: true,
  aborted: true,
  queueTime: true,
  firstByte: false,
  requestSize: false,
  responseSize: false,
}

const SIZE_BUCKETS: readonly number[] = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

/**
 * Declares what `options` ask for, as it is called in `naming`.
 *
 * @throws {MetricError} as every declaration, or `INVALID_OPTION`
 */
export function requestInstruments(options: MetricsOptions, naming: Naming): RequestInstruments {
  const on = { ...ON, ...measured(options.measure) }
  const common = {
    maxSeries: options.maxSeries ?? MOST_SERIES,
    ...(options.registry && { registry: options.registry }),
  }
  const extra = Object.keys(options.labels ?? {})
  const prefix = chosenPrefix(options.prefix, naming)
  const native = options.native ?? false
  const times = { native, buckets: options.buckets ?? naming.buckets }
  const sizes = { native, buckets: options.sizeBuckets ?? SIZE_BUCKETS }

  const declared = <M>(name: RequestMetricName, declare: (options: Declaration) => M): Instrument<M> | undefined => {
    const named = naming.metrics[name]
    if (named === undefined || !on[name]) return undefined
    const parts = Object.values(named.labels)
    const labelNames = Object.keys(named.labels)
    // What is known only at the end has the labels of the program, too.
    if (parts.includes('route')) labelNames.push(...extra)
    return { metric: declare({ ...common, name: prefix + named.name, help: named.help, labelNames }), parts }
  }
  const instruments: RequestInstruments = {
    latency: declared('latency', (declaration) => histogram({ ...declaration, ...times })),
    count: declared('count', counter),
    inProgress: declared('inProgress', gauge),
    errors: declared('errors', counter),
    aborted: declared('aborted', counter),
    queueTime: declared('queueTime', (declaration) => histogram({ ...declaration, ...times })),
    firstByte: declared('firstByte', (declaration) => histogram({ ...declaration, ...times })),
    requestSize: declared('requestSize', (declaration) => histogram({ ...declaration, ...sizes })),
    responseSize: declared('responseSize', (declaration) => histogram({ ...declaration, ...sizes })),
  }
  if (options.info !== undefined) {
    const { name, help } = naming.info
    info({ name: prefix + name, help, ...(options.registry && { registry: options.registry }) }).set(options.info)
  }
  return instruments
}

interface Declaration {
  readonly name: string
  readonly help: string
  readonly labelNames: LabelNames
  readonly maxSeries: number
}

/** @throws {MetricError} `INVALID_OPTION`: a misspelt name would leave a metric on, or off, without a word */
function measured(measure: MetricsOptions['measure'] = {}): NonNullable<MetricsOptions['measure']> {
  checkOptionNames('measure', measure, ON)
  for (const [name, on] of Object.entries(measure)) {
    if (typeof on === 'boolean') continue
    throw new MetricError('INVALID_OPTION', `measure takes true or false, not ${shown(on)} for ${name}.`)
  }
  return measure
}
