import { trace, TraceFlags } from '@opentelemetry/api'
import { exemplarsFrom } from '../metrics/exemplar-source.ts'
import type { ExemplarLabels } from '../metrics/sampled-series.ts'

/**
 * Gives counters and histograms exemplars that lead to the OpenTelemetry span in which something was recorded, with the
 * labels `trace_id` and `span_id`. Only spans that are sampled are taken: nobody keeps the others.
 *
 * Needs `@opentelemetry/api` beside it, and a tracer that the program has set up.
 *
 * @returns a function that ends it
 *
 * @example
 * ```ts
 * import { exemplarsFromSpans } from 'narthex/opentelemetry'
 *
 * const stop = exemplarsFromSpans()
 * // A scrape in OpenMetrics now has lines such as
 * // app_request_latency_seconds_bucket{…,le="0.25"} 7 # {trace_id="…",span_id="…"} 0.231 1795300467.904
 * stop()
 * ```
 */
export function exemplarsFromSpans(): () => void {
  return exemplarsFrom(activeSpan)
}

function activeSpan(): ExemplarLabels | undefined {
  const context = trace.getActiveSpan()?.spanContext()
  if (context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0) return undefined
  return { trace_id: context.traceId, span_id: context.spanId }
}
