import { blockOfCells } from '../floors/cell.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { MASK, METHODS, METHOD_OF, ROUTES, ROUTE_OF, STATUSES, STATUS_OF } from '../workloads/requests.mjs'
import { cellsByRequest } from '../floors/request-cells.mjs'

const REQUESTS = {
  name: 'bench_requests_total',
  help: 'Requests answered.',
  labelNames: ['method', 'route', 'status'],
}

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'labelled-inc',
  figures: [
    {
      name: 'labelled-inc',
      asks: '`inc({…})`, three labels, 400 series',
      unit: 'ns',
      must: [{ atMost: 1 / 4.5, of: 'rival' }],
      aim: [{ atMost: 1 / 6, of: 'rival' }],
      floor: 'nested maps, by position',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client(client) {
        const counter = client.counter(REQUESTS)
        return { run: byName(counter), scrape: client.scrape }
      },
      floor() {
        const { cells, cellOf } = cellsByRequest(REQUESTS)
        return { run: byPosition(cellOf), scrape: () => blockOfCells(cells) }
      },
    }),
}

function byName(counter) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      counter.inc({ method: METHODS[METHOD_OF[at]], route: ROUTES[ROUTE_OF[at]], status: STATUSES[STATUS_OF[at]] })
    }
  }
}

function byPosition(cellOf) {
  return (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      cellOf(METHODS[METHOD_OF[at]], ROUTES[ROUTE_OF[at]], STATUSES[STATUS_OF[at]]).inc()
    }
  }
}
