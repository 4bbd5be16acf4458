import process from 'node:process'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/**
 * When the process started. Worked out once: a start that moved with every correction of the clock would look like a
 * restart. Not `performance.timeOrigin`, which in a worker thread is the start of the thread.
 */
export function startTime({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => process.uptime())) return undefined
  const started = Date.now() / 1000 - process.uptime()
  return scalarCollector({
    prefix,
    metrics: {
      process_start_time_seconds: {
        type: 'gauge',
        help: 'Start time of the process since unix epoch in seconds.',
        unit: 'seconds',
      },
    },
    read: () => ({ process_start_time_seconds: started }),
  })
}
