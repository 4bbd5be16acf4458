import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { counter, Counter } from '../metrics/counter.ts'
import { gauge } from '../metrics/gauge.ts'
import { histogram } from '../metrics/histogram.ts'
import { info } from '../metrics/info.ts'
import { stateSet } from '../metrics/state-set.ts'
import { summary } from '../metrics/summary.ts'
import { Registry } from './registry.ts'

describe('a declaration that is there already', () => {
  test('gives the metric that is there', () => {
    const registry = new Registry()
    const twice = <T>(declare: () => T): [T, T] => [declare(), declare()]
    const labelNames = ['a', 'b'] as const
    const metrics = [
      twice(() => counter({ name: 'a', help: 'A.', labelNames, maxSeries: 5, registry })),
      twice(() => gauge({ name: 'b_bytes', help: 'B.', unit: 'bytes', registry })),
      twice(() => histogram({ name: 'c', help: 'C.', buckets: [1, 2], registry })),
      twice(() => summary({ name: 'd', help: 'D.', registry })),
      twice(() => info({ name: 'e', help: 'E.', registry })),
      twice(() => stateSet({ name: 'f', help: 'F.', states: ['on', 'off'], registry })),
    ]
    for (const [first, second] of metrics) expect(second).toBe(first)
  })

  test('is the same with and without what goes without saying', () => {
    const registry = new Registry()
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
    expect(counter({ name: 'jobs_total', help: 'Jobs done.', labelNames: [], unit: '', registry })).toBe(jobs)
    const slow = histogram({ name: 'slow', help: 'Slow.', registry })
    const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    expect(histogram({ name: 'slow', help: 'Slow.', buckets, registry })).toBe(slow)
  })

  test('gives a metric that was built and registered by hand', () => {
    const registry = new Registry()
    const jobs = registry.register(new Counter({ name: 'jobs', help: 'Jobs done.' }))
    expect(counter({ name: 'jobs', help: 'Jobs done.', registry })).toBe(jobs)
  })

  test('keeps what was counted', async () => {
    const registry = new Registry()
    counter({ name: 'jobs', help: 'Jobs done.', registry }).inc()
    counter({ name: 'jobs', help: 'Jobs done.', registry }).inc()
    expect(await expose(registry)).toContain('jobs_total 2\n')
  })

  test('takes the callback from the newest', async () => {
    const registry = new Registry()
    gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => 1, registry })
    gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => 2, registry })
    expect(await expose(registry)).toContain('queue_length 2\n')
    gauge({ name: 'queue_length', help: 'Waiting jobs.', registry }).set(3)
    expect(await expose(registry)).toContain('queue_length 3\n')
  })

  test('counts for nothing once the metric is unregistered', () => {
    const registry = new Registry()
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
    registry.unregister(jobs)
    expect(counter({ name: 'jobs', help: 'Jobs done.', registry })).not.toBe(jobs)
  })
})

describe('another declaration under a name that is there is refused, and told what differs:', () => {
  const base = { name: 'x', help: 'X.', labelNames: ['a', 'b'] }

  test.each<[string, (registry: Registry) => unknown, string]>([
    ['help', (registry) => gauge({ ...base, help: 'Y.', registry }), 'help was "X." and now is "Y."'],
    [
      'label names',
      (registry) => gauge({ ...base, labelNames: ['a'], registry }),
      'labelNames was ["a","b"] and now is ["a"]',
    ],
    [
      'their order',
      (registry) => gauge({ ...base, labelNames: ['b', 'a'], registry }),
      'labelNames was ["a","b"] and now is ["b","a"]',
    ],
    ['maxSeries', (registry) => gauge({ ...base, maxSeries: 7, registry }), 'maxSeries was undefined and now is 7'],
    ['type', (registry) => summary({ ...base, registry }), 'type was "gauge" and now is "summary"'],
    [
      'several things',
      (registry) => gauge({ name: 'x', help: 'Y.', registry }),
      'help was "X." and now is "Y."; labelNames was ["a","b"] and now is []',
    ],
  ])('%s', (_, declare, difference) => {
    const registry = new Registry()
    gauge({ ...base, registry })
    const error = refusal(() => declare(registry))
    expect(error.code).toBe('DIFFERENT_DECLARATION')
    expect(error.message).toContain('x is declared again')
    expect(error.message).toContain(difference)
  })

  test('buckets', () => {
    const registry = new Registry()
    histogram({ name: 'x', help: 'X.', buckets: [1, 2], registry })
    const error = refusal(() => histogram({ name: 'x', help: 'X.', buckets: [1, 3], registry }))
    expect(error.message).toContain('buckets was [1,2] and now is [1,3]')
  })

  test('states', () => {
    const registry = new Registry()
    stateSet({ name: 'x', help: 'X.', states: ['on', 'off'], registry })
    const error = refusal(() => stateSet({ name: 'x', help: 'X.', states: ['on'], registry }))
    expect(error.message).toContain('states was ["on","off"] and now is ["on"]')
  })

  test('the unit', () => {
    const registry = new Registry()
    gauge({ name: 'x_bytes', help: 'X.', registry })
    const error = refusal(() => gauge({ name: 'x_bytes', help: 'X.', unit: 'bytes', registry }))
    expect(error.message).toContain('unit was "" and now is "bytes"')
  })

  test('and the metric that was there stays', async () => {
    const registry = new Registry()
    const there = gauge({ ...base, registry })
    there.set({ a: 1, b: 2 }, 3)
    refusal(() => gauge({ ...base, help: 'Y.', registry }))
    expect(await expose(registry)).toBe('# HELP x X.\n# TYPE x gauge\nx{a="1",b="2"} 3\n')
  })
})
