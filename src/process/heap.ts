import { getHeapStatistics } from 'node:v8'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The heap of V8 as a whole: how large it is, how full, and how large it may become. */
export function heap({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => getHeapStatistics())) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_heap_total_bytes: { type: 'gauge', help: 'Size of the V8 heap in bytes.', unit: 'bytes' },
      nodejs_heap_used_bytes: { type: 'gauge', help: 'Used part of the V8 heap in bytes.', unit: 'bytes' },
      nodejs_heap_limit_bytes: {
        type: 'gauge',
        help: 'Size up to which the V8 heap may grow, in bytes.',
        unit: 'bytes',
      },
    },
    read() {
      const statistics = getHeapStatistics()
      return {
        nodejs_heap_total_bytes: statistics.total_heap_size,
        nodejs_heap_used_bytes: statistics.used_heap_size,
        nodejs_heap_limit_bytes: statistics.heap_size_limit,
      }
    },
  })
}
