import process from 'node:process'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/**
 * CPU time of all threads of the process, from `getrusage`: microseconds, where `/proc/self/stat` counts in hundredths.
 */
export function cpuTime({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => process.cpuUsage())) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      process_cpu_seconds_total: {
        type: 'counter',
        help: 'Total user and system CPU time spent in seconds.',
        unit: 'seconds',
      },
    },
    read() {
      const { user, system } = process.cpuUsage()
      return { process_cpu_seconds_total: (user + system) / 1e6 }
    },
  })
}
