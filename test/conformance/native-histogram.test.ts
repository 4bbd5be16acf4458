import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  expose,
  Histogram,
  nativeUpperBound,
  Registry,
  samplesOf,
  type HistogramOptions,
  type HistogramValue,
  type NativeBuckets,
  type NativeHistogramOptions,
  type NativeSide,
  type Sample,
} from 'narthex'
import { parseProtobuf, writePrometheusProtobuf } from 'narthex/exposition'
import { exactIndex, exactSchema, NativeModel, type ModelBuckets } from './native-model.ts'

const START_MS = 1_700_000_000_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START_MS }))
afterEach(() => void vi.useRealTimers())

test('H1: the schemas are -4 to 8', () => {
  expect(nativeOf({ factor: 1e300 }).schema).toBe(-4)
  expect(nativeOf({ factor: 1 + Number.EPSILON }).schema).toBe(8)
})

test('H2: bucket i is above base^(i-1) and up to base^i, the negative ones mirrored', () => {
  const { positive, negative } = nativeOf({ factor: 2 }, 0.5, 0.6, 1, 1.1, 2, -2, -2.1)
  expect([buckets(positive), buckets(negative)]).toEqual([
    [
      [-1, 1],
      [0, 2],
      [1, 2],
    ],
    [
      [1, 1],
      [2, 1],
    ],
  ])
})

test('H3: the bucket of the largest number ends there, and the next is for infinity', () => {
  const { positive, negative } = nativeOf({ factor: 2 }, Number.MAX_VALUE, Infinity, -Number.MAX_VALUE, -Infinity)
  const ends = [
    [1024, 1],
    [1025, 1],
  ]
  expect([buckets(positive), buckets(negative)]).toEqual([ends, ends])
  expect([nativeUpperBound(1024, 0), nativeUpperBound(1025, 0)]).toEqual([Number.MAX_VALUE, Infinity])
})

test('H4: the bucket is that of exact arithmetic, for numbers of any size, subnormal ones too', () => {
  const factor = fc.constantFrom(65_536, 256, 16, 4, 2, 1.5, 1.2, 1.1, 1.05, 1.03, 1.02, 1.01, 1.005)
  fc.assert(
    fc.property(factor, anyMagnitude, (growth, magnitude) => {
      const { schema, positive } = nativeOf({ factor: growth, zeroThreshold: 0 }, magnitude)
      expect([...positive.indexes]).toEqual([exactIndex(magnitude, schema)])
    }),
  )
})

test('H5: the schema is the coarsest whose growth is not above the factor', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, minExcluded: true, max: 1e5, noNaN: true }), (factor) => {
      expect(nativeOf({ factor }).schema).toBe(exactSchema(factor))
    }),
  )
})

test('H6: the factor is 1.1 by default, which is schema 3, and the zero threshold 2 ** -128', () => {
  expect(nativeOf(true)).toMatchObject({ schema: 3, zeroThreshold: 2.938_735_877_055_719e-39 })
})

test('H7: what is not further from zero than the threshold is in the zero bucket alone', () => {
  const zero = nativeOf({ factor: 2, zeroThreshold: 0.5 }, 0, -0, 0.5, -0.5, 0.500_01)
  expect([zero.zeroCount, buckets(zero.positive), buckets(zero.negative)]).toEqual([4, [[0, 1]], []])
  const narrow = nativeOf({ factor: 2, zeroThreshold: 0 }, 0, -0, 5e-324)
  expect([narrow.zeroCount, buckets(narrow.positive)]).toEqual([2, [[-1074, 1]]])
})

test('H8: NaN is counted in no bucket, the infinities in the outermost ones', () => {
  const value = valueOf({ native: true, buckets: [1] }, [Number.NaN, Infinity, 1])
  expect(value).toMatchObject({
    count: 3,
    sum: Number.NaN,
    buckets: [
      { upperBound: 1, count: 1 },
      { upperBound: Infinity, count: 2 },
    ],
  })
  expect(buckets(value.native!.positive)).toEqual([
    [0, 1],
    [8193, 1],
  ])
  expect(valueOf({ native: true, buckets: [] }, [Infinity, 1]).sum).toBe(Infinity)
  expect(valueOf({ native: true, buckets: [] }, [Infinity, -Infinity]).sum).toBeNaN()
})

describe('H9: with too many buckets', () => {
  const rules = { factor: 2, maxBuckets: 2, minResetIntervalSeconds: 60, zeroThreshold: 0 }

  test('an old histogram begins again with the observation that was one too many', () => {
    const sizes = histogram({ native: rules, buckets: [4] })
    for (const value of [1, 2]) sizes.observe(value)
    vi.setSystemTime(START_MS + 60_000)
    sizes.observe(8)
    expect(only(sizes)).toMatchObject({
      count: 1,
      sum: 8,
      buckets: [
        { upperBound: 4, count: 0 },
        { upperBound: Infinity, count: 1 },
      ],
    })
    expect(buckets(only(sizes).native!.positive)).toEqual([[3, 1]])
  })

  test('a young one takes the smallest buckets into the zero bucket, on both sides', () => {
    const sizes = histogram({ native: { ...rules, maxZeroThreshold: 3 } })
    for (const value of [1, 2, -1]) sizes.observe(value)
    const native = only(sizes).native!
    expect([native.schema, native.zeroThreshold, native.zeroCount]).toEqual([0, 1, 2])
    expect([buckets(native.positive), buckets(native.negative)]).toEqual([[[1, 1]], []])
  })

  test('it has half the resolution, and again, where the zero bucket may not be wider', () => {
    const sizes = histogram({ native: { ...rules, maxZeroThreshold: 0.5 } })
    for (const value of [1, 256, 65_536]) sizes.observe(value)
    const native = only(sizes).native!
    expect([native.schema, native.zeroThreshold, native.zeroCount]).toEqual([-4, 0, 0])
    expect(buckets(native.positive)).toEqual([
      [0, 1],
      [1, 2],
    ])
  })

  test('what was widened comes back with a reset once that may be, though nothing is observed', () => {
    const sizes = histogram({ native: { ...rules, maxZeroThreshold: 3 }, buckets: [4] })
    for (const value of [1, 2, 4]) sizes.observe(value)
    vi.setSystemTime(START_MS + 59_999)
    expect(only(sizes)).toMatchObject({ count: 3, native: { zeroThreshold: 1 } })
    vi.setSystemTime(START_MS + 90_000)
    expect(only(sizes)).toMatchObject({ count: 0, sum: 0, native: { zeroThreshold: 0, zeroCount: 0 } })
    // It counts as done when it was due: the next is due a minute later, and not earlier.
    for (const value of [1, 2]) sizes.observe(value)
    vi.setSystemTime(START_MS + 120_000)
    sizes.observe(4)
    expect(only(sizes)).toMatchObject({ count: 1, sum: 4 })
  })

  test('the coarsest resolution is the end of it', () => {
    const sizes = histogram({ native: { ...rules, maxBuckets: 1, minResetIntervalSeconds: 0 } })
    for (const value of [1e-30, 1, 1e30]) sizes.observe(value)
    expect(only(sizes).native!.schema).toBe(-4)
    expect(only(sizes).native!.positive.indexes).toHaveLength(3)
    vi.setSystemTime(START_MS + 1e12)
    expect(only(sizes).count).toBe(3)
  })
})

test('H12: native exemplars have timestamps, and are spread over what was observed', () => {
  const sizes = histogram({ native: true, buckets: [100] })
  for (const [i, size] of [5, 5.1, 5.2, 1e-9, -4, 0, 1e9, 70, 0.3, 1e4, 900].entries()) {
    vi.setSystemTime(START_MS + i)
    sizes.observe(size, { exemplar: { trace_id: `${i}` } })
  }
  // 5.1 and 5.2 were the closest when there were eleven, and 5.1 the older one.
  expect(only(sizes).native!.exemplars).toEqual([
    { labels: { trace_id: '4' }, value: -4, timestampMs: START_MS + 4 },
    { labels: { trace_id: '5' }, value: 0, timestampMs: START_MS + 5 },
    { labels: { trace_id: '3' }, value: 1e-9, timestampMs: START_MS + 3 },
    { labels: { trace_id: '8' }, value: 0.3, timestampMs: START_MS + 8 },
    { labels: { trace_id: '0' }, value: 5, timestampMs: START_MS },
    { labels: { trace_id: '2' }, value: 5.2, timestampMs: START_MS + 2 },
    { labels: { trace_id: '7' }, value: 70, timestampMs: START_MS + 7 },
    { labels: { trace_id: '10' }, value: 900, timestampMs: START_MS + 10 },
    { labels: { trace_id: '9' }, value: 1e4, timestampMs: START_MS + 9 },
    { labels: { trace_id: '6' }, value: 1e9, timestampMs: START_MS + 6 },
  ])
  vi.setSystemTime(START_MS + 5 * 60_000 + 9)
  expect(only(sizes).native!.exemplars.map(({ value }) => value)).toEqual([900, 1e4])
})

test('H13: the text formats show the classic view, which is count and sum where there is no classic bucket', async () => {
  const registry = new Registry()
  registry.register(new Histogram({ name: 'both', help: 'B.', native: true, buckets: [1] })).observe(2)
  registry.register(new Histogram({ name: 'native', help: 'N.', native: true, buckets: [] })).observe(2)
  expect(await expose(registry)).toBe(
    [
      '# HELP both B.',
      '# TYPE both histogram',
      'both_bucket{le="1"} 0',
      'both_bucket{le="+Inf"} 1',
      'both_sum 2',
      'both_count 1',
      '# HELP native N.',
      '# TYPE native histogram',
      'native_bucket{le="+Inf"} 1',
      'native_sum 2',
      'native_count 1',
      '',
    ].join('\n'),
  )
  expect(await expose(registry, { format: 'openmetrics' })).toContain('native_bucket{le="+Inf"} 1\nnative_')
})

test('a native histogram is that of plain arithmetic, whatever is observed, with any factors and limits', () => {
  fc.assert(
    fc.property(anySettings, anySteps, (settings, steps) => {
      vi.setSystemTime(START_MS)
      const upperBounds = [-1, 0.01, 1, 1e6]
      const { minResetIntervalMs, ...rest } = settings
      const native = { ...rest, minResetIntervalSeconds: minResetIntervalMs / 1000 }
      const sizes = histogram({ native, buckets: upperBounds })
      const model = new NativeModel(settings, START_MS)
      let nowMs = START_MS
      for (const { value, waitMs, isScraped } of steps) {
        nowMs += waitMs
        vi.setSystemTime(nowMs)
        if (isScraped) {
          model.passTime(nowMs)
          expectEqual(sampleOf(sizes), model, upperBounds)
        }
        sizes.observe(value)
        model.observe(value, nowMs)
      }
      model.passTime(nowMs)
      expectEqual(sampleOf(sizes), model, upperBounds)
    }),
    { numRuns: 150 },
  )
})

test('protobuf gives back what was observed', () => {
  fc.assert(
    fc.property(anySettings, fc.array(anyValue, { maxLength: 60 }), ({ factor, maxBuckets, zeroThreshold }, values) => {
      const sizes = histogram({ native: { factor, maxBuckets, zeroThreshold }, buckets: [] })
      for (const value of values) sizes.observe(value, { exemplar: { value } })
      const [family] = sizes.collect()
      const [back] = parseProtobuf(Buffer.concat([...writePrometheusProtobuf([family!])]))
      expect([...samplesOf(back!)]).toEqual([...samplesOf(family!)])
    }),
  )
})

const anyMagnitude = fc.oneof(
  fc.double({ min: 0, minExcluded: true, noNaN: true }),
  fc.double({ min: -300, max: 300, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.integer({ min: 1, max: 1000 }).map((steps) => steps * Number.MIN_VALUE),
)

const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }).map((exponent) => 10 ** exponent) },
  { weight: 3, arbitrary: anyMagnitude },
  { weight: 3, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }).map((exponent) => -(10 ** exponent)) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1, -1) },
)

const anySettings = fc.record({
  factor: fc.oneof(fc.double({ min: 1.001, max: 3, noNaN: true }), fc.double({ min: 1.001, max: 1e5, noNaN: true })),
  maxBuckets: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
  minResetIntervalMs: fc.constantFrom(0, 1000, 60_000, 3_600_000),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 1e-6, 0.01),
  maxZeroThreshold: fc.constantFrom(0, 0.03, 0.3, 50),
})

const anySteps = fc.array(
  fc.record({
    value: anyValue,
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
    isScraped: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
)

function expectEqual(
  { value, startTimestampMs }: Sample<HistogramValue>,
  model: NativeModel,
  upperBounds: readonly number[],
): void {
  expect(startTimestampMs).toBe(model.beganMs)
  const { observed } = model
  const { zeroThreshold, ...found } = shownNative(value.native!)
  const { zeroThreshold: exactThreshold, ...exact } = model.buckets
  expect(found).toEqual(exact)
  // It may be a bound, which is up to four steps of a number beside the exact one (decision 9).
  expect(Math.abs(zeroThreshold - exactThreshold)).toBeLessThanOrEqual(exactThreshold * 2 ** -50 + Number.MIN_VALUE)
  expect(value.count).toBe(observed.length)
  expect(value.sum).toBe(observed.reduce((sum, each) => sum + each, 0))
  const bucketOf = (each: number): number => upperBounds.findIndex((bound) => each <= bound)
  const classic = [...upperBounds.keys(), -1].map((i) => observed.filter((each) => bucketOf(each) === i).length)
  expect(value.buckets.map(({ count }) => count)).toEqual(classic)
}

function shownNative({ schema, zeroThreshold, zeroCount, positive, negative }: NativeBuckets): ModelBuckets {
  return { schema, zeroThreshold, zeroCount, positive: buckets(positive), negative: buckets(negative) }
}

function buckets({ indexes, counts }: NativeSide): [number, number][] {
  return [...indexes].map((index, i) => [index, counts[i]!])
}

function nativeOf(native: true | NativeHistogramOptions, ...values: readonly number[]): NativeBuckets {
  return valueOf({ native }, values).native!
}

function valueOf(options: Partial<HistogramOptions>, values: readonly number[]): HistogramValue {
  const sizes = histogram(options)
  for (const value of values) sizes.observe(value)
  return only(sizes)
}

function histogram(options: Partial<HistogramOptions>): Histogram<[]> {
  return new Histogram({ ...options, name: 'sizes', help: 'Sizes.', labelNames: [] })
}

function only(metric: Histogram<[]>): HistogramValue {
  return sampleOf(metric).value
}

function sampleOf(metric: Histogram<[]>): Sample<HistogramValue> {
  const [sample] = samplesOf(metric.collect()[0]!)
  return sample as Sample<HistogramValue>
}
