import { describe, expect, test, vi } from 'vitest'
import { descriptor, namesIn, yielding } from '../../test/collectors.ts'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { counter, Counter } from '../metrics/counter.ts'
import { gauge, Gauge } from '../metrics/gauge.ts'
import { Histogram } from '../metrics/histogram.ts'
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
    const stop = vi.fn<() => void>()
    const collector = registry.register({ collect: () => [], stop })
    expect(registry.has(collector)).toBe(true)
    registry.unregister(collector)
    registry.unregister(collector)
    expect(registry.has(collector)).toBe(false)
    expect(stop).toHaveBeenCalledOnce()
  })

  test('by clear, and the names are free', () => {
    const registry = new Registry()
    const stop = vi.fn<() => void>()
    registry.register({ ...yielding(descriptor('x')), stop })
    registry.clear()
    expect(stop).toHaveBeenCalledOnce()
    gauge({ name: 'x', help: 'X.', registry })
  })

  test('not where it never was', () => {
    const stop = vi.fn<() => void>()
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

test('a collector that fails to stop is removed all the same, and so are the others', () => {
  const warnings: string[] = []
  const registry = new Registry({ onWarning: (message) => void warnings.push(message) })
  const stubborn = {
    collect: () => [],
    stop() {
      throw new Error('no')
    },
  }
  const stopped: string[] = []
  registry.register(stubborn)
  registry.register({ collect: () => [], stop: () => void stopped.push('other') })
  registry.clear()
  expect(registry.has(stubborn)).toBe(false)
  expect(stopped).toEqual(['other'])
  expect(warnings).toEqual([expect.stringContaining('did not stop')])
})
