import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { samplesOf } from '../model/metric-family.ts'
import type { SummaryValue } from '../model/sample.ts'
import { Registry } from '../registry/registry.ts'
import { summary, Summary } from './summary.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

test('a summary tells the quantiles that it was asked for', async () => {
  const registry = new Registry()
  const sizes = summary({ name: 'size', help: 'Size.', labelNames: ['job'], quantiles: [0, 0.5, 1], registry })
  for (const value of [1, 2, 4, 8, 16]) sizes.observe({ job: 'a' }, value)
  sizes.labels('b').observe(-3)
  expect(await expose(registry)).toBe(`# HELP size Size.
# TYPE size summary
size{job="a",quantile="0"} 1
size{job="a",quantile="0.5"} 4.03125
size{job="a",quantile="1"} 16
size_sum{job="a"} 31
size_count{job="a"} 5
size{job="b",quantile="0"} -3
size{job="b",quantile="0.5"} -3
size{job="b",quantile="1"} -3
size_sum{job="b"} -3
size_count{job="b"} 1
`)
})

describe('the window', () => {
  const declared = { name: 'x', help: 'X.', quantiles: [0, 1], maxAgeSeconds: 100, ageBuckets: 5 } as const

  test('is empty at first: NaN, and count and sum are of all time (O12)', () => {
    const metric = new Summary(declared)
    expect(valueOf(metric)).toEqual({ count: 0, sum: 0, quantiles: [Number.NaN, Number.NaN] })
    metric.observe(7)
    vi.advanceTimersByTime(100_000)
    expect(valueOf(metric)).toEqual({ count: 1, sum: 7, quantiles: [Number.NaN, Number.NaN] })
  })

  test('forgets a value after four parts of it at least, and after all five at most', () => {
    const metric = new Summary(declared)
    metric.observe(1)
    vi.advanceTimersByTime(19_999)
    metric.observe(2)
    vi.advanceTimersByTime(80_000)
    expect(valueOf(metric).quantiles).toEqual([1, 2])
    vi.advanceTimersByTime(1)
    expect(valueOf(metric).quantiles).toEqual([Number.NaN, Number.NaN])
  })

  test('moves on part by part, whether it is recorded into or only read', () => {
    const metric = new Summary(declared)
    const seen: (readonly number[])[] = []
    for (let i = 1; i <= 8; i++) {
      if (i <= 3) metric.observe(i)
      seen.push(valueOf(metric).quantiles)
      vi.advanceTimersByTime(20_000)
    }
    expect(seen).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 3],
      [1, 3],
      [2, 3],
      [3, 3],
      [Number.NaN, Number.NaN],
    ])
  })

  test('is empty after a long silence, and begins again with what comes then', () => {
    const metric = new Summary(declared)
    metric.observe(1)
    vi.advanceTimersByTime(1e12 + 7)
    metric.observe(2)
    expect(valueOf(metric).quantiles).toEqual([2, 2])
    vi.advanceTimersByTime(79_000)
    expect(valueOf(metric).quantiles).toEqual([2, 2])
  })

  test('moves on as ever when the clock was set back', () => {
    vi.setSystemTime(10_000_000)
    const metric = new Summary(declared)
    metric.observe(1)
    vi.setSystemTime(1_000_000)
    expect(valueOf(metric).quantiles).toEqual([1, 1])
    vi.advanceTimersByTime(50_000)
    metric.observe(2)
    vi.advanceTimersByTime(50_000)
    expect(valueOf(metric).quantiles).toEqual([2, 2])
    vi.advanceTimersByTime(50_000)
    expect(valueOf(metric).quantiles).toEqual([Number.NaN, Number.NaN])
  })

  test('holds each value once, however many parts it has', () => {
    const metric = new Summary({ ...declared, quantiles: [0.5] })
    for (let i = 1; i <= 5; i++) {
      metric.observe(i)
      vi.advanceTimersByTime(20_000 - 1)
    }
    expect(valueOf(metric).quantiles[0]).toBeCloseTo(3, 1)
  })

  test('is emptied with its series, and a picture of it stays what it was', () => {
    const metric = new Summary(declared)
    metric.observe(1)
    const [before] = metric.collect()
    metric.clear()
    expect(valueOf(metric)).toEqual({ count: 0, sum: 0, quantiles: [Number.NaN, Number.NaN] })
    expect([...samplesOf(before!)][0]!.value).toMatchObject({ count: 1 })
  })
})

test('quantiles are part of the declaration', () => {
  const registry = new Registry()
  const declared = { name: 'x', help: 'X.', registry }
  const metric = summary({ ...declared, quantiles: [0.5] })
  expect(summary({ ...declared, quantiles: [0.5] })).toBe(metric)
  expect(refusal(() => summary({ ...declared, quantiles: [0.9] })).code).toBe('DIFFERENT_DECLARATION')
})

test.each<[object, string]>([
  [
    { quantiles: [0.9, 0.5] },
    'The quantiles of the summary x must be numbers from 0 to 1 that ascend, not [0.9, 0.5].',
  ],
  [{ quantiles: [1.1] }, 'The quantiles of the summary x must be numbers from 0 to 1 that ascend, not [1.1].'],
  [{ quantiles: 0.5 }, 'The quantiles of the summary x must be numbers from 0 to 1 that ascend, not 0.5.'],
  [{ quantiles: [0.5], maxAgeSeconds: 0 }, 'maxAgeSeconds of the summary x must be a number above 0, not 0.'],
  [{ quantiles: [0.5], ageBuckets: 1.5 }, 'ageBuckets of the summary x must be an integer from 1 to 100, not 1.5.'],
])('%j is refused', (options, message) => {
  expect(refusal(() => new Summary({ name: 'x', help: 'X.', ...options }))).toMatchObject({
    code: 'INVALID_OPTION',
    message,
  })
})

function valueOf(metric: Summary<[]>): { count: number; sum: number; quantiles: number[] } {
  const { count, sum, quantiles } = [...samplesOf(metric.collect()[0]!)][0]!.value as SummaryValue
  return { count, sum, quantiles: quantiles.map(({ value }) => value) }
}
