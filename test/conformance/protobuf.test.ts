import { expect, test } from 'vitest'
import { metricFamily, type NativeBuckets } from 'narthex'
import { parseProtobuf, PROMETHEUS_PROTOBUF_TYPE, writePrometheusProtobuf } from 'narthex/exposition'
import { protobufOf, readProtobuf } from './protobuf-reader.ts'

const EXEMPLAR = { labels: { trace_id: 'ab' }, value: 1, timestampMs: 1_700_000_000_250 }
const EXEMPLAR_READ = {
  label: [{ name: 'trace_id', value: 'ab' }],
  value: 1,
  timestamp: { seconds: 1_700_000_000, nanos: 250_000_000 },
}
const SIDE = { indexes: Int32Array.of(0, 4, 5), counts: Float64Array.of(1, 2, 2) }

const counter = metricFamily({
  name: 'c_total',
  help: 'C.',
  type: 'counter',
  samples: [{ labels: { b: '1', a: '2' }, value: 1, timestampMs: 1_500, startTimestampMs: 500, exemplars: [EXEMPLAR] }],
})
const gauge = metricFamily({
  name: 'g_seconds',
  help: 'G.',
  type: 'gauge',
  unit: 'seconds',
  samples: [{ labels: {}, value: 1 }],
})
const summary = metricFamily({
  name: 's',
  help: 'S.',
  type: 'summary',
  quantiles: [0.5],
  samples: [{ labels: {}, value: { count: 1, sum: 2, quantiles: [{ quantile: 0.5, value: 2 }] } }],
})
const unknown = metricFamily({ name: 'u', help: 'U.', type: 'unknown', samples: [{ labels: {}, value: 1 }] })
const histogram = metricFamily({
  name: 'h',
  help: 'H.',
  type: 'histogram',
  upperBounds: [1],
  samples: [
    {
      labels: {},
      exemplars: [EXEMPLAR],
      value: {
        count: 11,
        sum: 3,
        buckets: [
          { upperBound: 1, count: 5 },
          { upperBound: Number.POSITIVE_INFINITY, count: 6 },
        ],
        native: {
          schema: 1,
          zeroThreshold: 0.5,
          zeroCount: 1,
          negative: SIDE,
          positive: SIDE,
          exemplars: [EXEMPLAR],
        },
      },
    },
  ],
})
const gaugeHistogram = metricFamily({
  name: 'gh',
  help: 'GH.',
  type: 'gaugehistogram',
  upperBounds: [],
  samples: [{ labels: {}, value: { count: 1, sum: 1, buckets: [{ upperBound: Infinity, count: 1 }] } }],
})

test('B1: each family is preceded by its length', () => {
  expect(PROMETHEUS_PROTOBUF_TYPE).toBe(
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  )
  const long = metricFamily({ name: 'long', help: 'x'.repeat(300), type: 'gauge', samples: [] })
  const written = bytesOf(gauge, long)
  const [one, other] = [bytesOf(gauge), bytesOf(long)]
  expect(written.equals(Buffer.concat([one, other]))).toBe(true)
  expect(one[0]).toBe(one.length - 1)
  expect((other[0]! & 127) + other[1]! * 128).toBe(other.length - 2)
})

test('B2: the fields have their numbers and types', () => {
  expect(readProtobuf(bytesOf(counter, gauge, summary, unknown, histogram, gaugeHistogram))).toEqual([
    {
      name: 'c_total',
      help: 'C.',
      type: 'COUNTER',
      metric: [
        {
          label: [
            { name: 'a', value: '2' },
            { name: 'b', value: '1' },
          ],
          counter: { value: 1, exemplar: EXEMPLAR_READ, createdTimestamp: { nanos: 500_000_000 } },
          timestampMs: 1500,
        },
      ],
    },
    { name: 'g_seconds', help: 'G.', type: 'GAUGE', metric: [{ gauge: { value: 1 } }], unit: 'seconds' },
    {
      name: 's',
      help: 'S.',
      type: 'SUMMARY',
      metric: [{ summary: { sampleCount: 1, sampleSum: 2, quantile: [{ quantile: 0.5, value: 2 }] } }],
    },
    { name: 'u', help: 'U.', type: 'UNTYPED', metric: [{ untyped: { value: 1 } }] },
    {
      name: 'h',
      help: 'H.',
      type: 'HISTOGRAM',
      metric: [
        {
          histogram: {
            sampleCount: 11,
            sampleSum: 3,
            bucket: [{ cumulativeCount: 5, upperBound: 1, exemplar: EXEMPLAR_READ }],
            schema: 1,
            zeroThreshold: 0.5,
            zeroCount: 1,
            negativeSpan: [
              { offset: 0, length: 1 },
              { offset: 3, length: 2 },
            ],
            negativeDelta: [1, 1, 0],
            positiveSpan: [
              { offset: 0, length: 1 },
              { offset: 3, length: 2 },
            ],
            positiveDelta: [1, 1, 0],
            exemplars: [EXEMPLAR_READ],
          },
        },
      ],
    },
    {
      name: 'gh',
      help: 'GH.',
      type: 'GAUGE_HISTOGRAM',
      metric: [{ histogram: { sampleCount: 1, sampleSum: 1 } }],
    },
  ])
})

test('B3: repeated numbers are packed, and are read packed or one by one', () => {
  const counts = { sampleCount: 3, positiveSpan: [{ offset: 0, length: 2 }], positiveDelta: [1, 1] }
  // Each of them has its key, 0x68; packed they are one field, 0x6a, of two bytes.
  const single = protobufOf([{ name: 'x', type: 'HISTOGRAM', metric: [{ histogram: counts }] }])
  const hex = Buffer.from(single).toString('hex')
  expect(hex).toContain('68026802')
  const families = parseProtobuf(single)
  expect(parseProtobuf(Buffer.from(hex.replace('68026802', '6a020202'), 'hex'))).toEqual(families)
  expect(bytesOf(...families).toString('hex')).toContain('6a020202')
})

test('B4: counters keep `_total`, label pairs are sorted by name, timestamps are in milliseconds', () => {
  const names = ['b', 'B', 'a', '_', 'ab', 'A', 'aB']
  const samples = [{ labels: Object.fromEntries(names.map((name) => [name, 'x'])), value: 1, timestampMs: -1 }]
  const [read] = readProtobuf(bytesOf(metricFamily({ name: 'x_total', help: 'X.', type: 'counter', samples })))
  expect(read).toMatchObject({
    name: 'x_total',
    metric: [{ label: ['A', 'B', '_', 'a', 'aB', 'ab', 'b'].map((name) => ({ name })), timestampMs: -1 }],
  })
})

test('H10: native buckets are spans and differences, and gaps of up to two buckets are bridged', () => {
  const indexes = Int32Array.of(-2, 0, 3, 7)
  expect(nativeOf({ indexes, counts: Float64Array.of(3, 5, 1, 3) }, 12)).toMatchObject({
    positiveSpan: [
      { offset: -2, length: 6 },
      { offset: 3, length: 1 },
    ],
    positiveDelta: [3, -3, 5, -5, 0, 1, 2],
  })
})

test('H11: a native histogram without buckets and zero threshold has an empty span', () => {
  const none = { indexes: new Int32Array(0), counts: new Float64Array(0) }
  expect(nativeOf(none, 0)).toMatchObject({ positiveSpan: [{ offset: 0, length: 0 }] })
})

/** What stands in protobuf of a histogram that has only positive native buckets. */
function nativeOf(positive: NativeBuckets['positive'], count: number): unknown {
  const negative = { indexes: new Int32Array(0), counts: new Float64Array(0) }
  const native = { schema: 0, zeroThreshold: 0, zeroCount: 0, positive, negative, exemplars: [] }
  const buckets = [{ upperBound: Number.POSITIVE_INFINITY, count }]
  const samples = [{ labels: {}, value: { count, sum: 1, buckets, native } }]
  const family = metricFamily({ name: 'h', help: 'H.', type: 'histogram', upperBounds: [], samples })
  const [read] = readProtobuf(bytesOf(family)) as { metric: { histogram: unknown }[] }[]
  return read!.metric[0]!.histogram
}

function bytesOf(...families: ReturnType<typeof metricFamily>[]): Buffer {
  return Buffer.concat([...writePrometheusProtobuf(families)])
}
