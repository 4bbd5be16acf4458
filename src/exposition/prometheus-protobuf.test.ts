import { describe, expect, test } from 'vitest'
import { readProtobuf, type ReadMessage } from '../../test/conformance/protobuf-reader.ts'
import { Counter } from '../metrics/counter.ts'
import { Histogram } from '../metrics/histogram.ts'
import { metricFamily, type MetricFamilyOptions } from '../model/build-family.ts'
import { writeExposition } from './exposition.ts'
import { writePrometheusProtobuf } from './prometheus-protobuf.ts'
import { WrittenBlocks } from './written-blocks.ts'

const NO_SIDE = { indexes: new Int32Array(0), counts: new Float64Array(0) }
const NATIVE = { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: NO_SIDE, negative: NO_SIDE, exemplars: [] }
const TRACE = { labels: { trace_id: 'ab', span_id: 'ü' }, value: 0.25, timestampMs: 1_700_000_000_250 }
const TRACE_READ = {
  label: [
    { name: 'trace_id', value: 'ab' },
    { name: 'span_id', value: 'ü' },
  ],
  value: 0.25,
  timestamp: { seconds: 1_700_000_000, nanos: 250_000_000 },
}

describe('a family of each type', () => {
  test('counter: with exemplar and start timestamp', () => {
    const sample = { labels: {}, value: 2.5, exemplars: [TRACE], startTimestampMs: -1.5 }
    expect(metricOf({ name: 'c_total', help: 'C.', type: 'counter', samples: [sample] })).toEqual({
      counter: { value: 2.5, exemplar: TRACE_READ, createdTimestamp: { seconds: -1, nanos: 998_500_000 } },
    })
  })

  test.each(['gauge', 'info'] as const)('%s: a gauge', (type) => {
    const read = readOf({ name: 'x', help: '', type, samples: [{ labels: { a: '' }, value: -0.5, timestampMs: -3 }] })
    expect(read).toEqual({
      name: 'x',
      type: 'GAUGE',
      metric: [{ label: [{ name: 'a', value: '' }], gauge: { value: -0.5 }, timestampMs: -3 }],
    })
  })

  test('unknown: untyped', () => {
    const read = readOf({ name: 'x', help: 'X.', type: 'unknown', samples: [{ labels: {}, value: Number.NaN }] })
    expect(read).toEqual({ name: 'x', help: 'X.', type: 'UNTYPED', metric: [{ untyped: { value: Number.NaN } }] })
  })

  test('state set: a gauge per state, under a label with its name', () => {
    const samples = [{ labels: { a: '1', z: '2' }, value: { on: true, öff: false } }]
    expect(readOf({ name: 'door', help: 'D.', type: 'stateset', states: ['on', 'öff'], samples })).toMatchObject({
      type: 'GAUGE',
      metric: [
        { label: [{ name: 'a' }, { name: 'door', value: 'on' }, { name: 'z' }], gauge: { value: 1 } },
        { label: [{ name: 'a' }, { name: 'door', value: 'öff' }, { name: 'z' }], gauge: { value: 0 } },
      ],
    })
  })

  test('summary: count, sum, quantiles', () => {
    const value = { count: 3, sum: Number.NaN, quantiles: [{ quantile: 0.5, value: 2 }] }
    const samples = [{ labels: {}, value, startTimestampMs: 1000 }]
    expect(metricOf({ name: 's', help: 'S.', type: 'summary', quantiles: [0.5], samples })).toEqual({
      summary: {
        sampleCount: 3,
        sampleSum: Number.NaN,
        quantile: [{ quantile: 0.5, value: 2 }],
        createdTimestamp: { seconds: 1 },
      },
    })
  })

  test('gauge histogram: a type of its own', () => {
    expect(readOf({ ...histogramOf([1, 2]), type: 'gaugehistogram' } as MetricFamilyOptions)).toMatchObject({
      type: 'GAUGE_HISTOGRAM',
      metric: [{ histogram: { sampleCount: 3, sampleSum: 2.5, bucket: [{ cumulativeCount: 1, upperBound: 0.5 }] } }],
    })
  })
})

describe('a histogram', () => {
  test('has cumulative buckets, without the one to infinity', () => {
    expect(metricOf(histogramOf([1, 2]))).toEqual({
      histogram: { sampleCount: 3, sampleSum: 2.5, bucket: [{ cumulativeCount: 1, upperBound: 0.5 }] },
    })
  })

  test('has the bucket to infinity if that has an exemplar', () => {
    const exemplars = [TRACE, { labels: {}, value: 7 }]
    expect(metricOf(histogramOf([1, 2], { exemplars }))).toEqual({
      histogram: {
        sampleCount: 3,
        sampleSum: 2.5,
        bucket: [
          { cumulativeCount: 1, upperBound: 0.5, exemplar: TRACE_READ },
          { cumulativeCount: 3, upperBound: Number.POSITIVE_INFINITY, exemplar: { value: 7 } },
        ],
      },
    })
  })

  test('has counts as doubles if one of them is not whole', () => {
    expect(metricOf(histogramOf([0.5, 2]))).toEqual({
      histogram: { sampleCountFloat: 2.5, sampleSum: 2.5, bucket: [{ cumulativeCountFloat: 0.5, upperBound: 0.5 }] },
    })
    expect(metricOf(histogramOf([2 ** 53, 1]))).toMatchObject({ histogram: { sampleCountFloat: 2 ** 53 } })
  })

  test('with many buckets, large counts and long labels has lengths of several bytes', () => {
    const bounds = Array.from({ length: 300 }, (_, i) => i)
    const labels = { a: 'x'.repeat(20_000), b: 'ü'.repeat(100) }
    const buckets = [...bounds, Number.POSITIVE_INFINITY].map((upperBound) => ({ upperBound, count: 2 ** 40 + 1 }))
    const samples = [{ labels, value: { count: 301 * (2 ** 40 + 1), sum: 0, buckets } }]
    const read = metricOf({ name: 'h', help: 'H.', type: 'histogram', upperBounds: bounds, samples })
    expect(read).toMatchObject({ label: [{ value: labels.a }, { value: labels.b }] })
    const { bucket } = read['histogram'] as { bucket: unknown[] }
    expect(bucket.at(-1)).toEqual({ cumulativeCount: 300 * (2 ** 40 + 1), upperBound: 299 })
  })
})

describe('H10: native buckets', () => {
  // The example of the specification.
  const side = { indexes: Int32Array.of(-2, -1, 2, 4, 5), counts: Float64Array.of(3, 5, 1, 3, 2) }

  test('are spans and differences beside the classic buckets', () => {
    const native = { ...NATIVE, schema: -2, zeroThreshold: 2 ** -128, zeroCount: 4, positive: side, exemplars: [TRACE] }
    expect(metricOf(histogramOf([10, 8], { native }))).toEqual({
      histogram: {
        sampleCount: 18,
        sampleSum: 2.5,
        bucket: [{ cumulativeCount: 10, upperBound: 0.5 }],
        schema: -2,
        zeroThreshold: 2 ** -128,
        zeroCount: 4,
        positiveSpan: [{ offset: -2, length: 8 }],
        positiveDelta: [3, 2, -5, 0, 1, -1, 3, -1],
        exemplars: [TRACE_READ],
      },
    })
  })

  test('are counts of doubles if one of them is not whole, and alone if there are no others', () => {
    const negative = { indexes: Int32Array.of(-4, 7), counts: Float64Array.of(0.5, 2) }
    const native = { ...NATIVE, negative }
    const buckets = [{ upperBound: Number.POSITIVE_INFINITY, count: 2.5 }]
    const samples = [{ labels: {}, value: { count: 2.5, sum: 2.5, buckets, native } }]
    expect(metricOf({ name: 'h', help: 'H.', type: 'histogram', upperBounds: [], samples })).toEqual({
      histogram: {
        sampleCountFloat: 2.5,
        sampleSum: 2.5,
        schema: 3,
        zeroThreshold: 0,
        zeroCountFloat: 0,
        negativeSpan: [
          { offset: -4, length: 1 },
          { offset: 10, length: 1 },
        ],
        negativeCount: [0.5, 2],
      },
    })
  })

  test('H11: an empty span says that there could be some', () => {
    expect(metricOf(histogramOf([0, 0], { native: NATIVE }))).toMatchObject({
      histogram: { schema: 3, positiveSpan: [{ offset: 0, length: 0 }] },
    })
    expect(metricOf(histogramOf([0, 0], { native: { ...NATIVE, zeroThreshold: 1 } }))['histogram']).not.toHaveProperty(
      'positiveSpan',
    )
  })
})

test('N7: a unit is there if the name ends with it', () => {
  const gauge = { help: 'X.', type: 'gauge', samples: [] } as const
  expect(readOf({ ...gauge, name: 'x_seconds', unit: 'seconds' })).toMatchObject({ unit: 'seconds' })
  expect(readOf({ ...gauge, name: 'x', unit: 'seconds' })).not.toHaveProperty('unit')
  expect(readOf({ ...gauge, type: 'counter', name: 'x_seconds_total', unit: 'seconds' })).toHaveProperty('unit')
})

test('times that the format has not are left out', () => {
  const sample = { labels: {}, value: 1, startTimestampMs: 1e300 }
  expect(metricOf({ name: 'c', help: 'C.', type: 'counter', samples: [sample] })).toEqual({ counter: { value: 1 } })
})

test('texts may be of any length', () => {
  const long = 'x'.repeat(300_000)
  const samples = Array.from({ length: 40 }, (_, i) => ({ labels: { [long]: String(i), state: long }, value: 1 }))
  const family = metricFamily({ name: long, help: long, type: 'gauge', samples: samples.slice(0, 2) })
  const [read] = readProtobuf(Buffer.concat([...writePrometheusProtobuf([family])]))
  expect(read).toMatchObject({ name: long, help: long, metric: [{ label: [{ value: long }, { name: long }] }, {}] })
  const many = metricFamily({
    name: 'x',
    help: long,
    type: 'gauge',
    samples: samples.map(({ value }, i) => ({ labels: { i: String(i) }, value })),
  })
  const before = new WrittenBlocks()
  const kept = Buffer.concat([...writePrometheusProtobuf([many], { before })])
  expect(kept.equals(Buffer.concat([...writePrometheusProtobuf([many])]))).toBe(true)
})

describe('blocks', () => {
  const large = new Counter({ name: 'large', help: 'L.', labelNames: ['i'] })
  for (let i = 0; i < 5000; i++) large.inc({ i })
  large.remove({ i: 17 })
  const small = new Histogram({ name: 'small', help: 'S.' })
  const families = [...small.collect(), ...large.collect(), ...small.collect(), ...large.collect()]

  test('are several for a large family, and one for small ones', () => {
    const blocks = [...writePrometheusProtobuf(families)]
    expect(blocks.length).toBeGreaterThan(20)
    expect([...writePrometheusProtobuf(small.collect())]).toHaveLength(1)
    const read = readProtobuf(Buffer.concat(blocks))
    expect(read.map(({ name, metric }) => [name, (metric as unknown[]).length])).toEqual([
      ['small', 1],
      ['large_total', 4999],
      ['small', 1],
      ['large_total', 4999],
    ])
  })

  test('may be made while another exposition is made', () => {
    const whole = Buffer.concat([...writePrometheusProtobuf(families)])
    const one: Uint8Array[] = []
    const other: Uint8Array[] = []
    const [first, second] = [writePrometheusProtobuf(families), writePrometheusProtobuf(families)]
    for (let open = 2; open > 0;) {
      open = 0
      for (const [writer, blocks] of [
        [first, one],
        [second, other],
        [second, other],
      ] as const) {
        const { value, done } = writer.next()
        if (done === true) continue
        open++
        blocks.push(value)
      }
    }
    expect(Buffer.concat(one).equals(whole)).toBe(true)
    expect(Buffer.concat(other).equals(whole)).toBe(true)
  })

  test('of an exposition are none that is empty', async () => {
    const { blocks, byteLength, contentType } = await writeExposition(families, { format: 'protobuf' })
    expect(blocks.every(({ length }) => length > 0)).toBe(true)
    expect(Buffer.concat(blocks).length).toBe(byteLength)
    expect(contentType).toBe(
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    )
  })
})

function histogramOf(
  [low, high]: readonly [number, number],
  more: { exemplars?: (typeof TRACE | { labels: object; value: number })[]; native?: typeof NATIVE | object } = {},
): MetricFamilyOptions {
  const buckets = [
    { upperBound: 0.5, count: low },
    { upperBound: Number.POSITIVE_INFINITY, count: high },
  ]
  const { exemplars, native } = more
  const value = { count: low + high, sum: 2.5, buckets, ...(native && { native }) }
  const sample = { labels: {}, value, ...(exemplars && { exemplars }) }
  return { name: 'h', help: 'H.', type: 'histogram', upperBounds: [0.5], samples: [sample] } as MetricFamilyOptions
}

function readOf(options: MetricFamilyOptions): ReadMessage {
  return readProtobuf(Buffer.concat([...writePrometheusProtobuf([metricFamily(options)])]))[0]!
}

function metricOf(options: MetricFamilyOptions): ReadMessage {
  return (readOf(options) as { metric: ReadMessage[] }).metric[0]!
}
