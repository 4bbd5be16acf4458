import { describe, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { counter, Counter } from '../metrics/counter.ts'
import { gauge, Gauge } from '../metrics/gauge.ts'
import { histogram, Histogram } from '../metrics/histogram.ts'
import { info } from '../metrics/info.ts'
import { stateSet } from '../metrics/state-set.ts'
import { summary } from '../metrics/summary.ts'
import type { Descriptor, MetricType } from '../model/descriptor.ts'
import { metricFamily } from '../model/build-family.ts'
import type { Collector } from './collector.ts'
import { Registry } from './registry.ts'

describe('register', () => {
  test('adds a collector and returns it', async () => {
    const registry = new Registry()
    const jobs = new Counter({ name: 'jobs', help: 'Jobs done.' })
    expect(registry.register(jobs)).toBe(jobs)
    expect(await namesIn(registry)).toEqual(['jobs_total'])
  })

  test('leaves a collector that is there as it is', async () => {
    const registry = new Registry()
    const jobs = registry.register(new Counter({ name: 'jobs', help: 'Jobs done.' }))
    expect(registry.register(jobs)).toBe(jobs)
    expect(await namesIn(registry)).toEqual(['jobs_total'])
  })

  test('lets a collector be in several registries (CL2)', async () => {
    const jobs = new Counter({ name: 'jobs', help: 'Jobs done.' })
    const [one, other] = [new Registry(), new Registry()]
    one.register(jobs)
    other.register(jobs)
    jobs.inc()
    expect(await expose(one)).toContain('jobs_total 1\n')
    expect(await expose(other)).toContain('jobs_total 1\n')
  })

  test('refuses another collector of the same name', () => {
    const registry = new Registry()
    registry.register(new Counter({ name: 'jobs', help: 'Jobs done.' }))
    const error = refusal(() => registry.register(new Counter({ name: 'jobs', help: 'Jobs done.' })))
    expect(error.code).toBe('NAME_CLASH')
    expect(error.message).toContain('jobs_total')
  })

  test('adds nothing of a collector that it refuses', async () => {
    const registry = new Registry()
    gauge({ name: 'taken', help: 'Taken.', registry })
    expect(refusal(() => registry.register(yielding(descriptor('free'), descriptor('taken')))).code).toBe('NAME_CLASH')
    expect(await namesIn(registry)).toEqual(['taken'])
    gauge({ name: 'free', help: 'Still free.', registry })
  })

  test('refuses a collector whose own families clash', () => {
    const clashing = yielding(descriptor('x'), descriptor('x_count'), { ...descriptor('x'), type: 'histogram' })
    expect(refusal(() => new Registry().register(clashing)).code).toBe('NAME_CLASH')
  })

  test('refuses a second collector that yields the same, even if both share the descriptor', () => {
    const registry = new Registry()
    const shared = descriptor('x')
    registry.register(yielding(shared))
    expect(refusal(() => registry.register(yielding(shared))).code).toBe('NAME_CLASH')
  })

  test.each(['narthex_collector_failures_total', 'narthex_series_overflow_total'])(
    'keeps the name %s for itself',
    (name) => {
      expect(refusal(() => counter({ name, help: 'Mine.', registry: new Registry() })).code).toBe('NAME_CLASH')
    },
  )
})

describe('names that would meet in some exposition clash at registration (O8):', () => {
  test.each<[MetricType, string, MetricType, string]>([
    ['gauge', 'x', 'counter', 'x_total'],
    ['gauge', 'x_total', 'counter', 'x_total'],
    ['gauge', 'x_created', 'counter', 'x_total'],
    ['histogram', 'x', 'counter', 'x_count'],
    ['histogram', 'x', 'gauge', 'x_count'],
    ['histogram', 'x', 'gauge', 'x_sum'],
    ['histogram', 'x', 'gauge', 'x_bucket'],
    ['histogram', 'x', 'gauge', 'x_created'],
    ['histogram', 'x', 'summary', 'x'],
    ['summary', 'x', 'gauge', 'x_sum'],
    ['summary', 'x', 'gauge', 'x_count'],
    ['info', 'x_info', 'gauge', 'x_info'],
    ['info', 'x_info', 'gauge', 'x'],
    ['stateset', 'x', 'gauge', 'x'],
    ['histogram', 'x', 'counter', 'x_count_total'],
    ['gaugehistogram', 'x', 'gauge', 'x_gsum'],
  ])('the %s %s and the %s %s, in both orders', (type, name, otherType, otherName) => {
    const one = { ...descriptor(name), type }
    const other = { ...descriptor(otherName), type: otherType }
    for (const [first, second] of [[one, other] as const, [other, one] as const]) {
      const registry = new Registry()
      registry.register(yielding(first))
      const error = refusal(() => registry.register(yielding(second)))
      expect(error.code).toBe('NAME_CLASH')
      expect(error.message).toContain(`the ${first.type} ${first.name}`)
      expect(error.message).toContain(`The ${second.type} ${second.name}`)
    }
  })

  test.each<[MetricType, string, MetricType, string]>([
    ['counter', 'x_total', 'counter', 'x_errors_total'],
    ['gauge', 'x', 'gauge', 'x_total'],
    ['gauge', 'x', 'gauge', 'x_sum'],
    ['summary', 'x', 'gauge', 'x_bucket'],
    ['histogram', 'x', 'gauge', 'x_max'],
    ['info', 'x_info', 'gauge', 'x_total'],
  ])('but not the %s %s and the %s %s', (type, name, otherType, otherName) => {
    const registry = new Registry()
    registry.register(yielding({ ...descriptor(name), type }))
    expect(() => registry.register(yielding({ ...descriptor(otherName), type: otherType }))).not.toThrow()
  })
})

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
    expect(error.message).toContain('x is declared a second time')
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

describe('unregister', () => {
  test('removes a collector, frees its names and says whether it was there', async () => {
    const registry = new Registry()
    const slow = registry.register(new Histogram({ name: 'slow', help: 'Slow.' }))
    gauge({ name: 'other', help: 'Stays.', registry })
    expect(registry.unregister(slow)).toBe(true)
    expect(registry.unregister(slow)).toBe(false)
    expect(await namesIn(registry)).toEqual(['other'])
    gauge({ name: 'slow_count', help: 'Free again.', registry })
  })

  test('lets nobody free the names of another', () => {
    const registry = new Registry()
    const there = registry.register(new Gauge({ name: 'x', help: 'X.' }))
    const stranger = new Gauge({ name: 'x', help: 'X.' })
    expect(registry.unregister(stranger)).toBe(false)
    expect(refusal(() => registry.register(stranger)).code).toBe('NAME_CLASH')
    expect(registry.unregister(there)).toBe(true)
  })
})

describe('a collector that leaves is stopped', () => {
  test('by unregister, once', () => {
    const registry = new Registry()
    const stop = vi.fn()
    const collector = registry.register({ collect: () => [], stop })
    expect(registry.has(collector)).toBe(true)
    registry.unregister(collector)
    registry.unregister(collector)
    expect(registry.has(collector)).toBe(false)
    expect(stop).toHaveBeenCalledOnce()
  })

  test('by clear, and the names are free', () => {
    const registry = new Registry()
    const stop = vi.fn()
    registry.register({ ...yielding(descriptor('x')), stop })
    registry.clear()
    expect(stop).toHaveBeenCalledOnce()
    gauge({ name: 'x', help: 'X.', registry })
  })

  test('not where it never was', () => {
    const stop = vi.fn()
    expect(new Registry().unregister({ collect: () => [], stop })).toBe(false)
    expect(stop).not.toHaveBeenCalled()
  })
})

test('clear removes every collector; metrics that somebody holds go on, unseen', async () => {
  const registry = new Registry()
  const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
  registry.clear()
  jobs.inc()
  expect(await registry.gather()).toEqual([])
  registry.register(jobs)
  expect(await expose(registry)).toContain('jobs_total 1\n')
})

describe('gather', () => {
  test('asks all collectors, in the order of registration', async () => {
    const registry = new Registry()
    gauge({ name: 'z', help: 'Z.', registry })
    registry.register({ collect: async () => families(descriptor('m'), descriptor('b')) })
    gauge({ name: 'a', help: 'A.', registry })
    expect(await namesIn(registry)).toEqual(['z', 'm', 'b', 'a'])
  })

  test('of an empty registry gives nothing', async () => {
    expect(await new Registry().gather()).toEqual([])
  })

  test('asks every collector to get ready before any of them is copied', async () => {
    const calls: string[] = []
    const registry = new Registry()
    for (const name of ['a', 'b']) {
      registry.register({
        refresh: async () => void calls.push(`${name} is ready`),
        collect: () => (calls.push(`${name} is copied`), []),
      })
    }
    await registry.gather()
    expect(calls).toEqual(['a is ready', 'b is ready', 'a is copied', 'b is copied'])
  })

  test('shows one instant: nothing is recorded between the first metric and the last', async () => {
    const registry = new Registry()
    const first = counter({ name: 'first', help: 'First.', registry })
    registry.register({ refresh: async () => {}, collect: async () => [] })
    const last = counter({ name: 'last', help: 'Last.', registry })
    const recording = setInterval(() => (first.inc(), last.inc()))
    try {
      for (let i = 0; i < 20; i++) {
        const [a, b] = await registry.gather()
        expect(a!.columns.chunks[0]!.values).toEqual(b!.columns.chunks[0]!.values)
      }
    } finally {
      clearInterval(recording)
    }
  })

  test('leaves no timer behind', async () => {
    vi.useFakeTimers()
    try {
      const registry = new Registry()
      gauge({ name: 'x', help: 'X.', collect: async () => 1, registry })
      expect(await namesIn(registry)).toEqual(['x'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('gather by names', () => {
  test.each([
    [['slow'], ['slow']],
    [['slow_bucket'], ['slow']],
    [['slow_count', 'slow_sum'], ['slow']],
    [['jobs_total'], ['jobs_total']],
    [['jobs'], ['jobs_total']],
    [
      ['app_info', 'free'],
      ['app_info', 'free'],
    ],
    [['slo'], []],
    [['slow_'], []],
    [['jobs_total_total'], []],
    [[''], []],
    [[], []],
  ])('%j gives %j', async (names, found) => {
    const registry = new Registry()
    counter({ name: 'jobs', help: 'Jobs done.', registry })
    histogram({ name: 'slow', help: 'Slow.', registry })
    info({ name: 'app', help: 'App.', registry })
    registry.register({ collect: () => families(descriptor('free')) })
    expect(await namesIn(registry, names)).toEqual(found)
  })

  test('asks no collector that cannot have what is wanted', async () => {
    const registry = new Registry()
    const collect = vi.fn<() => number>(() => 1)
    gauge({ name: 'costly', help: 'Costly.', collect, registry })
    gauge({ name: 'cheap', help: 'Cheap.', registry })
    expect(await namesIn(registry, ['cheap'])).toEqual(['cheap'])
    expect(collect).not.toHaveBeenCalled()
  })

  test('gives what the registry says of itself, too', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const full = counter({ name: 'full', help: 'Full.', labelNames: ['a'], maxSeries: 1, registry })
    full.inc({ a: 1 })
    full.inc({ a: 2 })
    registry.register({ collect: () => [] }).collect = (): never => {
      throw new Error('broken')
    }
    expect(await namesIn(registry, ['narthex_collector_failures_total'])).toEqual(['narthex_collector_failures_total'])
    expect(await namesIn(registry, ['narthex_series_overflow_total'])).toEqual(['narthex_series_overflow_total'])
  })
})

function descriptor(name: string): Descriptor {
  return { name, help: `${name}.`, type: 'gauge', unit: '', labelNames: [] }
}

function yielding(...descriptors: Descriptor[]): Collector {
  return { descriptors, collect: () => families(...descriptors) }
}

function families(...descriptors: Descriptor[]): ReturnType<typeof metricFamily>[] {
  return descriptors.map(({ name, help }) =>
    metricFamily({ name, help, type: 'gauge', samples: [{ labels: {}, value: 1 }] }),
  )
}

async function namesIn(registry: Registry, names?: readonly string[]): Promise<string[]> {
  const gathered = await registry.gather(names === undefined ? {} : { names })
  return gathered.map((family) => family.name)
}
