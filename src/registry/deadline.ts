/** A limited time. Starts no timer unless somebody waits. */
export interface Deadline {
  /** Aborted when the time is over. */
  signal(): AbortSignal
  /** How long it is, from its beginning. */
  readonly timeoutMs: number
  /** Resolves when the time is over; never, if the work is done by then. */
  passed(): Promise<void>
}

/** What a timer can wait; beyond that it would not wait at all. */
const LONGEST_TIMER_MS = 0x7fff_ffff

/** Does something that has a limited time. No timer outlives it. */
export async function within<T>(timeoutMs: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  // Made for who asks: most work does not (question small-scrape of the benchmarks).
  let abort: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let passed: Promise<void> | undefined
  const wait = (resolve: () => void): void => {
    const pass = (): void => {
      abort?.abort()
      resolve()
    }
    timer = setTimeout(pass, Math.min(timeoutMs, LONGEST_TIMER_MS))
  }
  try {
    return await work({
      signal: () => (abort ??= new AbortController()).signal,
      timeoutMs,
      passed: () => (passed ??= new Promise(wait)),
    })
  } finally {
    clearTimeout(timer)
  }
}
