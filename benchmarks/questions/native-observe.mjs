import { FLOOR, load, NARTHEX } from '../harness/contestants.mjs'
import { timeRecording } from '../harness/recording.mjs'
import { liveIn } from '../workloads/lived-in.mjs'
import { BUCKETS, MASK, METHODS, ROUTES, ROUTE_OF, SECONDS_OF } from '../workloads/requests.mjs'

const LATENCY = {
  name: 'bench_latency_seconds',
  help: 'Time to the answer.',
  labelNames: ['method', 'route'],
  buckets: BUCKETS,
}

/**
 * No rival has native buckets: they are compared with the classic ones of narthex itself, which are recorded in beside
 * them.
 *
 * @type {import('../harness/questions.mjs').Question}
 */
export const question = {
  name: 'native-observe',
  figures: [
    {
      name: 'native-observe',
      asks: '`observe(v)` on kept series, 11 buckets and native ones beside them',
      unit: 'ns',
      must: [{ atMost: 3, of: 'floor' }],
      aim: [{ atMost: 2, of: 'floor' }],
      floor: 'the same of narthex without native buckets',
    },
  ],
  contestants: [NARTHEX, FLOOR],
  answer: (round) =>
    timeRecording(round, {
      client: (client) => recordingOf(client, { ...LATENCY, native: true }),
      async floor() {
        const open = await load(NARTHEX)
        await liveIn(open)
        return recordingOf(open(), LATENCY)
      },
    }),
}

function recordingOf(client, options) {
  const histogram = client.histogram(options)
  const kept = ROUTES.map((route, i) => histogram.labels(METHODS[i % METHODS.length], route))
  const run = (turns) => {
    for (let i = 0; i < turns; i++) {
      const at = i & MASK
      kept[ROUTE_OF[at]].observe(SECONDS_OF[at])
    }
  }
  return { run, scrape: client.scrape }
}
