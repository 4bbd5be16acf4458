/** Does something that has a limited time. */
export async function within<T>(timeoutMs: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = new Deadline(timeoutMs)
  try {
    return await work(deadline)
  } finally {
    deadline.stop()
  }
}

/** What a timer can wait; beyond that it would not wait at all. */
const LONGEST_TIMER_MS = 0x7fff_ffff

/** A limited time. Starts no timer unless somebody waits, and none outlives {@link stop}. */
export class Deadline {
  readonly #timeoutMs: number
  readonly #abort: AbortController = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #passed: Promise<'passed'> | undefined

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Resolves when the time is over; never, if {@link stop} comes first. */
  passed(): Promise<'passed'> {
    this.#passed ??= new Promise((resolve) => {
      this.#timer = setTimeout(
        () => {
          this.#abort.abort()
          resolve('passed')
        },
        Math.min(this.#timeoutMs, LONGEST_TIMER_MS),
      )
    })
    return this.#passed
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
