/** How old a time may be that is taken from memory, as long as the event loop runs. */
const VALID_MS = 100
/** After so many times it is asked for again, whether the timer has fired or not: a test may have put it to sleep. */
const MOST_USES = 1024

let lastMs = 0
let uses = 0
let timer: ReturnType<typeof setTimeout> | undefined
/** Whether a timer can be relied on: one that is a number may be that of a Worker, where it ends with its request. */
let isTimed = true

/**
 * The unix time in milliseconds, a tenth of a second old at most, for what happens again and again: reading a clock
 * takes longer than recording (question summary-observe of the benchmarks). While nobody asks no timer runs. Where
 * timers are not those of Node or Bun, it is the exact time.
 */
export function coarseNow(): number {
  return uses-- > 0 ? lastMs : readClock()
}

/** Lets the next one who asks have the exact time. */
export function forgetTime(): void {
  uses = 0
}

function readClock(): number {
  lastMs = Date.now()
  uses = 0
  if (!isTimed) return lastMs
  clearTimeout(timer)
  try {
    timer = setTimeout(forgetTime, VALID_MS)
  } catch {
    // A Worker that is being loaded has no timers.
    return lastMs
  }
  isTimed = typeof timer === 'object'
  if (isTimed) uses = MOST_USES
  timer.unref?.()
  return lastMs
}
