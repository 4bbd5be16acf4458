import { isArray, MetricError, shown } from '../errors.ts'
import { isMetricName } from '../model/names.ts'
import { checkOptionNames } from '../option-names.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import { checkRegistry } from '../registry/registry-option.ts'
import type { Registry } from '../registry/registry.ts'
import { activeResources } from './active-resources.ts'
import { cpuTime } from './cpu-time.ts'
import { eventLoopDelay } from './event-loop-delay.ts'
import { eventLoopUtilization } from './event-loop-utilization.ts'
import { externalMemory } from './external-memory.ts'
import { garbageCollection } from './garbage-collection.ts'
import { heapSpaces } from './heap-spaces.ts'
import { heap } from './heap.ts'
import { openFileDescriptors } from './open-file-descriptors.ts'
import type { StartProcessCollector } from './process-collector.ts'
import { processMemory } from './process-memory.ts'
import { processThreads } from './process-threads.ts'
import { resourceLimits } from './resource-limits.ts'
import { runOnce, type ProcessMetrics } from './running-collectors.ts'
import { startTime } from './start-time.ts'
import { versionInfo } from './version-info.ts'

export type { ProcessMetrics } from './running-collectors.ts'

/** A group of process metrics that is measured together. */
export type ProcessTopic =
  | 'cpu-time'
  | 'open-file-descriptors'
  | 'resource-limits'
  | 'process-memory'
  | 'start-time'
  | 'process-threads'
  | 'event-loop-utilization'
  | 'event-loop-delay'
  | 'garbage-collection'
  | 'heap'
  | 'heap-spaces'
  | 'external-memory'
  | 'active-resources'
  | 'version-info'

/** Every topic, in the order of the exposition. */
const TOPICS: Readonly<Record<ProcessTopic, StartProcessCollector>> = {
  'cpu-time': cpuTime,
  'open-file-descriptors': openFileDescriptors,
  'resource-limits': resourceLimits,
  'process-memory': processMemory,
  'start-time': startTime,
  'process-threads': processThreads,
  'event-loop-utilization': eventLoopUtilization,
  'event-loop-delay': eventLoopDelay,
  'garbage-collection': garbageCollection,
  heap,
  'heap-spaces': heapSpaces,
  'external-memory': externalMemory,
  'active-resources': activeResources,
  'version-info': versionInfo,
}

export interface ProcessMetricsOptions {
  /** Where the metrics go; the registry of the process by default. */
  readonly registry?: Registry
  /** Put before every name: with `app_` it is `app_process_cpu_seconds_total`. None by default. */
  readonly prefix?: string
  /** Topics to leave out. */
  readonly except?: readonly ProcessTopic[]
}

/**
 * Starts the metrics of the process and of its JavaScript runtime, and registers them.
 * What the platform does not have is left out. Nothing of it keeps the process alive.
 *
 * A registry has them once: asked again, it returns those that run, whatever the options.
 *
 * @throws {MetricError} `INVALID_OPTION` for a prefix that cannot begin a name, an unknown topic or an unknown option,
 * `NAME_CLASH` if the registry has a name already; nothing was registered.
 *
 * @example
 * ```ts
 * import { expose } from 'narthex'
 * import { registerProcessMetrics } from 'narthex/process'
 *
 * const processMetrics = registerProcessMetrics({ except: ['heap-spaces'] })
 * const exposition = await expose()
 * console.log(exposition.includes('# TYPE process_cpu_seconds_total counter')) // true
 * console.log(exposition.includes('nodejs_heap_space_used_bytes')) // false
 * processMetrics.stop()
 * ```
 */
export function registerProcessMetrics(options: ProcessMetricsOptions = {}): ProcessMetrics {
  checkOptionNames('registerProcessMetrics', options, OPTIONS)
  const { registry = defaultRegistry, prefix = '', except = [] } = options
  checkRegistry(registry)
  checkPrefix(prefix)
  if (!isArray(except))
    throw new MetricError('INVALID_OPTION', `except must be an array of topics, not ${shown(except)}.`)
  for (const topic of except) checkTopic(topic)
  return runOnce(registry, () =>
    Object.entries(TOPICS)
      .filter(([topic]) => !except.includes(topic as ProcessTopic))
      .map(([, start]) => start({ prefix }))
      .filter((collector) => collector !== undefined),
  )
}

const OPTIONS: Readonly<Record<keyof ProcessMetricsOptions, true>> = { registry: true, prefix: true, except: true }

function checkPrefix(prefix: string): void {
  if (prefix === '' || isMetricName(prefix)) return
  throw new MetricError(
    'INVALID_OPTION',
    `The prefix ${shown(prefix)} of the process metrics cannot begin a metric name.`,
  )
}

function checkTopic(topic: ProcessTopic): void {
  if (Object.hasOwn(TOPICS, topic)) return
  throw new MetricError(
    'INVALID_OPTION',
    `${shown(topic)} is no topic of the process metrics; these are: ${Object.keys(TOPICS).join(', ')}.`,
  )
}
