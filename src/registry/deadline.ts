/** A limited time for some work. Starts no timer unless somebody waits. */
export interface Deadline {
  /** How long it is, from its beginning. */
  readonly timeoutMs: number
  /** Aborted when the time is over. */
  signal(): AbortSignal
  /** Resolves when the time is over; never, if the work is done by then. */
  passed(): Promise<void>
  /** Says that the work is done: no timer outlives it. */
  end(): void
}

/** What a timer can wait; beyond that it would not wait at all. */
const LONGEST_TIMER_MS = 0x7fff_ffff

/** A time that begins now. */
export function deadlineIn(timeoutMs: number): Deadline {
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
  return {
    timeoutMs,
    signal: () => (abort ??= new AbortController()).signal,
    passed: () => (passed ??= new Promise(wait)),
    end: () => clearTimeout(timer),
  }
}
