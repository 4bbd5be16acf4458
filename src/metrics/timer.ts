import { finishedBy } from './finished-by.ts'
import type { RecordingOptions } from './sampled-series.ts'

/** What takes the seconds of a timer. */
export interface Observer {
  observe(seconds: number, options?: RecordingOptions): void
}

/**
 * A running timer: from its making to its end, in seconds.
 *
 * @example
 * ```ts
 * import { histogram } from 'narthex'
 *
 * const slow = histogram({ name: 'slow', help: 'Slow Requests', labelNames: ['endpoint'] })
 * {
 *   using _ = slow.labels('/database').startTimer()
 *   // all of this block is timed
 * }
 * const timer = slow.labels('/database').startTimer()
 * const seconds = timer.end()
 * ```
 */
export class Timer {
  readonly #observer: Observer
  readonly #start: number = performance.now()
  #seconds: number | undefined

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** Records the time since the start. A second call records nothing. @returns the time, in seconds */
  end(options?: RecordingOptions): number {
    if (this.#seconds === undefined) {
      this.#seconds = (performance.now() - this.#start) / 1000
      this.#observer.observe(this.#seconds, options)
    }
    return this.#seconds
  }

  /** What `using` calls at the end of its block. */
  [Symbol.dispose](): void {
    this.end()
  }
}

/** Calls `fn` and records how long it took, to the end of its promise if it returns one. @returns what `fn` returned */
export function timed<T>(observer: Observer, fn: () => T): T {
  const timer = new Timer(observer)
  return finishedBy(fn, () => void timer.end())
}
