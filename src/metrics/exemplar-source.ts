import { sampleFrom, stays, type ExemplarLabels, type Sampler } from './sampled-series.ts'

/** What leads to the event that is recorded now: labels, or `undefined` where nobody could follow them. */
export type ExemplarSource = () => ExemplarLabels | undefined

/** A series asks for an exemplar once in so many milliseconds at most. */
const ATTEMPT_MS = 90
/** An exemplar that came by itself stays so long at least, where another could take its place. */
const KEPT_MS = 7_000

let current: Sampler | undefined
let tick = 0
/** How many sources there have been: which one is to end, as the same may come twice. */
let sources = 0
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Lets counters and histograms have exemplars by themselves: of what they record, some get the labels that `source`
 * gives at that moment. A series asks every 90 ms at most, and keeps what it got for 7 seconds, and for 70 if nothing
 * comes after it. Exemplars that the program gives by hand stay for all of their 70 seconds.
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
  current = samplerOf(source)
  const own = ++sources
  sampleFrom(current, ++tick)
  timer ??= nextTick()
  return () => {
    if (own !== sources) return
    current = undefined
    sampleFrom(undefined, undefined)
    clearTimeout(timer)
    timer = undefined
  }
}

/** What a source that fails gives is no labels: one more that was dropped. */
function samplerOf(source: ExemplarSource): Sampler {
  return (there) => {
    if (there !== undefined && stays(there, KEPT_MS)) return undefined
    try {
      return source()
    } catch {
      return null
    }
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
