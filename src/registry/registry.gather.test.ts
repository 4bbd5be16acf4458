import { describe, expect, test, vi } from 'vitest'
import { descriptor, families, namesIn } from '../../test/collectors.ts'
import { expose } from '../expose.ts'
import { counter } from '../metrics/counter.ts'
import { gauge } from '../metrics/gauge.ts'
import { histogram } from '../metrics/histogram.ts'
import { info } from '../metrics/info.ts'
import { Registry } from './registry.ts'

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

  test('takes as many families as a collector has', async () => {
    const registry = new Registry()
    const [family] = families(descriptor('x'))
    const many = Array.from({ length: 200_000 }, (_, i) => ({ ...family!, name: `x${i}` }))
    registry.register({ collect: () => many })
    expect((await registry.gather()).length).toBe(many.length)
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

describe('those who gather at a time', () => {
  const slow = (registry: Registry): { asked: number; answer: () => void } => {
    const call = { asked: 0, answer: (): void => {} }
    const collect = (): Promise<number> => {
      call.asked++
      return new Promise((resolve) => (call.answer = () => resolve(call.asked)))
    }
    gauge({ name: 'slow', help: 'Slow.', collect, registry })
    return call
  }

  test('share one refresh, and what was recorded before either asked is there', async () => {
    const registry = new Registry()
    const call = slow(registry)
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
    jobs.inc()
    const first = expose(registry)
    jobs.inc()
    const second = expose(registry)
    call.answer()
    expect(await second).toBe(await first)
    expect(await second).toContain('slow 1\n')
    expect(await second).toContain('jobs_total 2\n')
    expect(call.asked).toBe(1)
  })

  test('ask again once that refresh is over', async () => {
    const registry = new Registry()
    const call = slow(registry)
    const first = registry.gather()
    call.answer()
    await first
    const second = registry.gather()
    call.answer()
    expect(await second).not.toBe(await first)
    expect(call.asked).toBe(2)
  })

  test('each get what they asked for by name', async () => {
    const registry = new Registry()
    const call = slow(registry)
    gauge({ name: 'other', help: 'Other.', registry })
    const all = namesIn(registry)
    const other = namesIn(registry, ['other'])
    call.answer()
    expect(await all).toEqual(['slow', 'other'])
    expect(await other).toEqual(['other'])
  })

  test('see what was registered and unregistered before they asked', async () => {
    const registry = new Registry()
    const call = slow(registry)
    const leaving = gauge({ name: 'leaving', help: 'Leaving.', registry })
    const first = namesIn(registry)
    call.answer()
    registry.unregister(leaving)
    gauge({ name: 'new', help: 'New.', registry })
    const second = namesIn(registry)
    call.answer()
    await first
    expect(await second).toEqual(['slow', 'new'])
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
