import { hasProc } from './proc-file.ts'
import { readProcLimits, type ProcLimits } from './proc-limits.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/**
 * What the process may use at most. Linux only.
 *
 * An unlimited resource is exposed as `+Inf`. Clients differ here: client_golang exposes 2^64 - 1, the Rust ones 0,
 * others nothing. Infinity is what it is, and the common query `process_open_fds / process_max_fds` stays right with
 * it.
 */
export function resourceLimits({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!hasProc) return undefined
  let limits: ProcLimits | undefined
  return scalarCollector({
    prefix,
    metrics: {
      process_max_fds: { type: 'gauge', help: 'Maximum number of open file descriptors.' },
      process_virtual_memory_max_bytes: {
        type: 'gauge',
        help: 'Maximum amount of virtual memory available in bytes.',
        unit: 'bytes',
      },
    },
    async refresh(signal) {
      limits = await readProcLimits(signal)
    },
    read: () => ({
      process_max_fds: limits?.openFiles,
      process_virtual_memory_max_bytes: limits?.addressSpaceBytes,
    }),
  })
}
