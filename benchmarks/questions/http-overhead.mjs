import { setTimeout as sleep } from 'node:timers/promises'
import { FLOOR, NARTHEX } from '../harness/contestants.mjs'
import { Service } from '../harness/service.mjs'
import { lowerQuartile } from '../harness/stopwatch.mjs'
import { requestsOverHttp } from '../workloads/http-requests.mjs'

const BATCHES = { full: 10, quick: 8 }
const BATCH = 1000
const WARM_UP = 8

/** Who else measures the requests of which framework. */
const SERVICES = [
  { framework: 'node-http', rival: 'opentelemetry', by: 'instrumentation-http' },
  { framework: 'express', rival: 'prom-client', by: 'express-prom-bundle' },
  { framework: 'fastify', rival: 'platformatic', by: 'fastify-metrics' },
]

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'http-overhead',
  figures: SERVICES.flatMap(({ framework, by }) => [
    {
      name: `http-overhead-${framework}`,
      asks: `CPU per request of a service on ${framework}, less that of the same service bare (rival: ${by})`,
      unit: 'ns',
      must: [{ atMost: 1 / 6, of: 'rival' }],
      aim: [{ atMost: 1 / 15, of: 'rival' }],
    },
    {
      name: `http-cpu-${framework}`,
      asks: `CPU per request of a service on ${framework}, with all that it does`,
      unit: 'ns',
      floor: 'the bare service',
    },
  ]),
  // No two processes of Express are alike, so there are more of them, and less of each.
  rounds: { full: 9, quick: 1 },
  contestants: [NARTHEX, ...SERVICES.map(({ rival }) => rival), FLOOR],
  async answer({ contestant, quick }) {
    const figures = {}
    for (const { framework, rival } of SERVICES) {
      if (contestant !== NARTHEX && contestant !== rival && contestant !== FLOOR) continue
      const { bare, measured } = await cpuOf(framework, contestant, BATCHES[quick ? 'quick' : 'full'])
      figures[`http-cpu-${framework}`] = measured
      if (contestant !== FLOOR) figures[`http-overhead-${framework}`] = measured - bare
    }
    return { figures, counted: undefined }
  },
}

/** The bare service and the measured one, in a process each, by turns: what else the machine does comes to both. */
async function cpuOf(framework, contestant, batches) {
  const bare = await Service.start(framework, FLOOR)
  const measured = await Service.start(framework, contestant)
  try {
    const requests = requestsOverHttp(BATCH)
    const [ofBare, ofMeasured] = [[], []]
    for (let batch = -WARM_UP; batch < batches; batch++) {
      const turns = [
        [bare, ofBare],
        [measured, ofMeasured],
      ]
      for (const [service, times] of batch % 2 === 0 ? turns : turns.toReversed()) {
        const time = await service.cpuOf(requests)
        if (batch >= 0) times.push(time)
      }
    }
    if (contestant !== FLOOR) await checkCount(measured, contestant, (batches + WARM_UP) * BATCH)
    return { bare: lowerQuartile(ofBare), measured: lowerQuartile(ofMeasured) }
  } finally {
    bare.stop()
    measured.stop()
  }
}

/** Whoever has not counted every request has done less. */
async function checkCount(service, contestant, sent) {
  // A request is counted when its response is closed, which a client does not see.
  await sleep(200)
  const exposition = await service.scrape()
  const counts = [...exposition.matchAll(/^\w*(?:request|http)\w*(?:duration|latency)\w*_count(?:\{.*\})? (\S+)/gm)]
  const counted = counts.reduce((sum, [, count]) => sum + Number(count), 0)
  if (counted !== sent)
    throw new Error(`${contestant} counted ${counted} of ${sent} requests\n${exposition.slice(0, 2000)}`)
}
