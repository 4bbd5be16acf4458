import { describe, expect, test } from 'vitest'
import {
  Counter,
  Histogram,
  Info,
  metricFamily,
  Registry,
  StateSet,
  type MetricFamily,
  type MetricFamilyOptions,
} from 'narthex'
import { OPENMETRICS_TEXT_TYPE, WrittenBlocks, writeOpenMetricsText } from 'narthex/exposition'
import { readOpenMetrics } from './openmetrics-reader.ts'

const GAUGE = { name: 'x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 1 }] } as const

describe('O1: the exposition is plain UTF-8', () => {
  test('of a media type with its version and its character set', () => {
    expect(OPENMETRICS_TEXT_TYPE).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  })

  test('without byte order mark, blank line, or comments but those of the format', () => {
    const written = text(GAUGE, { ...GAUGE, name: 'y', samples: [] })
    expect(written).toBe('# TYPE x gauge\n# HELP x X.\nx 1\n# TYPE y gauge\n# HELP y X.\n# EOF\n')
  })
})

describe('O2: the last line is # EOF', () => {
  test('behind the families', () => {
    expect(text(GAUGE)).toBe('# TYPE x gauge\n# HELP x X.\nx 1\n# EOF\n')
  })

  test('and where there are none', () => {
    expect(text()).toBe('# EOF\n')
  })
})

test('O3: single spaces, and no comma behind the last label', () => {
  const sample = { labels: { a: 'x  y', b: '' }, value: 1, timestampMs: 1000 }
  expect(linesOf(text({ ...GAUGE, samples: [sample] }))).toEqual(['x{a="x  y",b=""} 1 1'])
})

describe('O4: metadata come once, before the samples', () => {
  test('in the order TYPE, UNIT, HELP', () => {
    expect(text({ ...GAUGE, name: 'x_seconds', unit: 'seconds' })).toBe(`# TYPE x_seconds gauge
# UNIT x_seconds seconds
# HELP x_seconds X.
x_seconds 1
# EOF
`)
  })

  test('and what is empty is absent', () => {
    expect(text({ ...GAUGE, help: '', unit: '' })).toBe('# TYPE x gauge\nx 1\n# EOF\n')
  })
})

test('O5: in a help, backslash, line feed and quote are escaped', () => {
  expect(text({ ...GAUGE, help: 'a\\b\nc"d', samples: [] })).toBe('# TYPE x gauge\n# HELP x a\\\\b\\nc\\"d\n# EOF\n')
})

test.each([
  ['that of the declaration', { ...GAUGE, name: 'x_seconds', unit: 'seconds' }, '# UNIT x_seconds seconds'],
  [
    'what a counter has before its _total',
    { ...GAUGE, type: 'counter', name: 'x_seconds_total', unit: 'seconds' },
    '# UNIT x_seconds seconds',
  ],
  ['not there where the name does not end with it', { ...GAUGE, name: 'x', unit: 'seconds' }, undefined],
  ['not there where it is a part of a word only', { ...GAUGE, name: 'milliseconds', unit: 'seconds' }, undefined],
  ['not there for an info', { ...GAUGE, type: 'info', name: 'x_seconds_info', unit: 'seconds' }, undefined],
] as const)('N7: the unit is %s', (_, family, line) => {
  const written = text(family)
  expect(written.split('\n').find((each) => each.startsWith('# UNIT'))).toBe(line)
})

describe('O6: metadata name the family without suffix, samples have that of its type (O7)', () => {
  test.each([
    ['counter', 'x_total', '# TYPE x counter\n# HELP x X.\nx_total 1\n# EOF\n'],
    ['gauge', 'x', '# TYPE x gauge\n# HELP x X.\nx 1\n# EOF\n'],
    ['gauge', 'x_total', '# TYPE x_total gauge\n# HELP x_total X.\nx_total 1\n# EOF\n'],
    ['info', 'x_info', '# TYPE x info\n# HELP x X.\nx_info 1\n# EOF\n'],
    ['unknown', 'x', '# TYPE x unknown\n# HELP x X.\nx 1\n# EOF\n'],
  ] as const)('of the %s %s', (type, name, written) => {
    expect(text({ ...GAUGE, type, name })).toBe(written)
  })

  test('of a summary, a histogram, a gauge histogram and a state set', () => {
    expect(text(SUMMARY, HISTOGRAM, { ...HISTOGRAM, type: 'gaugehistogram', name: 'g' }, STATE_SET))
      .toBe(`# TYPE s summary
# HELP s S.
s{quantile="0.5"} 2
s{quantile="0.99"} NaN
s{quantile="1.0"} 3.5
s_sum 6
s_count 3
# TYPE h histogram
# HELP h H.
h_bucket{a="1",le="0.5"} 1
h_bucket{a="1",le="10.0"} 3
h_bucket{a="1",le="+Inf"} 6
h_sum{a="1"} 2.5
h_count{a="1"} 6
# TYPE g gaugehistogram
# HELP g H.
g_bucket{a="1",le="0.5"} 1
g_bucket{a="1",le="10.0"} 3
g_bucket{a="1",le="+Inf"} 6
g_gsum{a="1"} 2.5
g_gcount{a="1"} 6
# TYPE state stateset
# HELP state State.
state{state="on"} 1
state{state="say \\"off\\""} 0
# EOF
`)
  })
})

test('O8: metrics whose samples would have the same name in this format cannot be registered together', () => {
  const registry = new Registry()
  registry.register(new Counter({ name: 'x', help: 'X.' }))
  expect(() => registry.register(new Histogram({ name: 'x', help: 'X.' }))).toThrow(
    expect.objectContaining({ code: 'NAME_CLASH' }),
  )
  registry.register(new Info({ name: 'y', help: 'Y.' }))
  expect(() => registry.register(new Histogram({ name: 'y', help: 'Y.' }))).toThrow(
    expect.objectContaining({ code: 'NAME_CLASH' }),
  )
})

describe('O9: a counter has one total', () => {
  test('from 0 on', () => {
    expect(linesOf(text(...new Counter({ name: 'x', help: 'X.' }).collect()))).toEqual(['x_total 0'])
  })

  test('whose suffix is put behind a name that lacks it, and behind one that is nothing else', () => {
    expect(linesOf(text({ ...GAUGE, type: 'counter' }))).toEqual(['x_total 1'])
    expect(text({ ...GAUGE, type: 'counter', name: '_total' })).toContain('# TYPE _total counter\n')
    expect(linesOf(text({ ...GAUGE, type: 'counter', name: '_total' }))).toEqual(['_total_total 1'])
  })
})

describe('O10: a histogram has cumulative buckets in ascending order, the last to +Inf', () => {
  test('and a count that equals it, and a sum', () => {
    const histogram = new Histogram({ name: 'x', help: 'X.', buckets: [0, 1] })
    for (const value of [0, 0.5, 7]) histogram.observe(value)
    expect(linesOf(text(...histogram.collect()))).toEqual([
      'x_bucket{le="0.0"} 1',
      'x_bucket{le="1.0"} 2',
      'x_bucket{le="+Inf"} 3',
      'x_sum 7.5',
      'x_count 3',
    ])
  })

  test('and neither with negative bounds: the sum is no counter then', () => {
    const histogram = new Histogram({ name: 'x', help: 'X.', labelNames: ['a'], buckets: [-1, 1] })
    for (const value of [-5, 0.5, 7]) histogram.observe({ a: '1' }, value)
    expect(linesOf(text(...histogram.collect()))).toEqual([
      'x_bucket{a="1",le="-1.0"} 1',
      'x_bucket{a="1",le="1.0"} 2',
      'x_bucket{a="1",le="+Inf"} 3',
    ])
  })
})

test('O11: a gauge histogram keeps its sum and its count with negative bounds, where the sum may be negative', () => {
  const value = {
    count: 2,
    sum: -5,
    buckets: [
      { upperBound: -1, count: 2 },
      { upperBound: Number.POSITIVE_INFINITY, count: 0 },
    ],
  }
  const family = {
    name: 'x',
    help: 'X.',
    type: 'gaugehistogram',
    upperBounds: [-1],
    samples: [{ labels: {}, value }],
  } as const
  expect(linesOf(text(family))).toEqual(['x_bucket{le="-1.0"} 2', 'x_bucket{le="+Inf"} 2', 'x_gsum -5', 'x_gcount 2'])
})

test('O12: the quantile of an empty window is NaN', () => {
  expect(linesOf(text(SUMMARY))[1]).toBe('s{quantile="0.99"} NaN')
})

test('O13: an info is 1; of a state set, one state is 1, under a label with the name of the family', () => {
  const info = new Info({ name: 'version', help: 'Version.' })
  info.set({ number: '1' })
  const state = new StateSet({ name: 'light', help: 'Light.', states: ['red', 'green'] })
  state.set('green')
  expect(linesOf(text(...info.collect(), ...state.collect()))).toEqual([
    'version_info{number="1"} 1',
    'light{light="red"} 0',
    'light{light="green"} 1',
  ])
})

test('O14: a timestamp is in seconds, and only there where a sample has one', () => {
  const times = [1_700_000_000_123, 1_700_000_000_000, -5, 0, 1.4, 8_640_000_000_000_000]
  const samples = times.map((timestampMs, i) => ({ labels: { i: String(i) }, value: 1, timestampMs }))
  expect(linesOf(text({ ...GAUGE, samples: [...samples, { labels: {}, value: 1 }] }))).toEqual([
    'x{i="0"} 1 1700000000.123',
    'x{i="1"} 1 1700000000',
    'x{i="2"} 1 -0.005',
    'x{i="3"} 1 0',
    'x{i="4"} 1 0.001',
    'x{i="5"} 1 8640000000000',
    'x 1',
  ])
})

test('O15: integers have no decimal point, other numbers have one or an exponent', () => {
  const values = [17, -3, 1.5, 1e21, 1e-7, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const samples = values.map((value, i) => ({ labels: { i: String(i) }, value }))
  expect(linesOf(text({ ...GAUGE, samples })).map((line) => line.split(' ')[1])).toEqual([
    '17',
    '-3',
    '1.5',
    '1e+21',
    '1e-7',
    '9007199254740992',
    'NaN',
    '+Inf',
    '-Inf',
  ])
})

test('O16: bounds and quantiles have the canonical text', () => {
  const bounds = [0, 1e-10, 1e-9, 1e-5, 0.0001, 0.001, 0.1, 0.9, 0.99, 1, 1.7, 10, 100_000, 1e6, 1_234_567.89, 1e10]
  const buckets = [...bounds.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY].map((upperBound) => ({
    upperBound,
    count: 0,
  }))
  const written = text({
    ...HISTOGRAM,
    upperBounds: buckets.slice(0, -1).map(({ upperBound }) => upperBound),
    samples: [{ labels: {}, value: { count: 0, sum: 0, buckets } }],
  })
  expect([...written.matchAll(/le="([^"]+)"/g)].map((match) => match[1])).toEqual([
    '0.0',
    '1e-10',
    '1e-09',
    '1e-05',
    '0.0001',
    '0.001',
    '0.1',
    '0.9',
    '0.99',
    '1.0',
    '1.7',
    '10.0',
    '100000.0',
    '1e+06',
    '1.23456789e+06',
    '1e+10',
    '+Inf',
  ])
})

describe('O17: exemplars', () => {
  const trace = { labels: { trace_id: 'a"b', span_id: 'ü' }, value: 0.25, timestampMs: 1_500 }

  test('stand behind the total of a counter and the buckets of a histogram', () => {
    const counter = {
      name: 'c',
      help: 'C.',
      type: 'counter',
      samples: [{ labels: {}, value: 1, exemplars: [trace] }],
    } as const
    const [sample] = HISTOGRAM.samples
    const exemplars = [trace, { labels: {}, value: Number.POSITIVE_INFINITY }]
    const histogram = { ...HISTOGRAM, samples: [{ ...sample, exemplars }] }
    expect(linesOf(text(counter, histogram))).toEqual([
      'c_total 1 # {trace_id="a\\"b",span_id="ü"} 0.25 1.5',
      'h_bucket{a="1",le="0.5"} 1 # {trace_id="a\\"b",span_id="ü"} 0.25 1.5',
      'h_bucket{a="1",le="10.0"} 3',
      'h_bucket{a="1",le="+Inf"} 6 # {} +Inf',
      'h_sum{a="1"} 2.5',
      'h_count{a="1"} 6',
    ])
  })

  test('have labels of 128 code points at most, names and values together', () => {
    const line = (length: number): string => {
      const exemplars = [{ labels: { a: '😱'.repeat(length - 1) }, value: 1 }]
      const counter = {
        name: 'c',
        help: 'C.',
        type: 'counter',
        samples: [{ labels: {}, value: 1, exemplars }],
      } as const
      return linesOf(text(counter))[0]!
    }
    expect(line(128)).toBe(`c_total 1 # {a="${'😱'.repeat(127)}"} 1`)
    expect(line(129)).toBe('c_total 1')
  })

  test('are taken from the last scrape as long as they are the same', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 200; i++) counter.inc({ i })
    const [family] = counter.collect() as [MetricFamily]
    const [chunk] = family.columns.chunks
    const rows = Array.from({ length: 200 }, (_, row) => (row % 50 === 0 ? [trace] : undefined))
    const scrape = (exemplars: typeof rows | undefined): MetricFamily => ({
      ...family,
      columns: { ...family.columns, chunks: [exemplars === undefined ? chunk! : { ...chunk!, exemplars }] },
    })
    const before = new WrittenBlocks()
    const other = rows.with(50, undefined).with(51, [{ ...trace, value: 2 }])
    for (const exemplars of [undefined, rows, rows, other, rows, undefined]) {
      expect(bytes([scrape(exemplars)], before).equals(bytes([scrape(exemplars)]))).toBe(true)
    }
  })
})

test('O7: on request, a line behind each series says when it began', () => {
  const samples = [
    { labels: { a: '1' }, value: 1, startTimestampMs: 1_500 },
    { labels: { a: '2' }, value: 2 },
  ]
  const counter = metricFamily({ name: 'c', help: 'C.', type: 'counter', samples })
  const [sample] = HISTOGRAM.samples
  const histogram = metricFamily({ ...HISTOGRAM, samples: [{ ...sample, startTimestampMs: 2_000 }] })
  const written = Buffer.concat([...writeOpenMetricsText([counter, histogram], { startTimestamps: true })])
  readOpenMetrics(written)
  expect(linesOf(written.toString())).toEqual([
    'c_total{a="1"} 1',
    'c_created{a="1"} 1.5',
    'c_total{a="2"} 2',
    'h_bucket{a="1",le="0.5"} 1',
    'h_bucket{a="1",le="10.0"} 3',
    'h_bucket{a="1",le="+Inf"} 6',
    'h_sum{a="1"} 2.5',
    'h_count{a="1"} 6',
    'h_created{a="1"} 2',
  ])
  expect(linesOf(text(counter))).toEqual(['c_total{a="1"} 1', 'c_total{a="2"} 2'])
})

test('O18: target_info comes first, and nothing else is moved', () => {
  const families = ['b', 'target_info', 'a'].map((name): MetricFamilyOptions => ({
    ...GAUGE,
    name,
    type: name === 'target_info' ? 'info' : 'gauge',
  }))
  expect(readOpenMetrics(bytes(families.map(metricFamily))).map(({ name }) => name)).toEqual(['target', 'b', 'a'])
})

test('O19: nothing is left out because it has not changed', () => {
  const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
  for (let i = 0; i < 1000; i++) counter.inc({ i }, i)
  const before = new WrittenBlocks()
  const first = bytes(counter.collect(), before)
  expect(readOpenMetrics(first)[0]!.samples).toHaveLength(1000)
  expect(bytes(counter.collect(), before).equals(first)).toBe(true)
})

const SUMMARY: MetricFamilyOptions = {
  name: 's',
  help: 'S.',
  type: 'summary',
  quantiles: [0.5, 0.99, 1],
  samples: [
    {
      labels: {},
      value: {
        count: 3,
        sum: 6,
        quantiles: [
          { quantile: 0.5, value: 2 },
          { quantile: 0.99, value: Number.NaN },
          { quantile: 1, value: 3.5 },
        ],
      },
    },
  ],
}

const HISTOGRAM = {
  name: 'h',
  help: 'H.',
  type: 'histogram',
  upperBounds: [0.5, 10],
  samples: [
    {
      labels: { a: '1' },
      value: {
        count: 6,
        sum: 2.5,
        buckets: [
          { upperBound: 0.5, count: 1 },
          { upperBound: 10, count: 2 },
          { upperBound: Number.POSITIVE_INFINITY, count: 3 },
        ],
      },
    },
  ],
} as const satisfies MetricFamilyOptions

const STATE_SET: MetricFamilyOptions = {
  name: 'state',
  help: 'State.',
  type: 'stateset',
  states: ['on', 'say "off"'],
  samples: [{ labels: {}, value: { on: true } }],
}

function bytes(families: readonly MetricFamily[], before?: WrittenBlocks): Buffer {
  return Buffer.concat([...writeOpenMetricsText(families, { before })])
}

/** Takes what is declared by hand, and what a metric collects. Held against a strict reader, whatever it is. */
function text(...families: readonly (MetricFamilyOptions | MetricFamily)[]): string {
  const written = bytes(families.map((family) => ('columns' in family ? family : metricFamily(family))))
  readOpenMetrics(written)
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(written)
}

/** The lines of samples. */
function linesOf(exposition: string): string[] {
  return exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}
