import { blockOfCells } from '../floors/cell.mjs'
import { cellsByRequest } from '../floors/request-cells.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { MASK, METHODS, METHOD_OF, ROUTES, ROUTE_OF, STATUSES, STATUS_OF } from '../workloads/requests.mjs'

const REQUESTS = {
  name: 'bench_requests_total',
  help: 'Requests answered.',
  labelNames: ['method', 'route', 'status'],
}

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'positional-inc',
  figures: [
    {
      name: 'positional-inc',
      asks: '`labels(a, b, c).inc()` by position, 400 series',
      unit: 'ns',
      must: [{ atMost: 1 / 7, of: 'rival' }],
      aim: [{ atMost: 1 / 9, of: 'rival' }],
      floor: 'nested maps, by position',
    },
  ],
  // OpenTelemetry's attributes have no position.
  contestants: [...CLIENTS.filter((client) => client !== 'opentelemetry'), FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client(client) {
        const counter = client.counter(REQUESTS)
        return { run: byLabels(counter), scrape: client.scrape }
      },
      floor() {
        const { cells, cellOf } = cellsByRequest(REQUESTS)
        return { run: byLabels({ labels: cellOf }), scrape: () => blockOfCells(cells) }
      },
    }),
}

function byLabels(counter) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      counter.labels(METHODS[METHOD_OF[at]], ROUTES[ROUTE_OF[at]], STATUSES[STATUS_OF[at]]).inc()
    }
  }
}
