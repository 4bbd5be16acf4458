import process from 'node:process'
import { readProcStatus, type ProcStatus } from './proc-status.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The memory of the process, as the operating system counts it. Only Linux tells more than what is resident. */
export function processMemory({ prefix }: ProcessCollectorOptions): ProcessCollector {
  let status: ProcStatus | undefined
  return scalarCollector({
    prefix,
    metrics: {
      process_virtual_memory_bytes: { type: 'gauge', help: 'Virtual memory size in bytes.', unit: 'bytes' },
      process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory size in bytes.', unit: 'bytes' },
      process_heap_bytes: { type: 'gauge', help: 'Process heap size in bytes.', unit: 'bytes' },
    },
    async refresh(signal) {
      status = await readProcStatus(signal)
    },
    read: () => ({
      process_virtual_memory_bytes: status?.virtualMemoryBytes,
      process_resident_memory_bytes: status?.residentMemoryBytes ?? residentMemory(),
      process_heap_bytes: status?.dataBytes,
    }),
  })
}

/** Not asked first: on Linux it is a synchronous read of `/proc`, elsewhere a system call. */
function residentMemory(): number | undefined {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}
