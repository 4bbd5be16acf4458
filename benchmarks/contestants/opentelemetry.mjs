import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { gzipped } from './gzip.mjs'

/** More series than any question has: the SDK's own limit would fold them into one. */
const NO_LIMIT = 5_000_000

/**
 * OpenTelemetry's SDK with its Prometheus exporter, which counts by attributes and hands out no series to keep.
 *
 * @returns {import('../harness/contestants.mjs').Client}
 */
export function open() {
  const reader = new PrometheusExporter({ preventServerStart: true })
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: '*', aggregationCardinalityLimit: NO_LIMIT }],
  })
  const meter = provider.getMeter('benchmarks')
  const scrape = async () => {
    const { resourceMetrics, errors } = await reader.collect()
    if (errors.length > 0) throw errors[0]
    return [Buffer.from(serializer.serialize(resourceMetrics))]
  }
  return {
    counter({ name, help, labelNames }) {
      const counter = meter.createCounter(name, { description: help })
      return {
        inc: (labels, amount = 1) => counter.add(amount, labels),
        labels(...values) {
          const attributes = Object.fromEntries(labelNames.map((label, i) => [label, values[i]]))
          return { inc: (amount = 1) => counter.add(amount, attributes) }
        },
      }
    },
    histogram({ name, help, buckets: explicitBucketBoundaries }) {
      const histogram = meter.createHistogram(name, { description: help, advice: { explicitBucketBoundaries } })
      return { observe: (labels, value) => histogram.record(value, labels) }
    },
    timeNothing(histogram, labels) {
      const start = performance.now()
      histogram.observe(labels, (performance.now() - start) / 1000)
    },
    scrape,
    scrapeGzipped: async () => gzipped(await scrape()),
  }
}
