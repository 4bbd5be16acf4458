import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { samplesOf } from '../model/metric-family.ts'
import type { Collector } from '../registry/collector.ts'
import { Counter } from './counter.ts'
import { Gauge } from './gauge.ts'
import { Histogram } from './histogram.ts'
import { Summary } from './summary.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }))
afterEach(() => void vi.useRealTimers())

test('counters, histograms and summaries know when each of their series began', () => {
  for (const metric of [new Counter(declared), new Histogram(declared), new Summary(declared)]) {
    vi.setSystemTime(1_000)
    metric.labels('a')
    vi.setSystemTime(2_000)
    metric.labels('b')
    vi.setSystemTime(3_000)
    expect(startsOf(metric)).toEqual({ a: 1_000, b: 2_000 })
  }
})

test('where there is no time yet, as in a Worker that is being loaded, nobody knows when a series began', () => {
  vi.setSystemTime(0)
  const counter = new Counter(declared)
  counter.inc({ i: 'a' })
  expect(startsOf(counter)).toEqual({ a: undefined })
})

test('a gauge has no start', () => {
  const gauge = new Gauge(declared)
  gauge.labels('a')
  expect(startsOf(gauge)).toEqual({ a: undefined })
})

test('totals that are kept elsewhere began elsewhere: nobody knows when', async () => {
  const counter = new Counter({ ...declared, collect: () => [[{ i: 'a' }, 1]] })
  await counter.refresh!()
  expect(startsOf(counter)).toEqual({ a: undefined })
  expect(startsOf(new Counter({ name: 'x', help: 'X.', collect: () => 1 }))).toEqual({ '': undefined })
})

test('a series that was removed and comes again begins again, and pictures taken before stay as they are', () => {
  const counter = new Counter(declared)
  counter.inc({ i: 'a' })
  const [before] = counter.collect()
  counter.remove('a')
  vi.setSystemTime(2_000)
  counter.inc({ i: 'b' })
  expect(startsOf(counter)).toEqual({ b: 2_000 })
  expect([...samplesOf(before!)]).toEqual([{ labels: { i: 'a' }, value: 1, startTimestampMs: 1_000 }])
})

test('a metric without labels begins again when it is cleared', () => {
  const counter = new Counter({ name: 'x', help: 'X.' })
  counter.inc()
  const [before] = counter.collect()
  vi.setSystemTime(2_000)
  counter.clear()
  expect([...samplesOf(counter.collect()[0]!)]).toEqual([{ labels: {}, value: 0, startTimestampMs: 2_000 }])
  expect([...samplesOf(before!)]).toEqual([{ labels: {}, value: 1, startTimestampMs: 1_000 }])
})

test('starts stay with their series when the metric grows', () => {
  const counter = new Counter(declared)
  const expected: Record<string, number> = {}
  for (let i = 1; i <= 10_000; i++) {
    vi.setSystemTime(i)
    counter.inc({ i })
    expected[i] = i
  }
  expect(startsOf(counter)).toEqual(expected)
})

const declared = { name: 'x', help: 'X.', labelNames: ['i'] } as const

function startsOf(metric: Collector): Record<string, number | undefined> {
  const [family] = metric.collect() as Awaited<ReturnType<Collector['collect']>>
  return Object.fromEntries([...samplesOf(family!)].map((each) => [each.labels['i'] ?? '', each.startTimestampMs]))
}
