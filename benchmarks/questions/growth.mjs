import { NARTHEX, load } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { retainedBytes } from '../harness/memory.mjs'
import { integerBelow, randomFrom } from '../harness/random.mjs'
import { timed } from '../harness/scraping.mjs'
import { median, timePerTurn } from '../harness/stopwatch.mjs'
import { KNOWN, MASK, SECONDS_OF } from '../workloads/requests.mjs'

const SERIES = [100, 1000, 10_000, 100_000, 1_000_000]
/** Fewer take less memory than what else happens in a process. */
const WEIGHABLE = 10_000
const LABELS = [1, 2, 4, 8]
const BUCKETS = [5, 10, 20, 50, 100, 200]

const CLOCK = { warmUpMs: 100, batchMs: 20, batches: 5 }
const help = 'It grows.'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'growth',
  figures: [
    ...SERIES.flatMap((count) => [
      { name: `inc-${count}-series`, asks: `random \`inc({…})\` on ${said(count)} series, two labels`, unit: 'ns' },
      {
        name: `scrape-${count}-series`,
        asks: `scrape of ${said(count)} series, after as many increments as a tenth`,
        unit: 'ms',
      },
      ...(count < WEIGHABLE
        ? []
        : [{ name: `memory-${count}-series`, asks: `memory per series of ${said(count)}`, unit: 'B' }]),
    ]),
    ...LABELS.map((count) => ({
      name: `inc-${count}-labels`,
      asks: `\`inc({…})\` on 1,000 series, ${count} label${count === 1 ? '' : 's'}`,
      unit: 'ns',
    })),
    ...BUCKETS.map((count) => ({
      name: `observe-${count}-buckets`,
      asks: `\`observe({…}, v)\` on 100 series, one label, ${count} buckets`,
      unit: 'ns',
    })),
  ],
  // Of the rivals the one that was the fastest at most questions.
  contestants: [NARTHEX, 'platformatic'],
  rounds: { full: 2, quick: 1 },
  nodeOptions: ['--max-old-space-size=8192'],
  async answer({ contestant, quick }) {
    const open = await load(contestant)
    const figures = {}
    const counts = []
    for (const count of LABELS) figures[`inc-${count}-labels`] = incWithLabels(open(), count)
    for (const count of BUCKETS) figures[`observe-${count}-buckets`] = observeInBuckets(open(), count)
    for (const count of SERIES.slice(0, quick ? -1 : undefined)) {
      const { inc, scrape, memory, counted } = await growTo(open, count)
      figures[`inc-${count}-series`] = inc
      figures[`scrape-${count}-series`] = scrape
      figures[`memory-${count}-series`] = memory
      counts.push(counted)
    }
    return { figures, counted: allOf(counts) }
  },
}

async function growTo(open, count) {
  const shards = textsOf('shard-', Math.ceil(count / 1000))
  const keys = textsOf('key-', 1000)
  const empty = await retainedBytes()
  const client = open()
  const counter = client.counter({ name: 'bench_events_total', help, labelNames: ['shard', 'key'] })
  const incOf = (i) => counter.inc({ shard: shards[Math.floor(i / 1000)], key: keys[i % 1000] })
  for (let i = 0; i < count; i++) incOf(i)
  const memory = ((await retainedBytes()) - empty) / count

  const random = randomFrom(6)
  const picks = Uint32Array.from({ length: 1 << 17 }, () => integerBelow(count, random))
  const scrapes = []
  let blocks = await client.scrape()
  for (let scrape = 0; scrape < (count < WEIGHABLE ? 50 : 4); scrape++) {
    for (let i = 0; i < count / 10; i++) incOf(picks[(i + scrape * count) & (picks.length - 1)])
    const { result, milliseconds } = await timed(() => client.scrape())
    scrapes.push(milliseconds)
    blocks = result
  }
  const { nanoseconds } = timePerTurn((turns) => {
    for (let i = 0; i < turns; i++) incOf(picks[i & (picks.length - 1)])
  }, CLOCK)
  return { inc: nanoseconds, scrape: median(scrapes), memory, counted: countedIn(blocks) }
}

function incWithLabels(client, count) {
  const labelNames = textsOf('label_', count)
  const counter = client.counter({ name: 'bench_labelled_total', help, labelNames })
  const texts = textsOf('value-', 1000)
  const series = Array.from({ length: 1000 }, (_, i) =>
    Object.fromEntries(labelNames.map((name, label) => [name, texts[label === 0 ? i : (i + label) % 10]])),
  )
  const random = randomFrom(8)
  const picks = Uint16Array.from({ length: KNOWN }, () => integerBelow(series.length, random))
  return timePerTurn((turns) => {
    for (let i = 0; i < turns; i++) counter.inc(series[picks[i & MASK]])
  }, CLOCK).nanoseconds
}

function observeInBuckets(client, count) {
  // From below the least to above the most that is observed, each as much above the last.
  const buckets = Array.from({ length: count }, (_, i) => Number((0.0006 * 1e5 ** (i / count)).toPrecision(6)))
  const histogram = client.histogram({ name: 'bench_seconds', help, labelNames: ['label'], buckets })
  const series = textsOf('value-', 100).map((label) => ({ label }))
  return timePerTurn((turns) => {
    for (let i = 0; i < turns; i++) histogram.observe(series[i % 100], SECONDS_OF[i & MASK])
  }, CLOCK).nanoseconds
}

function allOf(counts) {
  return {
    samples: counts.reduce((sum, { samples }) => sum + samples, 0),
    digest: counts.map(({ digest }) => digest).join(' '),
    events: counts.reduce((sum, { events }) => sum + events, 0),
  }
}

function textsOf(beginning, count) {
  return Array.from({ length: count }, (_, i) => `${beginning}${i}`)
}

function said(count) {
  return count.toLocaleString('en-US')
}
