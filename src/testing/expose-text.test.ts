import { describe, expect, test } from 'vitest'
import { Counter, counter, expose, gauge, histogram, metricFamily, Registry, type Collector } from 'narthex'
import { exposeText } from './expose-text.ts'

describe('exposeText', () => {
  test('gives the exposition of a metric at once', () => {
    const jobs = new Counter({ name: 'jobs', help: 'Jobs.', labelNames: ['queue'] })
    jobs.inc({ queue: 'mäil' }, 2)
    expect(exposeText(jobs)).toBe('# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total{queue="mäil"} 2\n')
  })

  test('gives that of families', () => {
    const family = metricFamily({
      name: 'room',
      help: 'Room.',
      type: 'gauge',
      samples: [{ labels: {}, value: 1.5, timestampMs: 1700000000000 }],
    })
    expect(exposeText([family])).toBe('# HELP room Room.\n# TYPE room gauge\nroom 1.5 1700000000000\n')
  })

  test('gives that of a registry later, and it is that of a scrape', async () => {
    const registry = new Registry()
    counter({ name: 'jobs', help: 'Jobs.', registry }).inc()
    gauge({ name: 'queued', help: 'Queued.', registry, collect: async () => 3 })
    const text = await exposeText(registry)
    expect(text).toContain('\nqueued 3\n')
    expect(text).toBe(await expose(registry))
  })

  test('leaves out what no given name is of', async () => {
    const registry = new Registry()
    counter({ name: 'jobs', help: 'Jobs.', registry })
    histogram({ name: 'slow', help: 'Slow.', buckets: [1], registry })
    gauge({ name: 'queued', help: 'Queued.', registry })
    const text = await exposeText(registry, { names: ['jobs_total', 'slow_bucket'] })
    expect(text.match(/^# TYPE .*/gm)).toEqual(['# TYPE jobs_total counter', '# TYPE slow histogram'])
  })

  test('refuses a metric that is asked at each scrape, as nobody has asked it', () => {
    const registry = new Registry()
    const queued = gauge({ name: 'queued', help: 'Queued.', registry, collect: () => 3 })
    expect(() => exposeText(queued)).toThrow(
      'queued is asked for its numbers at each scrape: read it through a registry that it is in.',
    )
  })

  test('refuses a collector that answers later', () => {
    const later: Collector = { collect: async () => [] }
    expect(() => exposeText(later as never)).toThrow('this collector answers later')
  })
})
