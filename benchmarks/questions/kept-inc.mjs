import { Cell, blockOfCells } from '../floors/cell.mjs'
import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { KNOWN, MASK, METHODS, ROUTES, ROUTE_OF } from '../workloads/requests.mjs'

/** In the order of requests, so that nothing of a series can be kept in a register. */
const KEPT = ROUTES.length

/** Known to nobody when the loop is compiled, so that the check of an amount is made. */
const AMOUNT_OF = new Float64Array(KNOWN).fill(1)

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'kept-inc',
  figures: [
    {
      name: 'kept-inc',
      asks: '`inc()` and `inc(n)` by turns on kept series',
      unit: 'ns',
      must: [
        { atMost: 1 / 30, of: 'rival' },
        { atMost: 1.5, of: 'floor' },
      ],
      aim: [{ atMost: 1.1, of: 'floor' }],
      floor: 'a checked field add',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client(client) {
        const counter = client.counter({ name: 'bench_kept_total', help: 'Kept.', labelNames: ['method', 'route'] })
        return { run: incOf(keptOf((method, route) => counter.labels(method, route))), scrape: client.scrape }
      },
      floor() {
        const cells = keptOf((method, route) => new Cell(`bench_kept_total{method="${method}",route="${route}"}`))
        return { run: incOf(cells), scrape: () => blockOfCells(cells) }
      },
    }),
}

function keptOf(seriesOf) {
  return Array.from({ length: KEPT }, (_, i) => seriesOf(METHODS[i % METHODS.length], ROUTES[i]))
}

function incOf(series) {
  return (turns) => {
    for (let i = 0; i < turns; i += 2) {
      const at = i & MASK
      series[ROUTE_OF[at]].inc()
      series[ROUTE_OF[at + 1]].inc(AMOUNT_OF[at])
    }
  }
}
