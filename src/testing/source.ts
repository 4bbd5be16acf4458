import { shown } from '../errors.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Collector } from '../registry/collector.ts'
import type { Registry } from '../registry/registry.ts'

/** What is asked, and answers later: a registry. */
export type Gatherer = Pick<Registry, 'gather'>

/** What can be read at once: a metric, a collector that does not wait, or families. */
export type Readable = ReadableCollector | Iterable<MetricFamily>

/** A metric, or a collector whose `collect` does not wait. */
export type ReadableCollector = Pick<Collector, 'descriptors' | 'refresh'> & {
  collect(): readonly MetricFamily[]
}

/** Reads the families of a source: at once where that is possible, and after a `gather` of a registry. */
export function readFamilies<T>(
  source: Gatherer | Readable,
  read: (families: readonly MetricFamily[]) => T,
): T | Promise<T> {
  if (isGatherer(source)) return source.gather().then(read)
  // In tests it may be anything that `expect` was given.
  const given: unknown = source
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given || 'collect' in given)) {
    throw new TypeError(`A registry, a metric or families can be read, not ${shown(given)}.`)
  }
  return read(isIterable(source) ? [...source] : collected(source))
}

export function isGatherer(source: unknown): source is Gatherer {
  return typeof (source as Partial<Gatherer> | undefined)?.gather === 'function'
}

function isIterable(source: Readable): source is Iterable<MetricFamily> {
  return Symbol.iterator in source
}

/** @throws {Error} if a registry has to ask it first: what it shows may be of an earlier scrape, or of none */
function collected(collector: ReadableCollector): readonly MetricFamily[] {
  const name = collector.descriptors?.[0]?.name ?? 'this collector'
  if (collector.refresh !== undefined) {
    throw new Error(`${name} is asked for its numbers at each scrape: read it through a registry that it is in.`)
  }
  const families: unknown = collector.collect()
  if (!Array.isArray(families)) {
    throw new Error(`${name} answers later: read it through a registry that it is in.`)
  }
  return families as readonly MetricFamily[]
}
