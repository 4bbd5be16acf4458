import process from 'node:process'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** Memory outside the heap of V8 that objects in it hold. */
export function externalMemory({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => process.memoryUsage())) return undefined
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_external_memory_bytes: {
        type: 'gauge',
        help: 'Memory outside the V8 heap that JavaScript objects hold, in bytes; array buffers included.',
        unit: 'bytes',
      },
      nodejs_array_buffers_bytes: {
        type: 'gauge',
        help: 'Memory of array buffers, shared ones and Buffers included, in bytes.',
        unit: 'bytes',
      },
    },
    read() {
      const { external, arrayBuffers } = process.memoryUsage()
      return { nodejs_external_memory_bytes: external, nodejs_array_buffers_bytes: arrayBuffers }
    },
  })
}
