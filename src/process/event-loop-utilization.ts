import { performance } from 'node:perf_hooks'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/**
 * How the event loop of this thread spent its time. Counters, not a ratio, so that whoever asks chooses the interval:
 * `rate(nodejs_eventloop_active_seconds_total[1m])` is the utilization of the last minute.
 */
export function eventLoopUtilization({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => performance.eventLoopUtilization())) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_eventloop_active_seconds_total: {
        type: 'counter',
        help: 'Time the event loop spent running code, in seconds.',
        unit: 'seconds',
      },
      nodejs_eventloop_idle_seconds_total: {
        type: 'counter',
        help: 'Time the event loop spent waiting for something to do, in seconds.',
        unit: 'seconds',
      },
    },
    read() {
      const { active, idle } = performance.eventLoopUtilization()
      // Platforms that have the function but do not measure answer with zeros.
      const measured = active + idle > 0
      return {
        nodejs_eventloop_active_seconds_total: measured ? active / 1000 : undefined,
        nodejs_eventloop_idle_seconds_total: measured ? idle / 1000 : undefined,
      }
    },
  })
}
