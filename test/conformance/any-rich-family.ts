import fc from 'fast-check'
import type { Exemplar, HistogramValue, MetricFamilyOptions, NativeBuckets, NativeSide } from 'narthex'
import { anyFamily, anyText } from './any-family.ts'

type AnySample = MetricFamilyOptions['samples'][number]

/** Of a family. */
const MOST_SAMPLES = 5
/** Of the smallest number and of infinity at the finest schema (conformance H3). */
const LOWEST_INDEX = -274_944
const HIGHEST_INDEX = 262_145
/** The times that a timestamp of protobuf may be, in milliseconds. */
const anyTime = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
const anyExemplarLabels = fc.dictionary(fc.constantFrom('trace_id', 'span_id', '__proto__', 'a'), anyText, {
  maxKeys: 3,
})

/** What a sample may have besides its value; what its type has not is left out. */
const anyRarity = fc.record({
  startTimestampMs: fc.option(anyTime, { nil: undefined }),
  exemplars: fc.array(
    fc.record(
      { labels: anyExemplarLabels, value: fc.double(), timestampMs: anyTime },
      { requiredKeys: ['value', 'labels'] },
    ),
    { maxLength: 4 },
  ),
  native: fc.option(
    fc.record({
      schema: fc.integer({ min: -4, max: 8 }),
      zeroThreshold: fc.oneof(fc.constant(0), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
      positive: anySide(),
      negative: anySide(),
      exemplars: fc.array(fc.record({ labels: anyExemplarLabels, value: fc.double(), timestampMs: anyTime }), {
        maxLength: 3,
      }),
    }),
    { nil: undefined },
  ),
  /** Whether the counts are doubles. */
  halved: fc.boolean(),
})

/** Indexes of buckets, and for each what part of all observations is in it, of 16. */
function anySide(): fc.Arbitrary<{ index: number; part: number }[]> {
  const anyBucket = fc.record({
    index: fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer({ min: LOWEST_INDEX, max: HIGHEST_INDEX })),
    part: fc.integer({ min: 1, max: 2 }),
  })
  return fc
    .uniqueArray(anyBucket, { maxLength: 4, selector: ({ index }) => index })
    .map((buckets) => buckets.toSorted((a, b) => a.index - b.index))
}

/** Families as {@link anyFamily} makes them, with start timestamps, exemplars and native buckets. */
export function anyRichFamily(text: fc.Arbitrary<string>, utf8: boolean = false): fc.Arbitrary<MetricFamilyOptions> {
  return fc
    .tuple(anyFamily(text, utf8), fc.array(anyRarity, { minLength: MOST_SAMPLES, maxLength: MOST_SAMPLES }))
    .map(([options, rarities]) => {
      const samples = options.samples.map((sample: AnySample, i) => richSample(options.type, sample, rarities[i]!))
      return { ...options, samples } as MetricFamilyOptions
    })
}

type Rarity = typeof anyRarity extends fc.Arbitrary<infer Each> ? Each : never

function richSample(type: MetricFamilyOptions['type'], sample: AnySample, rarity: Rarity): AnySample {
  const { startTimestampMs, native, halved } = rarity
  const addsUp = type === 'counter' || type === 'histogram' || type === 'summary'
  const isHistogram = type === 'histogram' || type === 'gaugehistogram'
  const exemplars = (rarity.exemplars as Exemplar[]).slice(0, type === 'counter' ? 1 : isHistogram ? undefined : 0)
  return {
    ...sample,
    ...(addsUp && startTimestampMs !== undefined && { startTimestampMs }),
    ...(exemplars.length > 0 && { exemplars }),
    ...(isHistogram && { value: richValue(sample.value as HistogramValue, native, halved ? 2 : 1) }),
  } as AnySample
}

function richValue(value: HistogramValue, native: Rarity['native'], divisor: number): HistogramValue {
  const { sum } = value
  const count = value.count / divisor
  const buckets = value.buckets.map((bucket) => ({ ...bucket, count: bucket.count / divisor }))
  if (native === undefined) return { count, sum, buckets }
  const positive = sideOf(native.positive, value.count, divisor)
  const negative = sideOf(native.negative, value.count, divisor)
  // Every observation is in one bucket, native ones too (conformance H8).
  const zeroCount = count - [...positive.counts, ...negative.counts].reduce((total, each) => total + each, 0)
  const filled: NativeBuckets = { ...native, zeroCount, positive, negative }
  return { count, sum, buckets, native: filled }
}

function sideOf(buckets: readonly { index: number; part: number }[], count: number, divisor: number): NativeSide {
  const populated = buckets
    .map(({ index, part }) => ({ index, count: Math.floor((count * part) / 16) / divisor }))
    .filter((bucket) => bucket.count > 0)
  return {
    indexes: Int32Array.from(populated, ({ index }) => index),
    counts: Float64Array.from(populated, (bucket) => bucket.count),
  }
}
