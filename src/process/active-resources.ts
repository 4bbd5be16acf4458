import process from 'node:process'
import { isOffered } from './platform-feature.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/**
 * What keeps the event loop alive, by type: `TCPSocketWrap`, `Timeout`, `FSReqPromise` and so on.
 * A type that was seen once is shown as 0 when there is none of it; there are only some dozens of them.
 */
export function activeResources({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!isOffered(() => process.getActiveResourcesInfo())) return undefined
  const counts = new Map<string, number>()
  return scalarCollector({
    prefix,
    metrics: {
      nodejs_active_resources: {
        type: 'gauge',
        help: 'Number of resources that keep the event loop alive, by type.',
        labelNames: ['type'],
      },
    },
    read() {
      for (const type of counts.keys()) counts.set(type, 0)
      for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1)
      return { nodejs_active_resources: [...counts].map(([type, value]) => ({ labels: { type }, value })) }
    },
  })
}
