import { blockOfCells } from '../floors/cell.mjs'
import { cellsByRequest } from '../floors/request-cells.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { MASK, METHODS, METHOD_OF, ROUTES, ROUTE_OF, STATUSES, STATUS_OF } from '../workloads/requests.mjs'

/** Five metrics of each: the label sets of a service are objects of several shapes. */
const LABEL_NAMES = [
  ['method', 'route', 'status'],
  ['verb', 'path', 'outcome'],
  ['queue', 'consumer', 'result'],
  ['table', 'statement', 'state'],
]
const METRICS = 20

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'many-metrics-inc',
  figures: [
    {
      name: 'many-metrics-inc',
      asks: '`inc({…})`, three labels, over 20 metrics in turn, of 400 series each',
      unit: 'ns',
      must: [{ atMost: 1 / 4, of: 'rival' }],
      aim: [{ atMost: 1 / 5, of: 'rival' }],
      floor: 'nested maps, by position',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client(client) {
        const counters = metrics().map((options) => client.counter(options))
        return { run: byName(counters), scrape: client.scrape }
      },
      floor() {
        const made = metrics().map((options) => cellsByRequest(options))
        return {
          run: byPosition(made.map(({ cellOf }) => cellOf)),
          scrape: () => blockOfCells(made.flatMap(({ cells }) => cells)),
        }
      },
    }),
}

function metrics() {
  return Array.from({ length: METRICS }, (_, i) => ({
    name: `bench_events_${i}_total`,
    help: 'Events of one kind.',
    labelNames: LABEL_NAMES[i % LABEL_NAMES.length],
  }))
}

function byName(counters) {
  return (turns) => {
    let metric = 0
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      const first = METHODS[METHOD_OF[at]]
      const second = ROUTES[ROUTE_OF[at]]
      const third = STATUSES[STATUS_OF[at]]
      const counter = counters[metric]
      switch (metric & 3) {
        case 0:
          counter.inc({ method: first, route: second, status: third })
          break
        case 1:
          counter.inc({ verb: first, path: second, outcome: third })
          break
        case 2:
          counter.inc({ queue: first, consumer: second, result: third })
          break
        default:
          counter.inc({ table: first, statement: second, state: third })
      }
      if (++metric === METRICS) metric = 0
    }
  }
}

function byPosition(cellOfs) {
  return (turns) => {
    let metric = 0
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      cellOfs[metric](METHODS[METHOD_OF[at]], ROUTES[ROUTE_OF[at]], STATUSES[STATUS_OF[at]]).inc()
      if (++metric === METRICS) metric = 0
    }
  }
}
