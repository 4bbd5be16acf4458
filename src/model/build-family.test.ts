import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyFamily, anyText } from '../../test/conformance/any-family.ts'
import { refusal } from '../../test/refusal.ts'
import { metricFamily, type MetricFamilyOptions } from './build-family.ts'
import { samplesOf } from './metric-family.ts'
import type { Sample } from './sample.ts'

const NO_SIDE = { indexes: new Int32Array(), counts: new Float64Array() }

describe('a family built from rows', () => {
  test('gives the rows back, whatever they hold', () => {
    fc.assert(
      fc.property(anyFamily(anyText), (options) => {
        expect(rows(samplesOf(metricFamily(options)))).toEqual(rows(options.samples))
      }),
      { numRuns: 300 },
    )
  })

  test('crosses a thread or a process as it is', () => {
    fc.assert(
      fc.property(anyFamily(anyText), (options) => {
        expect(rows(samplesOf(structuredClone(metricFamily(options))))).toEqual(rows(options.samples))
      }),
      { numRuns: 50 },
    )
  })

  test('has the descriptor it was given', () => {
    const options = { name: 'x_seconds', help: 'X.', unit: 'seconds', type: 'gauge', samples: [] } as const
    expect(metricFamily(options)).toMatchObject({
      name: 'x_seconds',
      help: 'X.',
      unit: 'seconds',
      type: 'gauge',
      labelNames: [],
    })
    const { unit: _, ...unitless } = options
    expect(metricFamily(unitless).unit).toBe('')
  })

  test('tells an absent label from an empty one', () => {
    const samples = [
      { labels: { a: '' }, value: 1 },
      { labels: {}, value: 2 },
      { labels: { b: 'x' }, value: 3 },
    ]
    const family = metricFamily({ name: 'x', help: 'X.', type: 'gauge', samples })
    expect(family.labelNames).toEqual(['a', 'b'])
    expect([...samplesOf(family)]).toEqual(samples)
  })

  test('has a timestamp only where a sample has one', () => {
    const samples = [
      { labels: { a: '1' }, value: 1, timestampMs: 0 },
      { labels: { a: '2' }, value: 2 },
    ]
    expect([...samplesOf(metricFamily({ name: 'x', help: 'X.', type: 'gauge', samples }))]).toEqual(samples)
  })

  test('keeps a label and a state that are called as the prototype is', () => {
    const labels = JSON.parse('{"__proto__":"own"}') as Record<string, string>
    const value = JSON.parse('{"__proto__":true}') as Record<string, boolean>
    const [sample] = samplesOf(
      metricFamily({ name: 'x', help: 'X.', type: 'stateset', states: ['__proto__'], samples: [{ labels, value }] }),
    )
    expect(Object.entries(sample!.labels)).toEqual([['__proto__', 'own']])
    expect(Object.entries(sample!.value)).toEqual([['__proto__', true]])
  })

  test('takes a state that a sample does not mention for one that is not the case', () => {
    const states = ['on', 'off', 'toString']
    const [sample] = samplesOf(
      metricFamily({ name: 'x', help: 'X.', type: 'stateset', states, samples: [{ labels: {}, value: { on: true } }] }),
    )
    expect(sample!.value).toEqual({ on: true, off: false, toString: false })
  })

  test('has no rows without samples', () => {
    expect([...samplesOf(metricFamily({ name: 'x', help: 'X.', type: 'unknown', samples: [] }))]).toEqual([])
  })
})

describe('a family that could not be written is refused', () => {
  const gauge = { name: 'x', help: 'X.', type: 'gauge', samples: [] }
  const bucket = (upperBound: number): object => ({ upperBound, count: 1 })
  const histogram = (...buckets: object[]): object => ({
    ...gauge,
    type: 'histogram',
    upperBounds: [1],
    samples: [{ labels: {}, value: { count: 1, sum: 1, buckets } }],
  })

  const labelled = (type: string, label: string, value: object): object => ({
    ...gauge,
    type,
    upperBounds: [],
    quantiles: [],
    states: ['on'],
    samples: [{ labels: { [label]: 'a' }, value: { count: 1, sum: 1, ...value } }],
  })
  const three = { indexes: Int32Array.of(0, 1), counts: Float64Array.of(1, 2) }
  /** Three observations in native buckets, and `count` in all. */
  const nativeOf = (count: number, sum: number): object => {
    const native = { schema: 0, zeroThreshold: 0, zeroCount: 0, positive: three, negative: NO_SIDE, exemplars: [] }
    const buckets = [{ upperBound: Number.POSITIVE_INFINITY, count }]
    return {
      ...gauge,
      type: 'histogram',
      upperBounds: [],
      samples: [{ labels: {}, value: { count, sum, buckets, native } }],
    }
  }

  test.each<[string, object]>([
    ['N1: no name', { ...gauge, name: '' }],
    ['N1: a name with a lone surrogate', { ...gauge, name: 'x\uD800' }],
    ['a help that is no text', { ...gauge, help: undefined }],
    [
      'a timestamp that is no time',
      { ...gauge, samples: [{ labels: {}, value: 1, timestampMs: Number.POSITIVE_INFINITY }] },
    ],
    ['N1: a label without a name', { ...gauge, samples: [{ labels: { '': '1' }, value: 1 }] }],
    ['N1: a label name with a lone surrogate', { ...gauge, samples: [{ labels: { '\uDC00': '1' }, value: 1 }] }],
    ['a label value that is no text', { ...gauge, samples: [{ labels: { a: 5 }, value: 1 }] }],
    ['a label value that is undefined', { ...gauge, samples: [{ labels: { a: undefined }, value: 1 }] }],
    ['a state set whose name cannot be that of a label', { ...gauge, name: 'a:b', type: 'stateset', states: ['on'] }],
    ['labels that are none', { ...gauge, samples: [{ value: 1 }] }],
    ['a value that is no number', { ...gauge, samples: [{ labels: {} }] }],
    ['a timestamp that servers cannot read', { ...gauge, samples: [{ labels: {}, value: 1, timestampMs: 2 ** 53 }] }],
    ['N4: a label that is the name', { ...gauge, samples: [{ labels: { __name__: 'y' }, value: 1 }] }],
    [
      'N4: a label that a histogram has itself',
      labelled('histogram', 'le', { buckets: [bucket(Number.POSITIVE_INFINITY)] }),
    ],
    [
      'N4: a label that a gauge histogram has itself',
      labelled('gaugehistogram', 'le', { buckets: [bucket(Number.POSITIVE_INFINITY)] }),
    ],
    ['N4: a label that a summary has itself', labelled('summary', 'quantile', { quantiles: [] })],
    ['N4: a label that a state set has itself', labelled('stateset', 'x', { on: true })],
    ['H8: more in native buckets than in all', nativeOf(2, 1)],
    ['H8: fewer in native buckets than in all', nativeOf(4, 1)],
    ['H8: a count below zero beside native buckets', nativeOf(-1, 1)],
    ['too many buckets', histogram(bucket(1), bucket(2), bucket(Number.POSITIVE_INFINITY))],
    ['too few buckets', histogram(bucket(Number.POSITIVE_INFINITY))],
    ['no buckets', { ...gauge, type: 'histogram', upperBounds: [1], samples: [{ labels: {}, value: 3 }] }],
    ['no value of a summary', { ...gauge, type: 'summary', quantiles: [], samples: [{ labels: {} }] }],
    ['buckets with other bounds', histogram(bucket(2), bucket(Number.POSITIVE_INFINITY))],
    [
      'quantiles other than those of the family',
      {
        ...gauge,
        type: 'summary',
        quantiles: [0.5],
        samples: [{ labels: {}, value: { count: 1, sum: 1, quantiles: [{ quantile: 0.9, value: 1 }] } }],
      },
    ],
  ])('with %s', (_, options) => {
    expect(refusal(() => metricFamily(options as MetricFamilyOptions)).code).toBe('INVALID_FAMILY')
  })

  test('but not H8: for NaN, which native buckets do not count', () => {
    expect(metricFamily(nativeOf(4, Number.NaN) as MetricFamilyOptions).type).toBe('histogram')
  })

  test.each<[string, object]>([
    ['O9: a negative counter', { ...gauge, name: 'x_total', type: 'counter', samples: [{ labels: {}, value: -1 }] }],
    ['O13: an info that is not 1', { ...gauge, name: 'x_info', type: 'info', samples: [{ labels: {}, value: 2 }] }],
    ['O10: buckets that count NaN', histogram({ upperBound: 1, count: Number.NaN }, bucket(Number.POSITIVE_INFINITY))],
  ])('but not for %s: servers take it', (_, options) => {
    expect([...samplesOf(metricFamily(options as MetricFamilyOptions))]).toHaveLength(1)
  })
})

/** Rows with their labels and states as pairs: `toEqual` overlooks a property called `__proto__`. */
function rows(samples: Iterable<Sample>): object[] {
  return [...samples].map(({ labels, value, ...rest }) => ({
    labels: Object.entries(labels).toSorted(),
    value: typeof value === 'object' ? Object.entries(value) : value,
    ...rest,
  }))
}

describe('what a sample may have besides its value', () => {
  const value = {
    count: 3,
    sum: 9,
    buckets: [1, Number.POSITIVE_INFINITY].map((upperBound) => ({ upperBound, count: 1.5 })),
  }
  const cumulative = [
    { upperBound: 1, count: 2 },
    { upperBound: Number.POSITIVE_INFINITY, count: 3 },
  ]
  const side = { indexes: Int32Array.of(-1, 3), counts: Float64Array.of(1, 2) }
  const native = { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: side, negative: NO_SIDE, exemplars: [] }
  const histogram = { name: 'x', help: 'X.', type: 'histogram', upperBounds: [1] } as const

  test('comes back: start timestamp, exemplars, native buckets', () => {
    const samples = [
      {
        labels: { a: '1' },
        value: { ...value, native },
        startTimestampMs: 5,
        exemplars: [
          { labels: { trace_id: 'a' }, value: 1 },
          { labels: {}, value: 7, timestampMs: 1 },
        ],
      },
      { labels: { a: '2' }, value },
    ]
    expect([...samplesOf(metricFamily({ ...histogram, samples }))]).toEqual(samples)
  })

  test('is one exemplar per bucket: the last that is in it', () => {
    const exemplars = [1, 2, 3].map((each) => ({ labels: {}, value: each }))
    const [sample] = samplesOf(metricFamily({ ...histogram, samples: [{ labels: {}, value, exemplars }] }))
    expect(sample!.exemplars).toEqual([exemplars[0], exemplars[2]])
  })

  test.each<[string, MetricFamilyOptions, string]>([
    [
      'a start timestamp of a gauge',
      { name: 'x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 1, startTimestampMs: 1 }] },
      'A sample of x has a start timestamp: a gauge has none.',
    ],
    [
      'a start timestamp that is no time',
      { name: 'x', help: 'X.', type: 'counter', samples: [{ labels: {}, value: 1, startTimestampMs: Number.NaN }] },
      'A sample of x has the start timestamp NaN, which is no time.',
    ],
    [
      'exemplars of a gauge',
      {
        name: 'x',
        help: 'X.',
        type: 'gauge',
        samples: [{ labels: {}, value: 1, exemplars: [{ labels: {}, value: 1 }] }],
      },
      'A sample of x has exemplars: a gauge has none (conformance O17).',
    ],
    [
      'a label of an exemplar with a wrong name',
      {
        name: 'x',
        help: 'X.',
        type: 'counter',
        samples: [{ labels: {}, value: 1, exemplars: [{ labels: { '': 'a' }, value: 1 }] }],
      },
      '"" cannot be a label of an exemplar of x: a name is a text that is not empty.',
    ],
    [
      'buckets that were added up already',
      { ...histogram, samples: [{ labels: {}, value: { ...value, buckets: cumulative } }] },
      'A sample of x counts 3, but its buckets 5: each bucket is counted alone, without those below.',
    ],
    [
      'a schema that there is not',
      { ...histogram, samples: [{ labels: {}, value: { ...value, native: { ...native, schema: 9 } } }] },
      'A sample of x has the schema 9: it is from -4 to 8.',
    ],
    [
      'a native bucket with a count below zero',
      {
        ...histogram,
        samples: [
          {
            labels: {},
            value: { ...value, native: { ...native, positive: { ...side, counts: Float64Array.of(-1, 4) } } },
          },
        ],
      },
      'The native buckets of a sample of x are not ascending, each with a count.',
    ],
    [
      'native buckets that do not ascend',
      {
        ...histogram,
        samples: [
          {
            labels: {},
            value: { ...value, native: { ...native, positive: { ...side, indexes: Int32Array.of(3, 3) } } },
          },
        ],
      },
      'The native buckets of a sample of x are not ascending, each with a count.',
    ],
  ])('is not %s', (_, options, message) => {
    expect(refusal(() => metricFamily(options))).toMatchObject({ code: 'INVALID_FAMILY', message })
  })
})
