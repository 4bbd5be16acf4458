import { constants, PerformanceObserver, type NodeGCPerformanceDetail, type PerformanceEntry } from 'node:perf_hooks'
import { Histogram } from '../metrics/histogram.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'

/**
 * How long garbage collections took, by kind: `minor` (young objects), `major` (all), `incremental` (a step of
 * marking), `weakcb` (callbacks of weak references).
 *
 * Collections come in batches, to the observer or, when a scrape is faster, to `collect`: every entry is counted.
 */
export function garbageCollection({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  // Deno accepts the type, but reports none and has no kinds.
  if (!SUPPORTED?.includes('gc') || KINDS.has(undefined)) return undefined
  const duration = new Histogram({
    name: `${prefix}nodejs_gc_duration_seconds`,
    help: 'Duration of garbage collections by kind, in seconds.',
    unit: 'seconds',
    labelNames: ['kind'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  })
  // All kinds are there from the start (conformance CL14), so that the first collection of a kind is a rise from 0.
  for (const kind of KINDS.values()) duration.labels(kind)
  const count = (entries: readonly PerformanceEntry[]): void => {
    for (const entry of entries) duration.observe({ kind: kindOf(entry) }, entry.duration / 1000)
  }
  const observer = new PerformanceObserver((list) => count(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  return {
    descriptors: duration.descriptors,
    collect() {
      count(observer.takeRecords())
      return duration.collect()
    },
    stop: () => observer.disconnect(),
  }
}

/** Not in the types of Node. */
const SUPPORTED = (PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] }).supportedEntryTypes

/** V8's other collector of young objects (`--minor-ms`): Node has no constant for it. */
const MINOR_MARK_SWEEP = 2

const KINDS: ReadonlyMap<number | undefined, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [MINOR_MARK_SWEEP, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
])

/** `other` for a kind that a later V8 may have: an entry is counted in any case. */
function kindOf(entry: PerformanceEntry): string {
  const { detail } = entry as { readonly detail?: Partial<NodeGCPerformanceDetail> }
  return KINDS.get(detail?.kind) ?? 'other'
}
