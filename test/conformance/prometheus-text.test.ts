import { describe, expect, test } from 'vitest'
import { Counter, metricFamily, type MetricFamilyOptions, type MetricType, type Sample } from 'narthex'
import { PROMETHEUS_TEXT_TYPE, writePrometheusText } from 'narthex/exposition'
import { readText } from './text-reader.ts'

type GaugeOptions = Extract<MetricFamilyOptions, { samples: readonly Sample<number>[] }>

const HISTOGRAM: MetricFamilyOptions = {
  name: 'x',
  help: 'X.',
  type: 'histogram',
  upperBounds: [-1, 0.5, 1e6],
  samples: [
    {
      labels: { a: '1' },
      value: {
        count: 10,
        sum: 2.5,
        buckets: [
          { upperBound: -1, count: 1 },
          { upperBound: 0.5, count: 2 },
          { upperBound: 1e6, count: 3 },
          { upperBound: Number.POSITIVE_INFINITY, count: 4 },
        ],
      },
    },
  ],
}

test('T1: the media type is text/plain, version 0.0.4, in UTF-8', () => {
  expect(PROMETHEUS_TEXT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8')
})

describe('T2: lines end with a line feed', () => {
  test('also the last one', () => {
    expect(text(gauge({ value: 1 }))).toBe('# HELP x X.\n# TYPE x gauge\nx 1\n')
  })

  test('and no text breaks a line: not in a help, not in a label', () => {
    const written = text({ ...gauge({ labels: { a: 'one\ntwo\r\nthree' }, value: 1 }), help: 'one\ntwo\r\nthree' })
    expect(written).toBe('# HELP x one\\ntwo\r\\nthree\n# TYPE x gauge\nx{a="one\\ntwo\r\\nthree"} 1\n')
  })

  test('and nothing is written of no families', () => {
    expect(text()).toBe('')
  })
})

describe('T3: only the types that the format knows are written', () => {
  test.each<[MetricType, string]>([
    ['counter', 'counter'],
    ['gauge', 'gauge'],
    ['info', 'gauge'],
    ['unknown', 'untyped'],
  ])('%s as %s', (type, written) => {
    expect(text({ ...gauge({ value: 1 }), type } as GaugeOptions)).toBe(`# HELP x X.\n# TYPE x ${written}\nx 1\n`)
  })

  test('a state set as a gauge, its states as the values of a label of its own name', () => {
    const written = text({
      name: 'x',
      help: 'X.',
      type: 'stateset',
      states: ['on', '"off"\n'],
      samples: [
        { labels: {}, value: { on: true } },
        { labels: { a: '1' }, value: { on: false, '"off"\n': true } },
      ],
    })
    expect(written).toBe(`# HELP x X.
# TYPE x gauge
x{x="on"} 1
x{x="\\"off\\"\\n"} 0
x{a="1",x="on"} 0
x{a="1",x="\\"off\\"\\n"} 1
`)
  })

  test('a gauge histogram as a histogram', () => {
    expect(text({ ...HISTOGRAM, type: 'gaugehistogram' })).toBe(text(HISTOGRAM))
  })
})

describe('T4: a family is one HELP, one TYPE, and then all its samples', () => {
  test('and its name is that of its samples: a counter has its _total in it, an info its _info', () => {
    const families = [
      { ...gauge({ value: 1 }), name: 'x_total', type: 'counter' as const },
      { ...gauge({ labels: { version: '1' }, value: 1 }), name: 'y_info', type: 'info' as const },
    ]
    expect(text(...families)).toBe(`# HELP x_total X.
# TYPE x_total counter
x_total 1
# HELP y_info X.
# TYPE y_info gauge
y_info{version="1"} 1
`)
  })

  test('and is there without samples, too', () => {
    expect(text(gauge())).toBe('# HELP x X.\n# TYPE x gauge\n')
  })
})

describe('T5: escapes', () => {
  test('in a help: backslash and line feed, but no quote', () => {
    expect(text({ ...gauge(), help: 'a "quoted" \\n\nhelp' })).toBe(
      '# HELP x a "quoted" \\\\n\\nhelp\n# TYPE x gauge\n',
    )
  })

  test('in a label value: backslash, line feed and quote', () => {
    expect(text(gauge({ labels: { a: 'C:\\DIR "x"\n', b: 'é😱\u2028' }, value: 1 }))).toContain(
      'x{a="C:\\\\DIR \\"x\\"\\n",b="é😱\u2028"} 1\n',
    )
  })

  test('none for a lone surrogate: it is written as U+FFFD, in help and label alike', () => {
    const written = text({ ...gauge({ labels: { a: 'a\uD800b' }, value: 1 }), help: 'a\uDC00b' })
    expect(written).toBe('# HELP x a\uFFFDb\n# TYPE x gauge\nx{a="a\uFFFDb"} 1\n')
  })

  test.each([
    ['x', 'x'],
    ['"', '\\"'],
    ['\\', '\\\\'],
    ['\n', '\\n'],
    ['é', 'é'],
    ['😱', '😱'],
    ['\uD800', '\uFFFD'],
  ])('a megabyte of %j as a label value, on every line of a histogram', (unit, written) => {
    const units = 2 ** 20 / unit.length
    const [sample] = HISTOGRAM.samples
    const options = { ...HISTOGRAM, samples: [{ ...sample, labels: { a: unit.repeat(units) } }] } as MetricFamilyOptions
    const expected = text(HISTOGRAM).replaceAll('a="1"', `a="${written.repeat(units)}"`)
    expect(text(options) === expected).toBe(true)
  })
})

describe('T6: values and timestamps', () => {
  test('are numbers as Go reads them', () => {
    const values = [
      0,
      -0,
      1.5,
      -3,
      1e21,
      1e-7,
      2 ** 53,
      123_456_789_012,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]
    const samples = values.map((value, i) => ({ labels: { i: String(i) }, value }))
    expect(text({ ...gauge(), samples })).toBe(`# HELP x X.
# TYPE x gauge
x{i="0"} 0
x{i="1"} 0
x{i="2"} 1.5
x{i="3"} -3
x{i="4"} 1e+21
x{i="5"} 1e-7
x{i="6"} 9007199254740992
x{i="7"} 123456789012
x{i="8"} NaN
x{i="9"} +Inf
x{i="10"} -Inf
`)
  })

  test('a timestamp is a number of milliseconds, and only there where a sample has one', () => {
    const samples = [
      { labels: { i: '0' }, value: 1, timestampMs: 1_700_000_000_123 },
      { labels: { i: '1' }, value: 1, timestampMs: -5 },
      { labels: { i: '2' }, value: 1, timestampMs: 0 },
      { labels: { i: '3' }, value: 1 },
      { labels: { i: '4' }, value: 1, timestampMs: 1.5 },
    ]
    expect(text({ ...gauge(), samples })).toBe(`# HELP x X.
# TYPE x gauge
x{i="0"} 1 1700000000123
x{i="1"} 1 -5
x{i="2"} 1 0
x{i="3"} 1
x{i="4"} 1 2
`)
  })
})

describe('T7: composite values', () => {
  test('a histogram has cumulative buckets in ascending order, one to +Inf that is its count, and a sum', () => {
    expect(text(HISTOGRAM)).toBe(`# HELP x X.
# TYPE x histogram
x_bucket{a="1",le="-1"} 1
x_bucket{a="1",le="0.5"} 3
x_bucket{a="1",le="1e+06"} 6
x_bucket{a="1",le="+Inf"} 10
x_sum{a="1"} 2.5
x_count{a="1"} 10
`)
  })

  test('a summary has its quantiles in ascending order, a sum and a count', () => {
    const written = text({
      name: 'x',
      help: 'X.',
      type: 'summary',
      quantiles: [0, 0.5, 0.999],
      samples: [
        {
          labels: {},
          value: {
            count: 3,
            sum: 6,
            quantiles: [
              { quantile: 0, value: 1 },
              { quantile: 0.5, value: 2 },
              { quantile: 0.999, value: Number.NaN },
            ],
          },
        },
      ],
    })
    expect(written).toBe(`# HELP x X.
# TYPE x summary
x{quantile="0"} 1
x{quantile="0.5"} 2
x{quantile="0.999"} NaN
x_sum 6
x_count 3
`)
  })

  test('a timestamp stands behind each line of the sample', () => {
    const [sample] = HISTOGRAM.samples
    const written = text({ ...HISTOGRAM, samples: [{ ...sample, timestampMs: 5 }] } as MetricFamilyOptions)
    expect(written.match(/ 5$/gm)).toHaveLength(6)
  })
})

describe('T8: every series is there once', () => {
  test('and those that differ in a label being absent are different ones', () => {
    const samples = [
      { labels: { a: '1', b: '2' }, value: 1 },
      { labels: { b: '2' }, value: 2 },
      { labels: { a: '1' }, value: 3 },
      { labels: {}, value: 4 },
    ]
    expect(text({ ...gauge(), samples })).toBe(`# HELP x X.
# TYPE x gauge
x{a="1",b="2"} 1
x{b="2"} 2
x{a="1"} 3
x 4
`)
  })

  test('and one that was removed is not there at all', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 100; i++) counter.inc({ i })
    for (let i = 0; i < 100; i++) if (i % 10 !== 0) counter.remove({ i })
    const [family] = readText(
      [...writePrometheusText(counter.collect())].map((block) => new TextDecoder().decode(block)).join(''),
    )
    expect(family!.samples.map(({ labels }) => labels[0]![1])).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
    ])
  })
})

describe('T9: what the format does not know is not written', () => {
  test('no unit', () => {
    const written = text({
      name: 'x_seconds',
      help: 'X.',
      unit: 'seconds',
      type: 'gauge',
      samples: [{ labels: {}, value: 1 }],
    })
    expect(written).toBe('# HELP x_seconds X.\n# TYPE x_seconds gauge\nx_seconds 1\n')
  })

  test('no time of creation, no exemplar, no end mark: every line is HELP, TYPE or a sample', () => {
    const counter = new Counter({ name: 'x', help: 'X.', unit: '' })
    counter.inc()
    expect([...writePrometheusText(counter.collect())].map((block) => new TextDecoder().decode(block)).join('')).toBe(
      '# HELP x_total X.\n# TYPE x_total counter\nx_total 1\n',
    )
  })
})

function gauge(...samples: { labels?: Record<string, string>; value: number }[]): GaugeOptions {
  return { name: 'x', help: 'X.', type: 'gauge', samples: samples.map(({ labels = {}, value }) => ({ labels, value })) }
}

function bytes(...families: readonly MetricFamilyOptions[]): Uint8Array {
  return Buffer.concat([...writePrometheusText(families.map(metricFamily))])
}

function text(...families: readonly MetricFamilyOptions[]): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes(...families))
}
