import type { MetricFamily } from '../model/metric-family.ts'
import { isThenable } from '../thenable.ts'
import { nameOf, type Collector } from './collector.ts'
import type { Deadline } from './deadline.ts'
import { ownDescriptor, ownFamilies, type OwnDescriptor } from './own-counter.ts'

/** What became of asking a collector. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

/** What a collector is asked. */
export type Question<T> = (collector: Collector) => T | PromiseLike<T>

const FAILED: { readonly ok: false } = { ok: false }

export const FAILURES: OwnDescriptor = /* @__PURE__ */ ownDescriptor(
  'collector_failures',
  'Scrapes without a collector that threw, hung or clashed with another.',
  'collector',
)

/** Asks collectors so that none can break a scrape: catches, limits the time, counts, and reports each one once. */
export class CollectorFailures {
  readonly #warn: (message: string, cause?: unknown) => void
  readonly #counts = new Map<string, number>()
  readonly #reported = new WeakSet<Collector>()
  /** Collectors whose last answer is still to come: they are not asked again before, or calls would pile up. */
  readonly #hanging = new WeakSet<Collector>()

  constructor(warn: (message: string, cause?: unknown) => void) {
    this.#warn = warn
  }

  /** Asks all at once, and waits for those whose answer is a promise. Never throws, never rejects. */
  askAll<T>(collectors: readonly Collector[], question: Question<T>, deadline: Deadline): Promise<Answer<T>[]> {
    return Promise.all(collectors.map((each) => this.#ask(each, question, deadline)))
  }

  #ask<T>(collector: Collector, question: Question<T>, deadline: Deadline): Answer<T> | Promise<Answer<T>> {
    if (this.#hanging.has(collector)) {
      return this.failed(collector, new Error('it has not answered since an earlier scrape'))
    }
    try {
      const value = question(collector)
      return isThenable(value) ? this.#wait(collector, value, deadline) : { ok: true, value }
    } catch (error) {
      return this.failed(collector, error)
    }
  }

  /** Counts a failure, and reports it if it is the collector's first. */
  failed(collector: Collector, cause: unknown): { readonly ok: false } {
    const name = nameOf(collector)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    if (!this.#reported.has(collector)) {
      this.#reported.add(collector)
      this.#warn(`narthex: collector ${name} failed and is left out of scrapes: this is reported once`, cause)
    }
    return FAILED
  }

  /** The counter of failures; nothing while there are none. */
  families(): MetricFamily[] {
    return ownFamilies(FAILURES, this.#counts)
  }

  async #wait<T>(collector: Collector, answer: PromiseLike<T>, deadline: Deadline): Promise<Answer<T>> {
    try {
      const first = await Promise.race([answer.then((value) => ({ value })), deadline.passed()])
      if (first !== 'passed') return { ok: true, value: first.value }
    } catch (error) {
      return this.failed(collector, error)
    }
    this.#hanging.add(collector)
    const answered = (): void => void this.#hanging.delete(collector)
    answer.then(answered, answered)
    return this.failed(collector, new Error('it did not answer in time'))
  }
}
