import { MetricError, shown } from '../errors.ts'
import { chosenNaming, chosenPrefix } from '../http/naming-option.ts'
import type { NamingName } from '../http/request-naming.ts'
import { methodLabel, MOST_SERIES } from '../http/route-label.ts'
import { counter, type Counter } from '../metrics/counter.ts'
import { histogram, type Histogram } from '../metrics/histogram.ts'
import { checkOptionNames } from '../option-names.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import { checkRegistry } from '../registry/registry-option.ts'
import type { Registry } from '../registry/registry.ts'
import { errorType } from './outgoing-error-type.ts'
import { KnownHosts } from './known-hosts.ts'
import { OUTGOING_NAMINGS, type NamedOutgoingMetric, type OutgoingNames, type OutgoingPart } from './outgoing-naming.ts'

/** What {@link outgoingRequestMetrics} takes. All of it may be left out. */
export interface OutgoingRequestOptions {
  /** Where the metrics are registered. By default the registry of the process. */
  readonly registry?: Registry
  /**
   * `'seeds'` by default, as the metrics of the requests that are answered; or the names of OpenTelemetry's
   * conventions.
   */
  readonly naming?: NamingName
  /** What the names begin with: `app` by default, and nothing with the names of the conventions. */
  readonly prefix?: string
  /** Upper bounds of the latency histogram in seconds; by default those of the naming. */
  readonly buckets?: readonly number[]
  /** How many hosts have a label of their own, the first to be called: 100 by default. All others are `_overflow`. */
  readonly maxHosts?: number
  /** How many series each metric may have: 1,000 by default. */
  readonly maxSeries?: number
}

const OPTIONS: Readonly<Record<keyof OutgoingRequestOptions, true>> = {
  registry: true,
  naming: true,
  prefix: true,
  buckets: true,
  maxHosts: true,
  maxSeries: true,
}

/** One request that a program has made. */
export interface OutgoingRequest {
  readonly method: string
  readonly scheme: 'http' | 'https'
  readonly hostname: string
  /** `undefined` for that of the scheme. */
  readonly port: string | undefined
  /** `undefined` if there was no response. */
  readonly status: number | undefined
  /** What ended it before its time, also in the middle of the response. */
  readonly error?: unknown
  /** From its start to the end of the response. */
  readonly seconds: number
}

/** The metrics of the requests that a program makes. */
export class OutgoingRequests {
  readonly #registry: Registry
  readonly #names: OutgoingNames
  readonly #hosts: KnownHosts
  readonly #latency: Declared<Histogram>
  readonly #count: Declared<Counter> | undefined
  readonly #errors: Declared<Counter> | undefined

  /** @throws {MetricError} `INVALID_OPTION`, and as every declaration */
  constructor(options: OutgoingRequestOptions) {
    checkOptionNames('outgoingRequestMetrics', options, OPTIONS)
    checkRegistry(options.registry)
    const { registry = defaultRegistry, maxHosts = 100, maxSeries = MOST_SERIES } = options
    if (!Number.isInteger(maxHosts) || maxHosts < 0) {
      throw new MetricError('INVALID_OPTION', `maxHosts must be a whole number, 0 or more, not ${shown(maxHosts)}.`)
    }
    const names = chosenNaming(OUTGOING_NAMINGS, options.naming)
    const prefix = chosenPrefix(options.prefix, names)
    const declared = <Metric>(
      named: NamedOutgoingMetric,
      declare: (options: Declaration) => Metric,
    ): Declared<Metric> => {
      const { name, help, labels } = named
      const metric = declare({ name: prefix + name, help, labelNames: Object.keys(labels), registry, maxSeries })
      return { metric, parts: Object.values(labels) }
    }
    this.#registry = registry
    this.#names = names
    this.#hosts = new KnownHosts(maxHosts)
    const buckets = options.buckets ?? names.buckets
    this.#latency = declared(names.latency, (declaration) => histogram({ ...declaration, buckets }))
    this.#count = names.count && declared(names.count, counter)
    this.#errors = names.errors && declared(names.errors, counter)
  }

  /** Counts one. */
  record({ method, scheme, hostname, port, status, error, seconds }: OutgoingRequest): void {
    const { address, port: known, host } = this.#hosts.of(scheme, hostname, port)
    const labels = {
      method: methodLabel(method),
      host,
      address,
      port: known,
      status: status ?? this.#names.noStatus,
      errorType: errorType(status, error),
    }
    this.#latency.metric.labels(...valuesOf(this.#latency, labels)).observe(seconds)
    this.#count?.metric.labels(...valuesOf(this.#count, labels)).inc()
    if (labels.errorType !== '') this.#errors?.metric.labels(...valuesOf(this.#errors, labels)).inc()
  }

  /** Gives back the names. */
  unregister(): void {
    for (const declared of [this.#latency, this.#count, this.#errors]) {
      if (declared !== undefined) this.#registry.unregister(declared.metric)
    }
  }
}

interface Declared<Metric> {
  readonly metric: Metric
  readonly parts: readonly OutgoingPart[]
}

interface Declaration {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly registry: Registry
  readonly maxSeries: number
}

function valuesOf<Value>({ parts }: Declared<unknown>, labels: Readonly<Record<OutgoingPart, Value>>): Value[] {
  return parts.map((part) => labels[part])
}
