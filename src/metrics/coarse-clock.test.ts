import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { coarseNow, forgetTime } from './coarse-clock.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

test('the time is a tenth of a second old at most', () => {
  forgetTime()
  vi.setSystemTime(1000)
  expect(coarseNow()).toBe(1000)
  vi.setSystemTime(1050)
  expect(coarseNow()).toBe(1000)
  vi.advanceTimersByTime(100)
  expect(coarseNow()).toBe(1150)
})

describe('in a Worker', () => {
  beforeEach(() => void vi.resetModules())
  afterEach(() => void vi.unstubAllGlobals())

  test('the time is exact: a timer ends with the request that began it', async () => {
    const { coarseNow: now } = await import('./coarse-clock.ts')
    const wait = vi.fn<() => number>(() => 1)
    vi.stubGlobal('setTimeout', wait)
    vi.setSystemTime(1000)
    expect(now()).toBe(1000)
    vi.setSystemTime(5000)
    expect([now(), wait.mock.calls.length]).toEqual([5000, 1])
  })

  test('recording is possible while it is being loaded, when there are no timers', async () => {
    const { coarseNow: now } = await import('./coarse-clock.ts')
    vi.stubGlobal('setTimeout', () => {
      throw new Error('Disallowed operation called within global scope.')
    })
    vi.setSystemTime(1000)
    expect(now()).toBe(1000)
    vi.setSystemTime(2000)
    expect(now()).toBe(2000)
  })
})
