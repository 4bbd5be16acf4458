import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HistogramValue } from '../model/histogram-value.ts'
import { samplesOf } from '../model/metric-family.ts'
import type { Sample } from '../model/sample.ts'
import { Histogram, type HistogramOptions } from './histogram.ts'
import type { HistogramSeries } from './histogram-series.ts'

const RULES = { factor: 2, maxBuckets: 2, minResetIntervalSeconds: 60, zeroThreshold: 0 }

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1000 }))
afterEach(() => void vi.useRealTimers())

describe('a native histogram with labels', () => {
  test('has native buckets for every series, those without an observation too', () => {
    const sizes = labelled()
    sizes.labels('none')
    sizes.observe({ of: 'one' }, 3)
    sizes.labels('two').observe(5)
    sizes.labels({ of: 'two' }).observe(-5)
    expect(shown(sizes)).toEqual({
      none: { count: 0, sum: 0, positive: {}, negative: {} },
      one: { count: 1, sum: 3, positive: { 2: 1 }, negative: {} },
      two: { count: 2, sum: 0, positive: { 3: 1 }, negative: { 3: 1 } },
    })
  })

  test('keeps them apart while it grows, and kept series stay right', () => {
    const sizes = labelled()
    const kept = sizes.labels(0)
    for (let i = 0; i < 3000; i++) sizes.observe({ of: i }, 2 ** (i % 9))
    kept.observe(256)
    const values = shown(sizes)
    expect(Object.keys(values)).toHaveLength(3000)
    expect(values['0']).toEqual({ count: 2, sum: 257, positive: { 0: 1, 8: 1 }, negative: {} })
    for (let i = 1; i < 3000; i++) expect(values[i]!.positive).toEqual({ [i % 9]: 1 })
  })

  test('a removed series takes its buckets along', () => {
    const sizes = labelled()
    const removed = sizes.labels('a')
    removed.observe(1)
    sizes.remove('a')
    removed.observe(2)
    sizes.observe({ of: 'b' }, 4)
    removed.observe(2)
    expect(shown(sizes)).toEqual({ b: { count: 1, sum: 4, positive: { 2: 1 }, negative: {} } })
    sizes.observe({ of: 'a' }, 8)
    expect(shown(sizes)['a']).toEqual({ count: 1, sum: 8, positive: { 3: 1 }, negative: {} })
    sizes.clear()
    expect(shown(sizes)).toEqual({})
  })

  test('counts in the overflow series what exceeds maxSeries', () => {
    const sizes = labelled({ maxSeries: 1 })
    for (const of of ['a', 'b', 'c']) sizes.observe({ of }, 4)
    expect(shown(sizes)).toMatchObject({ a: { positive: { 2: 1 } }, _overflow: { count: 2, positive: { 2: 2 } } })
  })

  test('refuses what any histogram refuses, and counts nothing', () => {
    const sizes = labelled()
    expect(() => sizes.observe({ of: 'a' }, '1' as never)).toThrow(/sizes cannot observe "1"/)
    expect(() => sizes.observe('a' as never, 1)).toThrow(/"a" was given instead of labels by name/)
    expect(() => sizes.observe(null as never, 1)).toThrow(/null was given instead of labels by name/)
    expect(() => sizes.observe(['a'] as never, 1)).toThrow(/an array was given instead of labels by name/)
    expect(() => sizes.observe({ off: 'a' } as never, 1)).toThrow(/the label "off" was given/)
    expect(() => sizes.labels('b').observe(undefined as never)).toThrow(/cannot observe undefined/)
    expect(shown(sizes)).toEqual({ b: { count: 0, sum: 0, positive: {}, negative: {} } })
  })

  test('times', async () => {
    const sizes = labelled()
    const timer = sizes.labels('a').startTimer()
    vi.advanceTimersByTime(4000)
    timer.end()
    await sizes.labels('a').time(async () => vi.advanceTimersByTime(2000))
    expect(shown(sizes)['a']).toEqual({ count: 2, sum: 6, positive: { 1: 1, 2: 1 }, negative: {} })
  })
})

test('whatever is observed, removed and cleared, each series has the buckets of its own observations', () => {
  const of = fc.integer({ min: 0, max: 12 })
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('observe'), of, exponent: fc.integer({ min: -2, max: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('kept'), of, exponent: fc.integer({ min: -2, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('remove'), of, exponent: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('scrape'), of, exponent: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear'), of, exponent: fc.constant(0) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const sizes = labelled({ native: { factor: 2 } })
      const kept = new Map<number, HistogramSeries>()
      const expected = new Map<string, Record<number, number>>()
      const scrapes: [object, object][] = []
      const count = (name: string, exponent: number): void => {
        const counts = expected.get(name) ?? {}
        counts[exponent] = (counts[exponent] ?? 0) + 1
        expected.set(name, counts)
      }
      for (const { do: what, of: name, exponent } of steps) {
        if (what === 'observe') {
          sizes.observe({ of: name }, 2 ** exponent)
          count(`${name}`, exponent)
        } else if (what === 'kept') {
          const series = kept.get(name) ?? sizes.labels(name)
          kept.set(name, series)
          series.observe(2 ** exponent)
          // Once it was removed, what it counts is seen by nobody.
          if (sizes.labels(name) === series) count(`${name}`, exponent)
          else expected.set(`${name}`, expected.get(`${name}`) ?? {})
        } else if (what === 'remove') {
          sizes.remove(name)
          expected.delete(`${name}`)
        } else if (what === 'clear') {
          sizes.clear()
          expected.clear()
        } else {
          scrapes.push([positiveOf(sizes), structuredClone(Object.fromEntries(expected))])
        }
      }
      for (const [scraped, counted] of scrapes) expect(scraped).toEqual(counted)
      expect(positiveOf(sizes)).toEqual(Object.fromEntries(expected))
    }),
  )
})

test('a native histogram without labels is there from the start, and begins again when it is cleared', () => {
  const sizes = new Histogram({ name: 'sizes', help: 'Sizes.', native: RULES })
  expect(shown(sizes)).toEqual({ '': { count: 0, sum: 0, positive: {}, negative: {} } })
  for (const value of [1, 2, 4]) sizes.observe(value)
  vi.setSystemTime(2000)
  sizes.clear()
  const [sample] = samplesOf(sizes.collect()[0]!)
  expect(sample).toMatchObject({ value: { count: 0, native: { schema: 0, zeroCount: 0 } }, startTimestampMs: 2000 })
})

test('a picture taken before stays as it is, through observations and resets', () => {
  const sizes = new Histogram({ name: 'sizes', help: 'Sizes.', native: RULES, buckets: [] })
  for (const value of [1, 2]) sizes.observe(value)
  const [before] = sizes.collect()
  vi.setSystemTime(61_000)
  sizes.observe(4)
  const [after] = sizes.collect()
  expect([...samplesOf(before!)]).toMatchObject([
    { value: { count: 2, native: { schema: 0, positive: { indexes: Int32Array.of(0, 1) } } }, startTimestampMs: 1000 },
  ])
  expect([...samplesOf(after!)]).toMatchObject([
    { value: { count: 1, native: { schema: 0, positive: { indexes: Int32Array.of(2) } } }, startTimestampMs: 61_000 },
  ])
})

test('native buckets that nothing was observed in since are the same object at the next scrape', () => {
  const sizes = labelled()
  for (const of of ['a', 'b']) sizes.observe({ of }, 1)
  const [before] = sizes.collect()
  sizes.observe({ of: 'b' }, 1)
  const [after] = sizes.collect()
  const [a, b] = [0, 1].map((row) => [before!, after!].map(({ columns }) => columns.chunks[0]!.native![row]))
  expect(a![0]).toBe(a![1])
  expect(b![0]).not.toBe(b![1])
})

test('a series that begins again keeps the exemplar of the observation that it begins with, and no other', () => {
  const sizes = new Histogram({ name: 'sizes', help: 'Sizes.', native: RULES, buckets: [3] })
  for (const value of [1, 2]) sizes.observe(value, { exemplar: { value } })
  vi.setSystemTime(61_000)
  sizes.observe(4, { exemplar: { value: 4 } })
  const exemplar = { labels: { value: '4' }, value: 4, timestampMs: 61_000 }
  expect([...samplesOf(sizes.collect()[0]!)]).toMatchObject([
    { value: { count: 1, native: { exemplars: [exemplar] } }, exemplars: [exemplar] },
  ])
})

test('exemplars of a labelled series are shown with its native buckets, and not beyond five minutes', () => {
  const sizes = labelled({ native: true, buckets: [] })
  sizes.observe({ of: 'a' }, 4, { exemplar: { trace_id: 'x' } })
  sizes.labels('b')
  const [before] = sizes.collect()
  const shownOf = (family: typeof before): unknown => family!.columns.chunks[0]!.native!.map((each) => each?.exemplars)
  expect(shownOf(before)).toEqual([[{ labels: { trace_id: 'x' }, value: 4, timestampMs: 1000 }], []])
  vi.setSystemTime(1001 + 5 * 60_000)
  expect(shownOf(sizes.collect()[0])).toEqual([[], []])
  expect(shownOf(before)).toEqual([[{ labels: { trace_id: 'x' }, value: 4, timestampMs: 1000 }], []])
})

describe('the declaration', () => {
  test.each([
    [{ native: 1 }, /native of the histogram sizes must be true, false or its options, not 1\./],
    [{ native: null }, /must be true, false or its options, not null\./],
    [{ native: { factor: 1 } }, /native\.factor of the histogram sizes must be a number above 1, not 1\./],
    [{ native: { factor: Number.NaN } }, /native\.factor/],
    [{ native: { factor: Infinity } }, /native\.factor/],
    [{ native: { factor: '2' } }, /native\.factor of the histogram sizes must be a number above 1, not "2"\./],
    [{ native: { maxBuckets: -1 } }, /native\.maxBuckets .* must be a positive integer, or 0 for no limit, not -1\./],
    [{ native: { maxBuckets: 1.5 } }, /native\.maxBuckets/],
    [{ native: { minResetIntervalSeconds: -1 } }, /native\.minResetIntervalSeconds .* 0 or above, not -1\./],
    [{ native: { zeroThreshold: -1 } }, /native\.zeroThreshold/],
    [{ native: { zeroThreshold: Infinity } }, /native\.zeroThreshold/],
    [{ native: { maxZeroThreshold: Number.NaN } }, /native\.maxZeroThreshold/],
    [
      { native: { zeroThreshold: 0.1, maxZeroThreshold: 0.01 } },
      /native\.maxZeroThreshold .* must be no less than the zeroThreshold 0\.1, or 0, not 0\.01\./,
    ],
  ])('%j is refused', (options, message) => {
    const declare = (): unknown => labelled(options as never)
    expect(declare).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    )
  })

  test('no classic buckets are only for a native histogram', () => {
    expect(() => labelled({ native: false, buckets: [] })).toThrow(expect.objectContaining({ code: 'INVALID_BUCKETS' }))
    expect(() => labelled({ native: true, buckets: [2, 1] })).toThrow(
      expect.objectContaining({ code: 'INVALID_BUCKETS' }),
    )
    expect(labelled({ native: true, buckets: [] }).collect()).toMatchObject([{ upperBounds: [] }])
    expect(labelled({ native: true }).collect()).toMatchObject([{ upperBounds: { length: 11 } }])
  })

  test('differs by what is declared of native buckets, and not by how', () => {
    const { declaration } = labelled({ native: true })
    expect(labelled({ native: {} }).declaration).toBe(declaration)
    expect(labelled({ native: { factor: 1.1, maxBuckets: undefined as never } }).declaration).toBe(declaration)
    expect(labelled({ native: { factor: 1.5 } }).declaration).not.toBe(declaration)
    expect(labelled({ native: { maxBuckets: 0 } }).declaration).not.toBe(declaration)
    expect(labelled({ native: { minResetIntervalSeconds: 0 } }).declaration).not.toBe(declaration)
    expect(labelled().declaration).not.toBe(declaration)
    expect(labelled({ native: false }).declaration).toBe(labelled({ native: undefined as never }).declaration)
  })
})

function labelled(options: Partial<HistogramOptions> = { native: RULES }): Histogram<['of']> {
  const native = options.native === undefined && 'maxSeries' in options ? RULES : options.native
  return new Histogram({ name: 'sizes', help: 'Sizes.', ...options, native: native as never, labelNames: ['of'] })
}

interface Shown {
  readonly count: number
  readonly sum: number
  readonly positive: Readonly<Record<number, number>>
  readonly negative: Readonly<Record<number, number>>
}

function positiveOf(metric: Histogram<['of']>): Record<string, Readonly<Record<number, number>>> {
  return Object.fromEntries(Object.entries(shown(metric)).map(([of, { positive }]) => [of, positive]))
}

function shown(metric: Histogram<['of']> | Histogram<[]>): Record<string, Shown> {
  const samples = [...samplesOf(metric.collect()[0]!)] as Sample<HistogramValue>[]
  return Object.fromEntries(
    samples.map(({ labels, value: { count, sum, native } }) => {
      const [positive, negative] = [native!.positive, native!.negative].map(({ indexes, counts }) =>
        Object.fromEntries([...indexes].map((index, i) => [index, counts[i]!])),
      )
      return [labels['of'] ?? '', { count, sum, positive: positive!, negative: negative! }]
    }),
  )
}
