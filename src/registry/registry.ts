import { warnOnConsole, type Warn } from '../console-warning.ts'
import { MetricError } from '../errors.ts'
import { expositionNames, type Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { CollectorFailures, type Answer } from './collector-failures.ts'
import { isDeclared, nameOf, type Collector, type DeclaredCollector } from './collector.ts'
import { OWN_DESCRIPTORS, ownFamilies } from './own-families.ts'

/** @see {@link Registry} */
export interface RegistryOptions {
  /**
   * Told once per failing collector and once per metric that outgrew its `maxSeries`.
   * By default one line on the console.
   */
  readonly onWarning?: (message: string, cause?: unknown) => void
}

/** What a scrape asks of a registry. */
export interface GatherOptions {
  /** Only the families that have one of these names, as their own or as that of a sample. */
  readonly names?: readonly string[]
  /**
   * How long a collector may take to refresh, and again to collect, in milliseconds; 4,000 by default.
   * Who takes longer is left out.
   */
  readonly timeoutMs?: number
}

/**
 * The collectors of one scrape target.
 *
 * @example
 * ```ts
 * import { counter, expose, Registry } from 'narthex'
 *
 * const registry = new Registry()
 * counter({ name: 'jobs', help: 'Jobs done.', registry }).inc()
 * console.log(await expose(registry))
 * // # HELP jobs_total Jobs done.
 * // # TYPE jobs_total counter
 * // jobs_total 1
 * ```
 */
export class Registry {
  readonly #collectors: Set<Collector> = new Set()
  /** By exposition name: who may yield it. */
  readonly #claims: Map<string, Claim> = new Map()
  /** By what was asked: the gatherings whose collectors still refresh. Begun anew when there are other collectors. */
  #refreshing: Map<string | number | undefined, Promise<readonly MetricFamily[]>> = new Map()
  readonly #listeners: Set<(collector: Collector) => void> = new Set()
  readonly #failures: CollectorFailures
  readonly #overflowing: WeakSet<Collector> = new WeakSet()
  readonly #warn: Warn

  constructor(options: RegistryOptions = {}) {
    this.#warn = neverThrowing(options.onWarning ?? warnOnConsole)
    this.#failures = new CollectorFailures(this.#warn)
    // Nobody else may yield what it says of itself.
    this.#claim(OWN, OWN_DESCRIPTORS)
  }

  /**
   * Adds a collector; one that is there already stays as it is. A collector may be in several registries.
   *
   * @returns the collector
   * @throws {MetricError} `NAME_CLASH` if any of its exposition names is taken; nothing was registered.
   */
  register<C extends Collector>(collector: C): C {
    if (this.#collectors.has(collector)) return collector
    this.#claim(collector, collector.descriptors ?? [])
    this.#collectors.add(collector)
    this.#refreshing = new Map()
    for (const listener of this.#listeners) listener(collector)
    return collector
  }

  /**
   * Tells of each collector once: of those that are registered, and of those that will be.
   *
   * @returns a function that ends it
   */
  watch(listener: (collector: Collector) => void): () => void {
    for (const collector of this.#collectors) listener(collector)
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * Adds a declared metric, or returns the one that is there with the same declaration: modules load twice, tests
   * rerun, frameworks hot-reload. What cannot be compared (a `collect` callback) is taken from the newest.
   *
   * @throws {MetricError} `DIFFERENT_DECLARATION` if a metric of that name is declared otherwise; `NAME_CLASH` as
   * {@link register}.
   */
  registerOrReuse<C extends DeclaredCollector>(collector: C): C {
    const { name } = collector.descriptors[0]
    const there = this.#claims.get(name)?.collector
    if (!isDeclared(there) || there.descriptors[0].name !== name) return this.register(collector)
    if (there.declaration !== collector.declaration) {
      throw differentDeclaration(name, there.declaration, collector.declaration)
    }
    there.adopt(collector)
    // An equal declaration makes an equal class.
    return there as unknown as C
  }

  /** Whether a collector is registered. */
  has(collector: Collector): boolean {
    return this.#collectors.has(collector)
  }

  /** Removes a collector, frees its names and stops it. @returns whether it was there */
  unregister(collector: Collector): boolean {
    if (!this.#collectors.delete(collector)) return false
    this.#refreshing = new Map()
    for (const [name, claim] of this.#claims) if (claim.collector === collector) this.#claims.delete(name)
    try {
      collector.stop?.()
    } catch (error) {
      this.#warn(`narthex: collector ${nameOf(collector)} was removed, but did not stop`, error)
    }
    return true
  }

  /** Removes and stops every collector. Metrics that somebody still holds go on counting, unseen. */
  clear(): void {
    for (const collector of this.#collectors) this.unregister(collector)
  }

  /**
   * Asks every collector for its families, in the order of registration.
   * One that throws, hangs or yields a name that another has is left out, counted in
   * `narthex_collector_failures_total` and reported once; the others are served.
   *
   * Who asks the same while collectors still refresh gets the same answer, so that many scrapers at once cost no more
   * than one; it shows everything that was recorded and registered before either asked.
   */
  gather(options: GatherOptions = {}): Promise<readonly MetricFamily[]> {
    const { names, timeoutMs } = options
    const key = names === undefined ? timeoutMs : JSON.stringify([names.toSorted(), timeoutMs])
    const refreshing = this.#refreshing
    const there = refreshing.get(key)
    if (there !== undefined) return there
    const families = this.#gather(options, () => refreshing.delete(key))
    refreshing.set(key, families)
    return families
  }

  async #gather({ names, timeoutMs = 4000 }: GatherOptions, refreshed: () => void): Promise<readonly MetricFamily[]> {
    const wanted = new Set(names)
    const isWanted = (descriptor: Descriptor): boolean => expositionNames(descriptor).some((name) => wanted.has(name))
    const all = [...this.#collectors]
    const asked = names === undefined ? all : all.filter(({ descriptors }) => descriptors?.some(isWanted) ?? true)
    // A time for each step: one collector that hangs in the first must not take that of another in the second.
    const ready = await this.#failures.askAll(asked, timeoutMs, (each, deadline) => each.refresh?.(deadline.signal()))
    refreshed()
    const collectors = ready.map(({ collector }) => collector)
    // No `await` between the calls, so that all metrics are copied at one instant.
    const collected = await this.#failures.askAll(collectors, timeoutMs, (each) => each.collect())
    const families = [...this.#accept(collected), ...this.#own()]
    return names === undefined ? families : families.filter(isWanted)
  }

  /** Leaves out a collector that yields a name which another has: two families of one name break a whole scrape. */
  #accept(collected: readonly Answer<readonly MetricFamily[]>[]): MetricFamily[] {
    const seen = new Map<string, Claim>()
    const accepted: MetricFamily[] = []
    for (const { collector, value } of collected) {
      try {
        this.#claim(collector, value, seen)
        // Not spread into a call: there may be more families than a call can take.
        for (const family of value) accepted.push(family)
      } catch (error) {
        this.#failures.failed(collector, error)
      }
    }
    return accepted
  }

  /**
   * Claims the exposition names of what a collector yields: for good, or in one scrape.
   *
   * @throws {MetricError} `NAME_CLASH` if any of them belongs to another collector or descriptor; none is claimed then.
   */
  #claim(collector: Collector, descriptors: readonly Descriptor[], claims: Map<string, Claim> = this.#claims): void {
    const claimed: string[] = []
    for (const descriptor of descriptors) {
      const claim = this.#claims.get(descriptor.name)
      // Claimed at registration: its other names are free, or it would not be here.
      const declared = claim?.collector === collector && claim.descriptor.type === descriptor.type
      for (const name of declared ? [descriptor.name] : expositionNames(descriptor)) {
        const other = this.#claims.get(name)
        const holder = other && other.collector !== collector ? other : claims.get(name)
        if (holder !== undefined) {
          for (const each of claimed) claims.delete(each)
          throw nameClash(descriptor, holder.descriptor, name)
        }
        claims.set(name, { collector, descriptor })
        claimed.push(name)
      }
    }
  }

  /** What the registry says of itself: nothing while all is well. */
  #own(): MetricFamily[] {
    const overflowed = new Map<string, number>()
    const dropped = new Map<string, number>()
    for (const collector of this.#collectors) {
      const name = nameOf(collector)
      if (collector.droppedExemplars) dropped.set(name, collector.droppedExemplars)
      if (!collector.overflowed) continue
      overflowed.set(name, collector.overflowed)
      if (this.#overflowing.has(collector)) continue
      this.#overflowing.add(collector)
      this.#warn(`narthex: ${name} has reached its maxSeries: new label sets go to the overflow series`)
    }
    return ownFamilies(this.#failures.counts, overflowed, dropped)
  }
}

/** Holds the claims of the registry itself; asked by nobody. */
const OWN: Collector = { collect: () => [] }

interface Claim {
  readonly collector: Collector
  readonly descriptor: Descriptor
}

function nameClash(given: Descriptor, there: Descriptor, name: string): MetricError {
  return new MetricError(
    'NAME_CLASH',
    `The ${given.type} ${given.name} clashes with the ${there.type} ${there.name}: ` +
      `both may appear as ${name} in an exposition. Rename one, or use another registry.`,
  )
}

function differentDeclaration(name: string, there: string, given: string): MetricError {
  const before = JSON.parse(there) as Record<string, unknown>
  const now = JSON.parse(given) as Record<string, unknown>
  const differences = Object.keys({ ...before, ...now }).flatMap((key) => {
    const [was, is] = [before, now].map((declaration) => JSON.stringify(declaration[key]))
    return was === is ? [] : [`${key} was ${was} and now is ${is}`]
  })
  return new MetricError(
    'DIFFERENT_DECLARATION',
    `${name} is declared again, otherwise: ${differences.join('; ')}. Declare it once and share the metric.`,
  )
}

/** A report must not break the scrape that it reports on. */
function neverThrowing(warn: Warn): Warn {
  return (...given) => {
    try {
      warn(...given)
    } catch (error) {
      warnOnConsole(given[0], error)
    }
  }
}
