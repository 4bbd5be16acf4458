import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/**
 * Anything that yields metric families when it is asked: a metric, the process metrics, a bridge to another system.
 *
 * A scrape asks in two steps. First every collector that has `refresh` gets its numbers ready, together and in their
 * own time. Then all `collect()` are called in one go, without a pause between them: metrics copy their numbers there,
 * so that one scrape shows one instant.
 */
export interface Collector {
  /**
   * What it will yield, known at registration, where name clashes are found.
   * Left out, the collector may yield anything, and clashes are found at each scrape.
   */
  readonly descriptors?: readonly Descriptor[]
  /** How often a full metric gave its overflow series instead of a new one. */
  readonly overflowed?: number
  /** How many exemplars could not be taken. */
  readonly droppedExemplars?: number
  /** Ends what it started, such as timers: called when it leaves a registry. */
  stop?(): void
  /** Fetches what `collect` will show. A failure leaves this collector out of the scrape. */
  refresh?(signal: AbortSignal): void | PromiseLike<void>
  /** The families as they are now. May throw or reject: then this collector is left out of the scrape. */
  collect(): readonly MetricFamily[] | PromiseLike<readonly MetricFamily[]>
}

/** A collector made by a declaration that can be compared with another: a metric. */
export interface DeclaredCollector extends Collector {
  readonly descriptors: readonly [Descriptor, ...Descriptor[]]
  /** JSON; equal exactly for equal declarations. */
  readonly declaration: string
  /** Takes over from an equal declaration what cannot be compared, such as a callback. */
  adopt(newer: DeclaredCollector): void
}

/** How a collector is called in messages and in labels. */
export function nameOf(collector: Collector): string {
  // A foreign object may have no prototype.
  const { descriptors, constructor } = collector as Collector & { constructor?: { name?: string } }
  return descriptors?.[0]?.name ?? constructor?.name ?? 'unnamed'
}

export function isDeclared(collector: Collector | undefined): collector is DeclaredCollector {
  return typeof (collector as Partial<DeclaredCollector> | undefined)?.declaration === 'string'
}
