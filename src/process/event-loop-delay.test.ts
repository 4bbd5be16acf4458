import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { eventLoopDelay, waits } from './event-loop-delay.ts'
import type { ProcessCollector } from './process-collector.ts'

let running: ProcessCollector[] = []

afterEach(() => {
  for (const collector of running) collector.stop()
  running = []
})

describe('the delay of the event loop', () => {
  test('shows how long work that was due had to wait', async () => {
    const collector = start()
    await sleep(50)
    const before = await delayOf(collector)
    block(60)
    await sleep(50)
    const after = await delayOf(collector)
    // The sample that fell due during the first 20 ms of the block waited for the rest of it.
    expect(countAbove(after, 0.025) - countAbove(before, 0.025)).toBeGreaterThanOrEqual(1)
    expect(after.sum - before.sum).toBeGreaterThan(0.035)
  })

  test('is sampled while the loop has nothing to do', async () => {
    const started = performance.now()
    const collector = start()
    await sleep(200)
    const { count } = await delayOf(collector)
    const due = (performance.now() - started) / 20
    expect(count).toBeGreaterThan(due / 2)
    expect(count).toBeLessThanOrEqual(due + 1)
  })

  test('keeps its samples, however many scrapers ask', async () => {
    const collector = start()
    block(60)
    await sleep(50)
    const first = await delayOf(collector)
    const second = await delayOf(collector)
    const third = await delayOf(collector)
    expect(first.count).toBeGreaterThan(0)
    for (const [earlier, later] of [
      [first, second],
      [second, third],
    ] as const) {
      expect(later.count).toBeGreaterThanOrEqual(earlier.count)
      expect(later.sum).toBeGreaterThanOrEqual(earlier.sum)
      for (const [i, bucket] of later.buckets.entries()) {
        expect(bucket.count).toBeGreaterThanOrEqual(earlier.buckets[i]!.count)
      }
    }
  })

  test('is measured no longer once it is stopped', async () => {
    const collector = start()
    await sleep(50)
    collector.stop()
    const { count } = await delayOf(collector)
    expect(count).toBeGreaterThan(0)
    await sleep(60)
    expect((await delayOf(collector)).count).toBe(count)
  })
})

test('a test of the service that fakes its timers does not get ours among them', () => {
  vi.useFakeTimers()
  try {
    start()
    expect(vi.getTimerCount()).toBe(0)
    setInterval(() => {}, 20)
    expect(vi.getTimerCount()).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})

describe('the samples of a late timer', () => {
  test('are the one it was set for and those that fell due in the meantime', () => {
    expect([...waits(50, 20)]).toEqual([50, 30, 10])
  })

  test('are one when it is less than an interval late', () => {
    expect([...waits(0.25, 20)]).toEqual([0.25])
    expect([...waits(20, 20)]).toEqual([20])
  })

  test('never waited less than nothing', () => {
    expect([...waits(-0.75, 20)]).toEqual([0])
  })
})

function start(): ProcessCollector {
  const collector = eventLoopDelay({ prefix: '' })
  running.push(collector)
  return collector
}

async function delayOf(collector: ProcessCollector): Promise<HistogramValue> {
  return (await scrape<HistogramValue>(collector))['nodejs_eventloop_delay_seconds']!
}

function countAbove({ buckets }: HistogramValue, seconds: number): number {
  return buckets.filter(({ upperBound }) => upperBound > seconds).reduce((total, bucket) => total + bucket.count, 0)
}

function block(milliseconds: number): void {
  const start = performance.now()
  while (performance.now() - start < milliseconds);
}
