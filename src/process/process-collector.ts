import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Collector } from '../registry/collector.ts'

/**
 * A collector of one topic. It works from the moment it is made until it is stopped, and never keeps the process alive.
 */
export interface ProcessCollector extends Collector {
  readonly descriptors: readonly Descriptor[]
  collect(): readonly MetricFamily[]
  /** Ends its timers and observers; the collector is of no use afterwards. */
  stop(): void
}

export interface ProcessCollectorOptions {
  /** Put before every metric name. */
  readonly prefix: string
}

/** Starts the collector of a topic; `undefined` where the platform does not have what it would show. */
export type StartProcessCollector = (options: ProcessCollectorOptions) => ProcessCollector | undefined
