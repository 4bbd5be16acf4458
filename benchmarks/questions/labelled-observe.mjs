import { rowsByRequest } from '../floors/request-seconds.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { BUCKETS, MASK, METHODS, METHOD_OF, ROUTES, ROUTE_OF, SECONDS_OF } from '../workloads/requests.mjs'

const LATENCY = {
  name: 'bench_latency_seconds',
  help: 'Time to the answer.',
  labelNames: ['method', 'route'],
  buckets: BUCKETS,
}

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'labelled-observe',
  figures: [
    {
      name: 'labelled-observe',
      asks: '`observe({…}, v)`, two labels, 100 series, 11 buckets',
      unit: 'ns',
      must: [{ atMost: 1 / 7, of: 'rival' }],
      aim: [{ atMost: 1 / 10, of: 'rival' }],
      floor: 'nested maps and a typed array',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client(client) {
        const histogram = client.histogram(LATENCY)
        return { run: byName(histogram), scrape: client.scrape }
      },
      floor() {
        const { rows, rowOf } = rowsByRequest(LATENCY)
        return { run: byPosition(rows, rowOf), scrape: () => rows.blocks(LATENCY.name) }
      },
    }),
}

function byName(histogram) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      histogram.observe({ method: METHODS[METHOD_OF[at]], route: ROUTES[ROUTE_OF[at]] }, SECONDS_OF[at])
    }
  }
}

function byPosition(rows, rowOf) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      rows.observe(rowOf(METHODS[METHOD_OF[at]], ROUTES[ROUTE_OF[at]]), SECONDS_OF[at])
    }
  }
}
