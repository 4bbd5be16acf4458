import { randomFrom } from '../harness/random.mjs'

/**
 * Uses a client as a service does that has more than one metric: other label names and numbers of them, from other
 * places in the program. So no client is measured on code that was compiled for a single kind of metric.
 *
 * @param {() => import('../harness/contestants.mjs').Client} open
 */
export async function liveIn(open) {
  const client = open()
  const help = 'Not measured.'
  const plain = client.counter({ name: 'lived_in_plain_total', help, labelNames: [] })
  const jobs = client.counter({ name: 'lived_in_jobs_total', help, labelNames: ['queue'] })
  const queries = client.counter({
    name: 'lived_in_queries_total',
    help,
    labelNames: ['pool', 'table', 'kind', 'shard'],
  })
  const sizes = client.histogram({ name: 'lived_in_size_bytes', help, labelNames: ['kind'], buckets: [1e3, 1e6] })
  const waits = client.histogram({
    name: 'lived_in_wait_seconds',
    help,
    labelNames: ['pool', 'kind', 'outcome'],
    buckets: [0.1, 1, 10],
  })
  const random = randomFrom(99)
  for (let i = 0; i < 20_000; i++) {
    const text = `${i % 7}`
    plain.inc()
    jobs.inc({ queue: text })
    jobs.labels(text).inc(2)
    queries.inc({ pool: 'main', table: text, kind: 'read', shard: `${i % 3}` }, random())
    sizes.observe({ kind: text }, random() * 1e7)
    waits.observe({ pool: 'main', kind: text, outcome: 'ok' }, random() * 20)
  }
  await client.scrape()
  await client.scrape()
}
