import { isThenable } from '../thenable.ts'
import { nameOf, type Collector } from './collector.ts'
import { deadlineIn, type Deadline } from './deadline.ts'

/** What a collector is asked, and until when. */
export type Question<T> = (collector: Collector, deadline: Deadline) => T | PromiseLike<T>

/** What a collector said to that. */
export interface Answer<T> {
  readonly collector: Collector
  readonly value: T
}

/** A question that is not answered. */
interface Hanging {
  /** When it was asked, by `performance.now()`. */
  readonly sinceMs: number
  /** Resolves when it is. */
  readonly answered: PromiseLike<void>
}

/** Asks collectors so that none can break a scrape: catches, limits the time, counts, and reports each one once. */
export class CollectorFailures {
  /** How many failures there were, by the name of the collector. */
  readonly counts: Map<string, number> = new Map()
  readonly #warn: (message: string, cause?: unknown) => void
  readonly #reported = new WeakSet<Collector>()
  /** Collectors whose last answer is still to come: they are not asked again before, or calls would pile up. */
  readonly #hanging = new WeakMap<Collector, Hanging>()

  constructor(warn: (message: string, cause?: unknown) => void) {
    this.#warn = warn
  }

  /**
   * Asks all at once, and waits for those whose answer is a promise. Never throws, never rejects.
   *
   * @returns the answers in order, without those that failed; no promise if nobody has to be waited for (question
   * small-scrape of the benchmarks)
   */
  askAll<T>(
    collectors: readonly Collector[],
    timeoutMs: number,
    question: Question<T>,
  ): Answer<T>[] | Promise<Answer<T>[]> {
    const deadline = deadlineIn(timeoutMs)
    const asked = collectors.map((each) => this.#ask(each, question, deadline))
    const answered = (answers: readonly (Answer<T> | undefined)[]): Answer<T>[] => {
      deadline.end()
      return answers.filter((each) => each !== undefined)
    }
    return asked.some(isThenable) ? Promise.all(asked).then(answered) : answered(asked as Answer<T>[])
  }

  /** @returns nothing if it failed */
  #ask<T>(
    collector: Collector,
    question: Question<T>,
    deadline: Deadline,
  ): Answer<T> | undefined | Promise<Answer<T> | undefined> {
    const failed = (error: unknown): undefined => this.failed(collector, error)
    try {
      const value = this.#hanging.has(collector)
        ? this.#askLater(collector, question, deadline)
        : question(collector, deadline)
      return isThenable(value) ? this.#wait(collector, value, deadline).catch(failed) : { collector, value }
    } catch (error) {
      return failed(error)
    }
  }

  /**
   * Asks when the last answer has come. A scrape waits for that as long as if it had been the one that asked, so that
   * what a scraper in a hurry has asked is not missing for who has time.
   */
  #askLater<T>(collector: Collector, question: Question<T>, deadline: Deadline): PromiseLike<T> {
    const { sinceMs, answered } = this.#hanging.get(collector)!
    const late = new Error('it has not answered since an earlier scrape')
    if (performance.now() - sinceMs >= deadline.timeoutMs) throw late
    const signal = deadline.signal()
    return answered.then(() => {
      if (signal.aborted) throw late
      return question(collector, deadline)
    })
  }

  async #wait<T>(collector: Collector, answer: PromiseLike<T>, deadline: Deadline): Promise<Answer<T>> {
    const answered = async (): Promise<Answer<T>> => ({ collector, value: await answer })
    const inTime = await Promise.race([answered(), deadline.passed()])
    if (inTime !== undefined) return inTime
    if (!this.#hanging.has(collector)) {
      const late = (): void => void this.#hanging.delete(collector)
      const sinceMs = performance.now() - deadline.timeoutMs
      this.#hanging.set(collector, { sinceMs, answered: answer.then(late, late) })
    }
    throw new Error('it did not answer in time')
  }

  /** Counts a failure, and reports it if it is the collector's first. */
  failed(collector: Collector, cause: unknown): undefined {
    const name = nameOf(collector)
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    if (!this.#reported.has(collector)) {
      this.#reported.add(collector)
      this.#warn(`narthex: collector ${name} failed and is left out of scrapes: this is reported once`, cause)
    }
  }
}
