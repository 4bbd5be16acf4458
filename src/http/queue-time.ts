/**
 * `t=` is what nginx and Apache users write before it, Heroku does not; of several, the first is the outermost proxy's.
 */
const START = /^\s*(?:t=)?(\d{10,16}(?:\.\d{1,9})?)\s*(?:,|$)/

/** No proxy keeps a request for so long: who claims it has another clock. */
const LONGEST_SECONDS = 3600
/** Our clock has whole milliseconds, Apache's has microseconds, and those of two machines are never quite the same. */
const CLOCKS_APART_SECONDS = 0.01

/**
 * How long a request waited before it reached the service, in seconds, from its header `X-Request-Start`: the Unix time
 * at which a proxy took it, in seconds (nginx, `t=${msec}`), milliseconds (Heroku) or microseconds (Apache, `t=%t`). 0
 * for less than 10 ms in the future; `undefined` for anything else: nonsense, the future, or more than an hour ago.
 *
 * @param nowMs Unix time in milliseconds
 */
export function queueSeconds(header: string, nowMs: number): number | undefined {
  const start = Number(START.exec(header)?.[1])
  // NaN fails the comparison.
  const seconds = nowMs / 1000 - start / unitsPerSecond(start)
  return seconds >= -CLOCKS_APART_SECONDS && seconds <= LONGEST_SECONDS ? Math.max(0, seconds) : undefined
}

/** From the number itself: each unit has three digits more than the one before, and an hour is little beside that. */
function unitsPerSecond(start: number): number {
  if (start < 1e11) return 1
  return start < 1e14 ? 1e3 : 1e6
}
