import { rowsByRequest } from '../floors/request-seconds.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { BUCKETS, MASK, METHODS, METHOD_OF, ROUTES, ROUTE_OF } from '../workloads/requests.mjs'

const LATENCY = {
  name: 'bench_latency_seconds',
  help: 'Time to the answer.',
  labelNames: ['method', 'route'],
  buckets: BUCKETS,
}

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'timer',
  figures: [
    {
      name: 'timer',
      asks: 'a timer’s start and end, two labels by name, 100 series, 11 buckets',
      unit: 'ns',
      must: [{ atMost: 1 / 4, of: 'rival' }],
      aim: [{ atMost: 1 / 8, of: 'rival' }],
      floor: 'performance.now() twice, nested maps and a typed array',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  answer: (round) =>
    timeRecording(
      round,
      {
        client(client) {
          const histogram = client.histogram(LATENCY)
          return { run: byName((labels) => client.timeNothing(histogram, labels)), scrape: client.scrape }
        },
        floor() {
          const { rows, rowOf } = rowsByRequest(LATENCY)
          return { run: byPosition(rows, rowOf), scrape: () => rows.blocks(LATENCY.name) }
        },
      },
      // No two runs take the same time.
      { valuesMayDiffer: true },
    ),
}

function byName(timeNothing) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      timeNothing({ method: METHODS[METHOD_OF[at]], route: ROUTES[ROUTE_OF[at]] })
    }
  }
}

function byPosition(rows, rowOf) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      const start = performance.now()
      rows.observe(rowOf(METHODS[METHOD_OF[at]], ROUTES[ROUTE_OF[at]]), (performance.now() - start) / 1000)
    }
  }
}
