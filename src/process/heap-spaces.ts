import { getHeapSpaceStatistics, type HeapSpaceInfo } from 'node:v8'
import type { Sample } from '../model/sample.ts'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The spaces that make up the heap of V8: `new`, `old`, `code`, `large_object` and others that differ by version. */
export function heapSpaces({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => getHeapSpaceStatistics())) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_heap_space_total_bytes: {
        type: 'gauge',
        help: 'Size of a space of the V8 heap in bytes.',
        unit: 'bytes',
        labelNames: ['space'],
      },
      nodejs_heap_space_used_bytes: {
        type: 'gauge',
        help: 'Used part of a space of the V8 heap in bytes.',
        unit: 'bytes',
        labelNames: ['space'],
      },
      nodejs_heap_space_available_bytes: {
        type: 'gauge',
        help: 'Unused part of a space of the V8 heap in bytes.',
        unit: 'bytes',
        labelNames: ['space'],
      },
    },
    read() {
      const spaces = getHeapSpaceStatistics()
      return {
        nodejs_heap_space_total_bytes: bySpace(spaces, 'space_size'),
        nodejs_heap_space_used_bytes: bySpace(spaces, 'space_used_size'),
        nodejs_heap_space_available_bytes: bySpace(spaces, 'space_available_size'),
      }
    },
  })
}

function bySpace(spaces: readonly HeapSpaceInfo[], size: Exclude<keyof HeapSpaceInfo, 'space_name'>): Sample<number>[] {
  return spaces.map((space) => ({ labels: { space: space.space_name.replace(/_space$/, '') }, value: space[size] }))
}
