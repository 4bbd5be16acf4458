import { CLIENTS, load } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { retainedBytes } from '../harness/memory.mjs'
import { integerBelow, randomFrom } from '../harness/random.mjs'
import { median } from '../harness/stopwatch.mjs'

/** Which times each other make a million label sets. */
const TENANTS = textsOf('tenant-', 1000)
const ROUTES = textsOf('/api/v2/items-', 200)
const STATUSES = ['200', '302', '404', '500', '503']
/** For a first look it is a tenth of that. */
const SERIES = { full: 1_000_000, quick: 100_000 }
const BATCHES = 3

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'million-series',
  figures: [
    {
      name: 'million-series-inc',
      asks: 'random `inc({…})` on 1,000,000 series of one counter, three labels',
      unit: 'ns',
      must: [{ atMost: 1 / 4, of: 'rival' }],
    },
    {
      name: 'million-series-memory',
      asks: 'retained memory per series of 1,000,000 of one counter, three labels',
      unit: 'B',
      must: [{ atMost: 1 / 2.5, of: 'rival' }],
    },
    { name: 'million-series-new', asks: 'the first `inc({…})` of each of these series', unit: 'ns' },
  ],
  contestants: CLIENTS,
  rounds: { full: 3, quick: 1 },
  nodeOptions: ['--max-old-space-size=8192'],
  async answer({ contestant, quick }) {
    const series = SERIES[quick ? 'quick' : 'full']
    const open = await load(contestant)
    const client = open()
    const labelNames = ['tenant', 'route', 'status']
    const counter = client.counter({ name: 'bench_requests_total', help: 'Requests answered.', labelNames })
    const empty = await retainedBytes()
    const created = nanosecondsOf(series, () => {
      for (let i = 0; i < series; i++) incOf(counter, i)
    })
    const memory = (await retainedBytes()) - empty

    const picks = picksOf(1 << 18, series)
    const times = []
    for (let batch = 0; batch <= BATCHES; batch++) {
      times.push(nanosecondsOf(picks.length, () => picks.forEach((pick) => incOf(counter, pick))))
    }
    return {
      figures: {
        // Without the first batch, which compiles.
        'million-series-inc': median(times.slice(1)),
        'million-series-memory': memory / series,
        'million-series-new': created,
      },
      counted: countedIn(await client.scrape()),
    }
  },
}

function incOf(counter, series) {
  const tenant = TENANTS[series % TENANTS.length]
  const rest = Math.floor(series / TENANTS.length)
  counter.inc({ tenant, route: ROUTES[rest % ROUTES.length], status: STATUSES[Math.floor(rest / ROUTES.length)] })
}

function nanosecondsOf(turns, work) {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / turns
}

function picksOf(count, series) {
  const random = randomFrom(5)
  return Uint32Array.from({ length: count }, () => integerBelow(series, random))
}

function textsOf(beginning, count) {
  return Array.from({ length: count }, (_, i) => `${beginning}${i}`)
}
