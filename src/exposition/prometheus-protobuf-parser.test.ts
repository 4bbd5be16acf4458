import { describe, expect, test } from 'vitest'
import { protobufOf, type ReadMessage } from '../../test/conformance/protobuf-reader.ts'
import { parseRefusal } from '../../test/parse-refusal.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import { parseProtobuf, PrometheusProtobufParser } from './prometheus-protobuf-parser.ts'

const NO_SIDE = { indexes: new Int32Array(0), counts: new Float64Array(0) }

describe('a family of each type', () => {
  test.each([
    ['COUNTER', 'counter', { counter: { value: 2 } }, 2],
    ['GAUGE', 'gauge', { gauge: { value: -2 } }, -2],
    ['UNTYPED', 'unknown', { untyped: { value: 2 } }, 2],
    [
      'SUMMARY',
      'summary',
      { summary: { sampleCount: 2, sampleSum: 3, quantile: [{ quantile: 0.5, value: 1 }] } },
      { count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] },
    ],
    ...(['HISTOGRAM', 'GAUGE_HISTOGRAM'] as const).map(
      (type) =>
        [
          type,
          type.toLowerCase().replace('_', ''),
          { histogram: { sampleCount: 5, sampleSum: 3, bucket: [{ cumulativeCount: 2, upperBound: 1 }] } },
          {
            count: 5,
            sum: 3,
            buckets: [
              { upperBound: 1, count: 2 },
              { upperBound: Number.POSITIVE_INFINITY, count: 3 },
            ],
          },
        ] as const,
    ),
  ] as const)('%s', (type, expected, metric, value) => {
    const label = [{ name: 'a', value: 'ü' }]
    const [family] = read({ name: 'x', help: 'X.', type, metric: [{ ...metric, label, timestampMs: -5 }] })
    expect(family).toMatchObject({ name: 'x', help: 'X.', type: expected, unit: '' })
    expect(samples(family!)).toEqual([{ labels: { a: 'ü' }, value, timestampMs: -5 }])
  })

  test('that says nothing is a counter: numbers that are 0 may be left out', () => {
    const [family] = read({ name: 'x', metric: [{ counter: {} }, { label: [{ name: 'a' }], counter: {} }] })
    expect(family).toMatchObject({ type: 'counter', help: '' })
    expect(samples(family!)).toEqual([
      { labels: {}, value: 0 },
      { labels: { a: '' }, value: 0 },
    ])
  })

  test('that adds nothing up has no start, whatever it says', () => {
    const histogram = { sampleCount: 1, createdTimestamp: { seconds: 5 } }
    const [family] = read({ name: 'x', type: 'GAUGE_HISTOGRAM', metric: [{ histogram }] })
    expect(samples(family!)[0]).not.toHaveProperty('startTimestampMs')
  })

  test('may have fields in any order, and such as nobody knows yet', () => {
    // A metric with a gauge, whose field 1 is no double.
    const wrong = [0x22, 7, 0x12, 5, 0x0d, 1, 2, 3, 4, 0x18, 1, 0x0a, 1, 120]
    expect(parseRefusal(() => parseProtobuf(Uint8Array.of(wrong.length, ...wrong)))).toBe('INVALID_MESSAGE B2 5')
    const unknown = [0x22, 4, 0x12, 2, 0x38, 1, 0xa0, 6, 1, 0x18, 1, 0x0a, 1, 120, 0xfd, 1, 1, 2, 3, 4, 0xf9, 1]
    const all = [...unknown, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 1, 1, 0]
    expect(parseProtobuf(Uint8Array.of(all.length, ...all)).map(samples)).toEqual([[{ labels: {}, value: 0 }]])
  })
})

describe('what comes with a sample', () => {
  const exemplar = { label: [{ name: 'trace_id', value: 'ab' }], value: 0.5, timestamp: { seconds: 2, nanos: 5e8 } }
  const exemplarRead = { labels: { trace_id: 'ab' }, value: 0.5, timestampMs: 2500 }

  test('exemplar and start timestamp of a counter', () => {
    const counter = { value: 1, exemplar, createdTimestamp: { seconds: -1, nanos: 999_000_000 } }
    const [family] = read({ name: 'x', metric: [{ counter }] })
    expect(samples(family!)).toEqual([{ labels: {}, value: 1, exemplars: [exemplarRead], startTimestampMs: -1 }])
  })

  test('exemplars of buckets, that to infinity too', () => {
    const bucket = [
      { cumulativeCount: 1, upperBound: 0.25 },
      { cumulativeCount: 1, upperBound: 1, exemplar },
      { cumulativeCount: 3, upperBound: Number.POSITIVE_INFINITY, exemplar: { value: 7 } },
    ]
    const [family] = read({ name: 'x', type: 'HISTOGRAM', metric: [{ histogram: { sampleCount: 3, bucket } }] })
    expect(family!.columns.chunks[0]!.exemplars).toEqual([[undefined, exemplarRead, { labels: {}, value: 7 }]])
    expect(family).toMatchObject({ upperBounds: [0.25, 1] })
  })

  test('H10: native buckets, with their exemplars', () => {
    const histogram = {
      sampleCount: 14,
      schema: -2,
      zeroThreshold: 0.5,
      zeroCount: 2,
      // The example of the specification, with a gap that is left out and one that is bridged.
      positiveSpan: [
        { offset: -2, length: 2 },
        { offset: 2, length: 4 },
      ],
      positiveDelta: [3, 2, -4, -1, 3, -1],
      negativeSpan: [{ offset: 7, length: 0 }],
      exemplars: [exemplar],
    }
    const [family] = read({ name: 'x', type: 'HISTOGRAM', metric: [{ histogram: { ...histogram, sampleCount: 16 } }] })
    expect(family!.columns.chunks[0]!.native).toEqual([
      {
        schema: -2,
        zeroThreshold: 0.5,
        zeroCount: 2,
        positive: { indexes: Int32Array.of(-2, -1, 2, 4, 5), counts: Float64Array.of(3, 5, 1, 3, 2) },
        negative: NO_SIDE,
        exemplars: [exemplarRead],
      },
    ])
  })

  test('H11: an empty span says that a histogram is native', () => {
    const histogram = { sampleCount: 0, schema: 3, positiveSpan: [{ offset: 0, length: 0 }] }
    const [family] = read({ name: 'x', type: 'HISTOGRAM', metric: [{ histogram }] })
    const native = { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: NO_SIDE, negative: NO_SIDE, exemplars: [] }
    expect(family!.columns.chunks[0]!.native).toEqual([native])
    const [other] = read({ name: 'x', type: 'HISTOGRAM', metric: [{ histogram: { sampleCount: 0, schema: 3 } }] })
    expect(other!.columns.chunks[0]!.native).toBeUndefined()
  })

  test('counts that are doubles', () => {
    const histogram = {
      sampleCountFloat: 3.5,
      bucket: [{ cumulativeCountFloat: 0.5, upperBound: 1 }],
      schema: 0,
      zeroCountFloat: 1.25,
      negativeSpan: [{ offset: 3, length: 1 }],
      negativeCount: [2.25],
    }
    const [family] = read({ name: 'x', type: 'HISTOGRAM', metric: [{ histogram }] })
    expect(samples(family!)).toMatchObject([
      {
        value: {
          count: 3.5,
          buckets: [{ count: 0.5 }, { count: 3 }],
          native: { zeroCount: 1.25, negative: { indexes: Int32Array.of(3), counts: Float64Array.of(2.25) } },
        },
      },
    ])
  })
})

describe('B3: repeated numbers', () => {
  const written = protobufOf([
    {
      name: 'x',
      type: 'HISTOGRAM',
      metric: [{ histogram: { sampleCount: 3, positiveSpan: [{ offset: 0, length: 2 }], positiveDelta: [1, 1] } }],
    },
  ])
  // Each of them has its key, 0x68; packed they are one field, 0x6a, of two bytes.
  const hex = Buffer.from(written).toString('hex')

  test('may be packed or not', () => {
    expect(hex).toContain('68026802')
    const packed = Buffer.from(hex.replace('68026802', '6a020202'), 'hex')
    expect(parseProtobuf(packed)).toEqual(parseProtobuf(written))
    expect(parseProtobuf(packed)[0]!.columns.chunks[0]!.native![0]!.positive.counts).toEqual(Float64Array.of(1, 2))
  })
})

describe('what breaks a rule is refused, with the byte', () => {
  const gauge = { name: 'x', type: 'GAUGE', metric: [{ gauge: { value: 1 } }] }
  const histogram = (fields: object): ReadMessage => ({
    name: 'x',
    type: 'HISTOGRAM',
    metric: [{ histogram: { sampleCount: 2, sampleSum: 1, ...fields } }],
  })
  const native = (fields: object): ReadMessage => histogram({ zeroThreshold: 1, ...fields })
  const far = { offset: 0x7fff_ffff, length: 1 }
  const bucket = (cumulativeCount: number, upperBound: number): object => ({ cumulativeCount, upperBound })
  const series = (...names: string[]): ReadMessage => ({
    ...gauge,
    metric: [{ label: names.map((name) => ({ name, value: 'v' })), gauge: { value: 1 } }],
  })

  test.each<[what: string, families: ReadMessage[], refusal: string]>([
    ['no name', [{ type: 'GAUGE' }], 'INVALID_NAME N1 1'],
    ['a unit that does not end the name', [{ ...gauge, unit: 's' }], 'INVALID_UNIT N7 1'],
    ['a family twice', [gauge, gauge], 'DUPLICATE_METADATA T4 20'],
    ['families that meet', [histogram({}), { ...gauge, name: 'x_sum' }], 'NAME_CLASH O8 22'],
    ['no value', [{ ...gauge, metric: [{}] }], 'MISSING_SAMPLE B2 6'],
    ['two values', [{ ...gauge, metric: [{ gauge: {}, counter: {} }] }], 'INVALID_TYPE B2 6'],
    ['a value of another type', [{ ...gauge, metric: [{ counter: {} }] }], 'MISSING_SAMPLE B2 6'],
    ['a series twice', [{ ...gauge, metric: [{ gauge: {} }, { gauge: {} }] }], 'DUPLICATE_SERIES T8 10'],
    ['a label twice', [series('a', 'a')], 'DUPLICATE_LABEL_NAME N4 16'],
    ['a label of no name', [series('')], 'INVALID_NAME N1 8'],
    [
      'a label of the format',
      [{ ...histogram({}), metric: [{ label: [{ name: 'le', value: '1' }], histogram: {} }] }],
      'INVALID_LABELS N4 8',
    ],
    ['bounds out of order', [histogram({ bucket: [bucket(1, 2), bucket(1, 1)] })], 'INVALID_BUCKETS T7 34'],
    ['a bound twice', [histogram({ bucket: [bucket(1, 2), bucket(1, 2)] })], 'INVALID_BUCKETS T7 34'],
    ['counts that fall', [histogram({ bucket: [bucket(2, 1), bucket(1, 2)] })], 'INVALID_BUCKETS T7 34'],
    ['more in a bucket than in all', [histogram({ bucket: [bucket(3, 1)] })], 'INVALID_BUCKETS T7 6'],
    ['not all to infinity', [histogram({ bucket: [bucket(1, Number.POSITIVE_INFINITY)] })], 'INVALID_BUCKETS T7 6'],
    ['a bound of NaN', [histogram({ bucket: [bucket(1, Number.NaN)] })], 'INVALID_BUCKETS T7 21'],
    [
      'an exemplar out of its bucket',
      [histogram({ bucket: [{ ...bucket(1, 1), exemplar: { value: 2 } }] })],
      'INVALID_EXEMPLAR O17 21',
    ],
    ['a native exemplar without time', [histogram({ exemplars: [{ value: 2 }] })], 'INVALID_EXEMPLAR H12 21'],
    ['a schema that there is not', [native({ schema: 9 })], 'INVALID_BUCKETS H1 6'],
    ['spans without counts', [native({ positiveSpan: [{ offset: 0, length: 1 }] })], 'INVALID_BUCKETS H10 6'],
    [
      'a bucket that no index reaches',
      [native({ positiveSpan: [far, far], positiveDelta: [1, 0] })],
      'INVALID_BUCKETS H3 6',
    ],
    ['a span of too many buckets', [native({ positiveSpan: [{ length: 4e9 }] })], 'INVALID_BUCKETS H10 30'],
    [
      'counts below zero',
      [native({ positiveSpan: [{ offset: 0, length: 1 }], positiveDelta: [-1] })],
      'INVALID_BUCKETS H10 6',
    ],
    [
      'spans that overlap',
      [
        native({
          positiveSpan: [
            { offset: 0, length: 1 },
            { offset: -1, length: 1 },
          ],
          positiveDelta: [1, 0],
        }),
      ],
      'INVALID_BUCKETS H10 6',
    ],
    ['native buckets that do not add up', [native({ zeroCount: 1 })], 'INVALID_BUCKETS H8 6'],
    [
      'a quantile above 1',
      [{ name: 'x', type: 'SUMMARY', metric: [{ summary: { quantile: [{ quantile: 2, value: 1 }] } }] }],
      'INVALID_QUANTILES O12 10',
    ],
    [
      'a time that is none',
      [{ name: 'x', metric: [{ counter: { createdTimestamp: { nanos: -1 } } }] }],
      'INVALID_TIMESTAMP B2 8',
    ],
  ])('%s', (_, families, refusal) => {
    expect(parseRefusal(() => read(...families))).toBe(refusal)
  })

  test.each<[what: string, bytes: number[], refusal: string]>([
    ['a family that is cut off', [5, 10, 1], 'UNEXPECTED_END B1 3'],
    ['a length that is cut off', [128], 'UNEXPECTED_END B1 1'],
    ['a length without end', Array.from({ length: 11 }, () => 255), 'INVALID_MESSAGE B1 0'],
    ['a field that is longer than its family', [2, 10, 5], 'INVALID_MESSAGE B2 1'],
    ['a number that does not end in its family', [3, 24, 128, 128], 'INVALID_MESSAGE B2 1'],
    ['a number of more than 64 bits', [12, 24, ...Array.from({ length: 9 }, () => 255), 2, 0], 'INVALID_MESSAGE B2 1'],
    ['a field of the number 0', [2, 0, 0], 'INVALID_MESSAGE B2 1'],
    ['a wire type that there is not', [2, 0x6b, 0], 'INVALID_MESSAGE B2 1'],
    ['a name that is a number', [2, 8, 1], 'INVALID_MESSAGE B2 1'],
    ['a type that there is not', [2, 24, 6], 'INVALID_TYPE B2 1'],
    ['a name that is not UTF-8', [3, 10, 1, 255], 'INVALID_UTF8 N1 1'],
    ['a name twice', [6, 10, 1, 120, 10, 1, 121], 'DUPLICATE_FIELD B2 4'],
  ])('%s', (_, bytes, refusal) => {
    expect(parseRefusal(() => parseProtobuf(Uint8Array.from(bytes)))).toBe(refusal)
  })

  test('and again whenever the parser is asked', () => {
    const parser = new PrometheusProtobufParser()
    const refusal = parseRefusal(() => parser.write(Uint8Array.of(2, 0, 0)))
    expect(refusal).toBe('INVALID_MESSAGE B2 1')
    expect(parseRefusal(() => parser.write(Uint8Array.of()))).toBe(refusal)
    expect(parseRefusal(() => parser.end())).toBe(refusal)
  })

  test('the byte is that of the whole exposition', () => {
    const first = protobufOf([gauge])
    const bytes = Buffer.concat([first, Buffer.of(2, 0, 0)])
    expect(parseRefusal(() => parseProtobuf(bytes))).toBe(`INVALID_MESSAGE B2 ${first.length + 1}`)
    expect(parseRefusal(() => parseProtobuf(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toBe(
      `INVALID_MESSAGE B2 ${first.length + 1}`,
    )
  })
})

describe('lenient parsing tolerates what Prometheus tolerates', () => {
  const lenient = (...families: ReadMessage[]): MetricFamily[] => parseProtobuf(protobufOf(families), { lenient: true })
  const histogram = (...buckets: [cumulativeCount: number, upperBound: number][]): ReadMessage => ({
    name: 'x',
    type: 'HISTOGRAM',
    metric: [
      {
        histogram: {
          sampleCount: 5,
          bucket: buckets.map(([cumulativeCount, upperBound]) => ({ cumulativeCount, upperBound })),
        },
      },
    ],
  })

  test('a series twice: the first one counts', () => {
    const [family] = lenient({ name: 'x', type: 'GAUGE', metric: [{ gauge: { value: 1 } }, { gauge: { value: 2 } }] })
    expect(samples(family!)).toEqual([{ labels: {}, value: 1 }])
  })

  test('a family twice: its series are together', () => {
    const part = (a: string): ReadMessage => ({
      name: 'x',
      type: 'GAUGE',
      metric: [{ label: [{ name: 'a', value: a }], gauge: {} }],
    })
    expect(lenient(part('1'), part('2')).map((family) => samples(family).length)).toEqual([2])
    expect(parseRefusal(() => lenient(part('1'), { ...part('2'), type: 'COUNTER' }))).toBe('NAME_CLASH O8 19')
  })

  test('a metric without the value of its type: it is 0', () => {
    expect(samples(lenient({ name: 'x', type: 'GAUGE', metric: [{}] })[0]!)).toEqual([{ labels: {}, value: 0 }])
  })

  test('buckets in any order, and others in another series', () => {
    const [family] = lenient(histogram([3, 2], [1, 1]), {
      ...histogram(),
      metric: [
        {
          label: [{ name: 'a', value: '1' }],
          histogram: { sampleCount: 4, bucket: [{ cumulativeCount: 2, upperBound: 1.5 }] },
        },
      ],
    })
    expect(family).toMatchObject({ upperBounds: [1, 1.5, 2] })
    expect(samples(family!).map(({ value }) => (value as HistogramValue).buckets)).toMatchObject([
      [{ count: 1 }, { count: 0 }, { count: 2 }, { count: 2 }],
      [{ count: 0 }, { count: 2 }, { count: 0 }, { count: 2 }],
    ])
  })

  test('a native exemplar without time, and one out of its bucket: they are left out', () => {
    const exemplar = { value: 9 }
    const bucket = [{ cumulativeCount: 1, upperBound: 1, exemplar }]
    const [family] = lenient({
      name: 'x',
      type: 'HISTOGRAM',
      metric: [{ histogram: { sampleCount: 5, bucket, zeroThreshold: 1, exemplars: [exemplar] } }],
    })
    expect(family!.columns.chunks[0]).not.toHaveProperty('exemplars')
    expect(family!.columns.chunks[0]!.native![0]!.exemplars).toEqual([])
  })
})

test('chunks may come in any way', async () => {
  const bytes = protobufOf([{ name: 'x', type: 'GAUGE', metric: [{ gauge: { value: 1 } }] }])
  const [whole] = parseProtobuf(bytes)
  expect(parseProtobuf([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual([whole])
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 7)
    yield bytes.subarray(7)
  }
  expect(await parseProtobuf(stream())).toEqual([whole])
  expect(parseProtobuf(new Uint8Array(0))).toEqual([])
})

function read(...families: ReadMessage[]): MetricFamily[] {
  return parseProtobuf(protobufOf(families))
}

function samples(family: MetricFamily): ReturnType<typeof samplesOf> extends Iterable<infer Each> ? Each[] : never {
  return [...samplesOf(family)]
}
