import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  counter,
  expose,
  metricFamily,
  Registry,
  stateSet,
  type Exemplar,
  type MetricFamilyOptions,
  type NativeBuckets,
} from 'narthex'
import { negotiate, writeExposition, type Escaping } from 'narthex/exposition'
import { scrapeHandler } from 'narthex/http'
import { anyFamily, hostileText, wellFormed } from './any-family.ts'
import { readOpenMetrics2, type ReadComposite, type ReadFamily2, type ReadSample2 } from './openmetrics-2-reader.ts'

const TYPE = 'application/openmetrics-text; version=2.0.0; charset=utf-8'
const INFINITY = Number.POSITIVE_INFINITY
const NO_SIDE = { indexes: new Int32Array(0), counts: new Float64Array(0) }
const TRACE: Exemplar = { labels: { trace_id: 'a' }, value: 0.25, timestampMs: 1_690_000_000_500 }

describe('P1: OpenMetrics 2.0 is for who names it', () => {
  test('with its version, and for nobody else', () => {
    expect(negotiate('application/openmetrics-text;version=2.0.0').contentType).toBe(TYPE)
    expect(negotiate('application/openmetrics-text;version=2.0.0;escaping=values').contentType).toBe(
      `${TYPE}; escaping=values`,
    )
    for (const accept of ['*/*', 'application/*', 'application/openmetrics-text', undefined]) {
      expect(negotiate(accept).format).not.toBe('openmetrics-2')
      expect(negotiate(accept, ['openmetrics-2', 'openmetrics']).format).toBe('openmetrics')
    }
  })

  test('the version before it is still the one that is preferred by who prefers it', () => {
    const both = 'application/openmetrics-text;version=2.0.0;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5'
    expect(negotiate(both).format).toBe('openmetrics')
    expect(negotiate(both.replace('0.4', '0.6')).format).toBe('openmetrics-2')
  })

  test('in a scrape', async () => {
    const registry = new Registry()
    stateSet({ name: 'phase', help: 'P.', states: ['on', 'off'], registry })
    const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
    const header = (name: string): string | undefined =>
      name === 'accept' ? 'application/openmetrics-text;version=2.0.0' : undefined
    const { headers, body } = await scrapes.answer({ method: 'GET', url: '/metrics', header })
    expect(headers['Content-Type']).toBe(TYPE)
    expect(Buffer.concat(body).toString()).toBe(await expose(registry, { format: 'openmetrics-2' }))
  })
})

test('P2: a metric is called as its family on every line', async () => {
  const samples = [{ labels: { a: 'b' }, value: 1 }]
  const counters = metricFamily({ name: 'x_seconds_total', help: 'X "y".', type: 'counter', unit: 'seconds', samples })
  const infos = metricFamily({ name: 'build', help: 'B.', type: 'info', samples })
  expect(await text([counters, infos])).toBe(`# TYPE x_seconds_total counter
# UNIT x_seconds_total seconds
# HELP x_seconds_total X \\"y\\".
x_seconds_total{a="b"} 1
# TYPE build_info info
# HELP build_info B.
build_info{a="b"} 1
# EOF
`)
})

describe('P3: a composite value is one line', () => {
  const buckets = [
    { upperBound: 0.1, count: 8 },
    { upperBound: 1, count: 3 },
    { upperBound: INFINITY, count: 6 },
  ]

  test.each([
    ['histogram', 'x{a="b"} {count:17,sum:3.2,bucket:[0.1:8,1.0:11,+Inf:17]}'],
    ['gaugehistogram', 'x{a="b"} {gcount:17,gsum:3.2,bucket:[0.1:8,1.0:11,+Inf:17]}'],
  ] as const)('of a %s', async (type, line) => {
    const value = { count: 17, sum: 3.2, buckets }
    const family = metricFamily({
      name: 'x',
      help: '',
      type,
      upperBounds: [0.1, 1],
      samples: [{ labels: { a: 'b' }, value }],
    })
    expect(await text([family])).toBe(`# TYPE x ${type}\n${line}\n# EOF\n`)
  })

  test.each([
    [[0.95, 0.99], 'x {count:2,sum:22,quantile:[0.95:2,0.99:20]}'],
    [[], 'x {count:2,sum:22,quantile:[]}'],
  ] as const)('of a summary with the quantiles %j', async (quantiles, line) => {
    const value = { count: 2, sum: 22, quantiles: quantiles.map((quantile, i) => ({ quantile, value: [2, 20][i]! })) }
    const family = metricFamily({ name: 'x', help: '', type: 'summary', quantiles, samples: [{ labels: {}, value }] })
    expect(await text([family])).toBe(`# TYPE x summary\n${line}\n# EOF\n`)
  })
})

describe('P4: native buckets', () => {
  const native: NativeBuckets = {
    schema: 3,
    zeroThreshold: 2 ** -128,
    zeroCount: 2,
    negative: { indexes: Int32Array.of(-4), counts: Float64Array.of(1) },
    positive: { indexes: Int32Array.of(-2, -1, 2, 4, 5), counts: Float64Array.of(3, 5, 1, 3, 2) },
    exemplars: [],
  }

  test('stand before classic ones, with their own counts, in spans, without empty ones', async () => {
    expect(await text([histogram([1], native)])).toBe(`# TYPE x histogram
x {count:17,sum:8.5,schema:3,zero_threshold:2.938735877055719e-39,zero_count:2,negative_spans:[-4:1],negative_buckets:[1],positive_spans:[-2:2,2:1,1:2],positive_buckets:[3,5,1,3,2],bucket:[1.0:8,+Inf:17]}
# EOF
`)
  })

  test('may be alone', async () => {
    expect(await text([histogram([], { ...native, negative: NO_SIDE, zeroCount: 3 })])).toBe(`# TYPE x histogram
x {count:17,sum:8.5,schema:3,zero_threshold:2.938735877055719e-39,zero_count:3,positive_spans:[-2:2,2:1,1:2],positive_buckets:[3,5,1,3,2]}
# EOF
`)
  })

  test('are read back equal', async () => {
    const anySide = fc.uniqueArray(fc.integer({ min: -2000, max: 2000 }), { maxLength: 20 }).map((indexes) => ({
      indexes: Int32Array.from(indexes.toSorted((a, b) => a - b)),
      counts: Float64Array.from(indexes, (_, i) => i + 1),
    }))
    const anyNative = fc.record({
      schema: fc.integer({ min: -4, max: 8 }),
      zeroThreshold: fc.double({ min: 0, max: 1, noNaN: true }).map((each) => each + 0),
      zeroCount: fc.nat(),
      negative: anySide,
      positive: anySide,
    })
    await fc.assert(
      fc.asyncProperty(anyNative, async (each) => {
        const count = [...each.negative.counts, ...each.positive.counts].reduce((sum, one) => sum + one, each.zeroCount)
        const buckets = [{ upperBound: INFINITY, count }]
        const value = { count, sum: 1, buckets, native: { ...each, exemplars: [] } }
        const samples = [{ labels: {}, value }]
        const family = metricFamily({ name: 'x', help: '', type: 'histogram', upperBounds: [], samples })
        const [read] = readOpenMetrics2(Buffer.from(await text([family])))
        const sideOf = ({ indexes, counts }: typeof NO_SIDE): Map<number, number> =>
          new Map(Array.from(indexes, (index, i) => [index, counts[i]!]))
        expect((read!.samples[0]!.value as ReadComposite).native).toEqual({
          ...each,
          negative: sideOf(each.negative),
          positive: sideOf(each.positive),
        })
      }),
      { numRuns: 100 },
    )
  })
})

test('P5: a start timestamp stands behind the timestamp, before exemplars; a gauge histogram has none', async () => {
  const sample = { labels: {}, value: 1, startTimestampMs: 1_500, timestampMs: 2_000, exemplars: [TRACE] }
  const family = metricFamily({ name: 'x_total', help: '', type: 'counter', samples: [sample] })
  expect(await text([family])).toBe(
    '# TYPE x_total counter\nx_total 1 2 st@1.5 # {trace_id="a"} 0.25 1690000000.5\n# EOF\n',
  )
  const registry = new Registry()
  counter({ name: 'y', help: 'Y.', registry })
  expect(await expose(registry, { format: 'openmetrics-2' })).toMatch(/^y_total 0 st@\d{10}(?:\.\d{1,3})?$/m)
})

describe('P6: exemplars', () => {
  test('are several, of all buckets on one line, each once', async () => {
    const late = { ...TRACE, value: 7, labels: { trace_id: 'x'.repeat(200) } }
    const native = {
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 17,
      negative: NO_SIDE,
      positive: NO_SIDE,
      exemplars: [TRACE, late],
    }
    const family = histogram([1], native, [TRACE, { ...TRACE, value: 5 }])
    const [read] = readOpenMetrics2(Buffer.from(await text([family])))
    expect(read!.samples[0]!.exemplars).toEqual(
      [TRACE, { ...TRACE, value: 5 }, late].map(({ labels, value }) => ({
        labels: Object.entries(labels),
        value,
        timestampSeconds: 1_690_000_000.5,
      })),
    )
  })

  test.each<[string, Exemplar]>([
    ['without a timestamp', { labels: {}, value: 1 }],
    ['of NaN', { ...TRACE, value: Number.NaN }],
    ['with a label twice', { ...TRACE, labels: { 'a.b': '1', 'a-b': '2' } }],
  ])('%s are left out, and the sample stays', async (_, exemplar) => {
    const samples = [{ labels: {}, value: 1, exemplars: [exemplar] }]
    const family = metricFamily({ name: 'x_total', help: '', type: 'counter', samples })
    expect(await text([family])).toBe('# TYPE x_total counter\nx_total 1\n# EOF\n')
  })
})

test('P7: names stand in quotes for who asks for that', async () => {
  const sample = { labels: { 'a.b': '1' }, value: 1, exemplars: [{ ...TRACE, labels: { 'c.d': '2' } }] }
  const family = metricFamily({ name: 'x.y_total', help: 'X.', type: 'counter', samples: [sample] })
  expect(await text([family], 'allow-utf-8')).toBe(`# TYPE "x.y_total" counter
# HELP "x.y_total" X.
{"x.y_total","a.b"="1"} 1 # {"c.d"="2"} 0.25 1690000000.5
# EOF
`)
  expect(await text([family])).toBe(`# TYPE x_y_total counter
# HELP x_y_total X.
x_y_total{a_b="1"} 1 # {c_d="2"} 0.25 1690000000.5
# EOF
`)
})

test('P8: NaN is counted, in the bucket to infinity and in no native one', async () => {
  const native = { schema: 0, zeroThreshold: 0, zeroCount: 0, negative: NO_SIDE, positive: NO_SIDE, exemplars: [] }
  const buckets = [
    { upperBound: 1, count: 0 },
    { upperBound: INFINITY, count: 1 },
  ]
  const samples = [{ labels: {}, value: { count: 1, sum: Number.NaN, buckets, native } }]
  const family = metricFamily({ name: 'x', help: '', type: 'histogram', upperBounds: [1], samples })
  expect(await text([family])).toBe(
    '# TYPE x histogram\nx {count:1,sum:NaN,schema:0,zero_threshold:0,zero_count:0,bucket:[1.0:0,+Inf:1]}\n# EOF\n',
  )
})

test('P9: the states of a series are one group, one of them the case', async () => {
  const registry = new Registry()
  const phase = stateSet({ name: 'phase', help: 'P.', states: ['on', 'off'], labelNames: ['part'], registry })
  phase.set({ part: 'a' }, 'off')
  phase.set({ part: 'b' }, 'on')
  expect(await expose(registry, { format: 'openmetrics-2' })).toBe(`# TYPE phase stateset
# HELP phase P.
phase{part="a",phase="on"} 0
phase{part="a",phase="off"} 1
phase{part="b",phase="on"} 1
phase{part="b",phase="off"} 0
# EOF
`)
})

test('P10: a timestamp has no exponent, whatever it is', async () => {
  for (const [timestampMs, seconds] of [
    [1, '0.001'],
    [-1_500, '-1.5'],
    [1.79e15, '1790000000000'],
    [9e15, '9000000000000'],
  ] as const) {
    const family = metricFamily({
      name: 'x',
      help: '',
      type: 'gauge',
      samples: [{ labels: {}, value: 1, timestampMs }],
    })
    expect(await text([family])).toBe(`# TYPE x gauge\nx 1 ${seconds}\n# EOF\n`)
  }
})

describe('an exposition in OpenMetrics 2.0 is read back equal', () => {
  test.each(['underscores', 'allow-utf-8'] as const)('whatever families hold, with %s', async (escaping) => {
    await fc.assert(
      fc.asyncProperty(anyFamily(hostileText, escaping === 'allow-utf-8').map(lawful), async (options) => {
        const read = readOpenMetrics2(Buffer.from(await text([metricFamily(options)], escaping)))
        expect(read).toEqual([expected(options)])
      }),
      { numRuns: 200 },
    )
  })

  test('also where it takes many blocks', async () => {
    const samples = Array.from({ length: 5_000 }, (_, i) => ({ labels: { i: String(i) }, value: i }))
    const family = metricFamily({ name: 'x', help: 'X.', type: 'gauge', samples })
    const { blocks } = await writeExposition([family, histogram([1])], { format: 'openmetrics-2' })
    expect(blocks.length).toBeGreaterThan(3)
    const [read, last] = readOpenMetrics2(Buffer.concat(blocks))
    expect(read!.samples.map(({ value }) => value)).toEqual(samples.map(({ value }) => value))
    expect(last!.name).toBe('y')
  })
})

function histogram(
  upperBounds: readonly number[],
  native?: NativeBuckets,
  exemplars?: readonly Exemplar[],
): ReturnType<typeof metricFamily> {
  const counts = upperBounds.length === 0 ? [17] : [8, 9]
  const buckets = counts.map((count, i) => ({ upperBound: upperBounds[i] ?? INFINITY, count }))
  const value = { count: 17, sum: 8.5, buckets, ...(native && { native }) }
  const samples = [{ labels: {}, value, ...(exemplars && { exemplars }) }]
  return metricFamily({ name: native === undefined ? 'y' : 'x', help: '', type: 'histogram', upperBounds, samples })
}

async function text(families: readonly ReturnType<typeof metricFamily>[], escaping?: Escaping): Promise<string> {
  const { blocks } = await writeExposition(families, { format: 'openmetrics-2', ...(escaping && { escaping }) })
  return Buffer.concat(blocks).toString()
}

function lawful(options: MetricFamilyOptions): MetricFamilyOptions {
  return options.type === 'info'
    ? { ...options, samples: options.samples.map((each) => ({ ...each, value: 1 })) }
    : options
}

/** What is to be read, worked out from the rules of the format alone. */
function expected(options: MetricFamilyOptions): ReadFamily2 {
  const { name, help, type } = options
  const names = [...new Set(options.samples.flatMap((sample) => Object.keys(sample.labels)))]
  return {
    name: type === 'info' && !name.endsWith('_info') ? `${name}_info` : name,
    type,
    unit: '',
    help: wellFormed([help])[0]!,
    samples: options.samples.flatMap((sample) => {
      const own = Object.entries(sample.labels).map(([label, value]) => [label, wellFormed([value])[0]!] as const)
      const labels = names.flatMap((each) => own.filter(([label]) => label === each))
      const timed = sample.timestampMs === undefined ? {} : { timestampSeconds: sample.timestampMs / 1000 }
      return valuesOf(options, sample.value as never).map(([value, ...more]): ReadSample2 => {
        return { labels: [...labels, ...more], value, ...timed }
      })
    }),
  }
}

type Line = readonly [value: ReadSample2['value'], ...more: (readonly [string, string])[]]

function valuesOf(options: MetricFamilyOptions, value: never): readonly Line[] {
  switch (options.type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { buckets, sum, count } = value as (typeof options)['samples'][number]['value']
      let total = 0
      const bucket = buckets.map(({ upperBound, count: own }) => [upperBound + 0, (total += own)] as const)
      return [[{ count, sum: sum + 0, bucket }]]
    }
    case 'summary': {
      const { quantiles, sum, count } = value as (typeof options)['samples'][number]['value']
      const quantile = quantiles.map((each) => [each.quantile + 0, each.value + 0] as const)
      return [[{ count, sum: sum + 0, quantile }]]
    }
    case 'stateset': {
      const states = value as (typeof options)['samples'][number]['value']
      return options.states.map((state) => [states[state] === true ? 1 : 0, [options.name, wellFormed([state])[0]!]])
    }
    default:
      return [[value + 0]]
  }
}
