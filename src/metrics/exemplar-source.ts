import { sampleFrom, type ExemplarSource } from './sampled-series.ts'

/** A series asks for an exemplar once in so many milliseconds at most. */
const ATTEMPT_MS = 90

let current: ExemplarSource | undefined
let tick = 0
/** How many sources there have been: which one is to end, as the same may come twice. */
let sources = 0
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Lets counters and histograms have exemplars by themselves: of what they record, some get the labels that `source` gives at
 * that moment. A series asks every 90 ms at most, and keeps what it got for 7 seconds, and for 70 if nothing comes after it.
 * Exemplars that the program gives by hand stay for all of their 70 seconds.
 *
 * There is one source in a process: the last one. For OpenTelemetry's spans, see `narthex/opentelemetry`.
 *
 * @returns a function that ends it
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from 'node:async_hooks'
 * import { exemplarsFrom } from 'narthex'
 *
 * const requestIds = new AsyncLocalStorage<string>()
 * const stop = exemplarsFrom(() => {
 *   const request_id = requestIds.getStore()
 *   return request_id === undefined ? undefined : { request_id }
 * })
 * stop()
 * ```
 */
export function exemplarsFrom(source: ExemplarSource): () => void {
  current = source
  const own = ++sources
  sampleFrom(source, ++tick)
  timer ??= nextTick()
  return () => {
    if (own !== sources) return
    current = undefined
    sampleFrom(undefined, undefined)
    clearTimeout(timer)
    timer = undefined
  }
}

function nextTick(): ReturnType<typeof setTimeout> {
  const next = setTimeout(() => {
    sampleFrom(current, ++tick)
    timer = nextTick()
  }, ATTEMPT_MS)
  next.unref?.()
  return next
}
