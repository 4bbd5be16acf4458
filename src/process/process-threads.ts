import { hasProc } from './proc-file.ts'
import { readProcStatus } from './proc-status.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The threads of the process: the main thread, those of V8 and libuv, and worker threads. Linux only. */
export function processThreads({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!hasProc) return undefined
  let threads: number | undefined
  return scalarCollector({
    prefix,
    metrics: { process_threads: { type: 'gauge', help: 'Number of OS threads in the process.' } },
    async refresh(signal) {
      threads = (await readProcStatus(signal))?.threads
    },
    read: () => ({ process_threads: threads }),
  })
}
