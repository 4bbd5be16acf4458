import { CLIENTS, FLOOR, load } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { retainedBytes } from '../harness/memory.mjs'
import { BUCKETS, METHODS, STATUSES } from '../workloads/requests.mjs'

const COUNTER_SERIES = 100_000
const HISTOGRAM_SERIES = 40_000

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'series-memory',
  figures: [
    {
      name: 'counter-memory',
      asks: 'retained memory per counter series, three labels',
      unit: 'B',
      must: [{ atMost: 1 / 2.5, of: 'rival' }],
      aim: [{ atMost: 1 / 4, of: 'rival' }],
      floor: 'a number, and one per label',
    },
    {
      name: 'histogram-memory',
      asks: 'retained memory per histogram series, two labels, 11 buckets',
      unit: 'B',
      must: [{ atMost: 1 / 2.5, of: 'rival' }],
      aim: [{ atMost: 1 / 3, of: 'rival' }],
      floor: 'a number per bucket and the sum, and one per label',
    },
    { name: 'counter-memory-scraped', asks: 'memory per counter series, with what a scrape leaves behind', unit: 'B' },
    {
      name: 'histogram-memory-scraped',
      asks: 'memory per histogram series, with what a scrape leaves behind',
      unit: 'B',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  rounds: { full: 2, quick: 1 },
  answer: ({ contestant }) => (contestant === FLOOR ? answerOfFloor() : answerOfClient(contestant)),
}

async function answerOfClient(contestant) {
  const open = await load(contestant)
  const routes = routesOf(HISTOGRAM_SERIES / METHODS.length)
  // What a module, its compiled code and its first use take is not what a series takes.
  countedIn(await counterOf(open(), routes, 1000).scrape())
  countedIn(await histogramOf(open(), routes, 1000).scrape())

  await retainedBytes()
  const empty = await retainedBytes()
  const counting = counterOf(open(), routes, COUNTER_SERIES)
  const counterBytes = (await retainedBytes()) - empty
  const observing = histogramOf(open(), routes, HISTOGRAM_SERIES)
  const before = await retainedBytes()
  const histogramBytes = before - empty - counterBytes
  const counters = countedIn(await counting.scrape())
  const between = await retainedBytes()
  const histograms = countedIn(await observing.scrape())
  const leftByHistograms = (await retainedBytes()) - between
  return {
    figures: {
      'counter-memory': counterBytes / COUNTER_SERIES,
      'histogram-memory': histogramBytes / HISTOGRAM_SERIES,
      'counter-memory-scraped': (counterBytes + between - before) / COUNTER_SERIES,
      'histogram-memory-scraped': (histogramBytes + leftByHistograms) / HISTOGRAM_SERIES,
    },
    counted: { ...counters, digest: `${counters.digest} ${histograms.digest}` },
  }
}

function counterOf(client, routes, series) {
  const labelNames = ['method', 'route', 'status']
  const counter = client.counter({ name: 'bench_requests_total', help: 'Requests answered.', labelNames })
  for (let i = 0; i < series; i++) {
    counter.inc(
      { method: METHODS[i % 5], route: routes[Math.floor(i / 20)], status: STATUSES[Math.floor(i / 5) & 3] },
      i,
    )
  }
  return client
}

function histogramOf(client, routes, series) {
  const labelNames = ['method', 'route']
  const options = { name: 'bench_latency_seconds', help: 'Time to the answer.', labelNames, buckets: BUCKETS }
  const histogram = client.histogram(options)
  for (let i = 0; i < series; i++) {
    histogram.observe({ method: METHODS[i % 5], route: routes[Math.floor(i / 5)] }, (i % 100) / 8)
  }
  return client
}

/** Texts that are there before the first measurement: whoever keeps copies of them pays for these. */
function routesOf(count) {
  return Array.from({ length: count }, (_, i) => `/api/v2/items-${i}/:id`)
}

/** Nothing is found in it and nothing written: it only remembers. */
async function answerOfFloor() {
  await retainedBytes()
  const empty = await retainedBytes()
  const counters = [new Float64Array(COUNTER_SERIES), new Uint32Array(COUNTER_SERIES * 3)]
  const between = await retainedBytes()
  const histograms = [new Float64Array(HISTOGRAM_SERIES * (BUCKETS.length + 2)), new Uint32Array(HISTOGRAM_SERIES * 2)]
  const after = await retainedBytes()
  if (counters.length !== histograms.length) throw new Error('Both are kept until here.')
  return {
    figures: {
      'counter-memory': (between - empty) / COUNTER_SERIES,
      'histogram-memory': (after - between) / HISTOGRAM_SERIES,
    },
    counted: undefined,
  }
}
