import { CLIENTS } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { MASK, METHODS, ROUTES, ROUTE_OF, SECONDS_OF } from '../workloads/requests.mjs'

/** OpenTelemetry has no summaries. */
const WITH_SUMMARIES = CLIENTS.filter((client) => client !== 'opentelemetry')

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'summary-observe',
  figures: [
    {
      name: 'summary-observe',
      asks: '`observe(v)` on kept series, five quantiles, a window of five age buckets',
      unit: 'ns',
      must: [{ atMost: 1 / 25, of: 'rival' }],
      aim: [{ atMost: 1 / 60, of: 'rival' }],
    },
  ],
  contestants: WITH_SUMMARIES,
  answer: (round) =>
    timeRecording(
      round,
      {
        client(client) {
          const summary = client.summary({
            name: 'bench_latency_seconds',
            help: 'Time to the answer.',
            labelNames: ['method', 'route'],
            quantiles: [0.5, 0.75, 0.9, 0.95, 0.99],
            maxAgeSeconds: 600,
            ageBuckets: 5,
          })
          return { run: observeOn(summary), scrape: client.scrape }
        },
      },
      // Each client has its own way to estimate a quantile: series and counts are compared.
      { valuesMayDiffer: true },
    ),
}

function observeOn(summary) {
  const kept = ROUTES.map((route, i) => summary.labels(METHODS[i % METHODS.length], route))
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      kept[ROUTE_OF[at]].observe(SECONDS_OF[at])
    }
  }
}
