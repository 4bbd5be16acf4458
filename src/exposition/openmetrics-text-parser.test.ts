import { describe, expect, test } from 'vitest'
import { parseRefusal } from '../../test/parse-refusal.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import { OpenMetricsTextParser, parseOpenMetrics } from './openmetrics-text-parser.ts'

const strictly = (lines: string): string => parseRefusal(() => parseOpenMetrics(`${lines}# EOF\n`))
const leniently = (lines: string): string => parseRefusal(() => parseOpenMetrics(`${lines}# EOF\n`, { lenient: true }))

function seriesOf(families: readonly MetricFamily[]): unknown[] {
  return families.flatMap((family) => [...samplesOf(family)].map((sample) => ({ name: family.name, ...sample })))
}

function read(lines: string): unknown[] {
  return seriesOf(parseOpenMetrics(`${lines}# EOF\n`))
}

test('an exposition becomes families, in their order, with the names that they have in narthex', () => {
  const families = parseOpenMetrics(`# TYPE requests counter
# HELP requests Requests.
requests_total{method="GET"} 1027.0 1395066363.5
requests_created{method="GET"} 1395066000 1395066363.5
# TYPE latency_seconds gauge
# UNIT latency_seconds seconds
latency_seconds 0.5
# TYPE app info
app_info{version="1"} 1
load 0.25
# EOF
`)
  expect(families.map(({ name, type, help, unit, labelNames }) => [name, type, help, unit, labelNames])).toEqual([
    ['requests_total', 'counter', 'Requests.', '', ['method']],
    ['latency_seconds', 'gauge', '', 'seconds', []],
    ['app_info', 'info', '', '', ['version']],
    ['load', 'unknown', '', '', []],
  ])
  expect(seriesOf(families)).toEqual([
    {
      name: 'requests_total',
      labels: { method: 'GET' },
      value: 1027,
      startTimestampMs: 1_395_066_000_000,
      timestampMs: 1395066363500,
    },
    { name: 'latency_seconds', labels: {}, value: 0.5 },
    { name: 'app_info', labels: { version: '1' }, value: 1 },
    { name: 'load', labels: {}, value: 0.25 },
  ])
})

describe('O1: the lines', () => {
  test.each([
    ['a blank line', '\na 1\n', 'INVALID_LINE O1 1:1'],
    ['a comment', '# Comment\na 1\n', 'INVALID_LINE O1 1:3'],
    ['a carriage return', 'a 1\r\n', 'INVALID_VALUE T6 1:3'],
    ['a carriage return behind a type', '# TYPE a gauge\r\n', 'INVALID_TYPE O6 1:10'],
    ['a byte order mark', '\uFEFFa 1\n', 'INVALID_LINE O1 1:1'],
    ['a # alone', '#\n', 'INVALID_LINE O1 1:1'],
    ['a tab', 'a\t1\n', 'INVALID_LINE O3 1:2'],
  ])('have no %s, in lenient parsing neither', (_, lines, refusal) => {
    expect(strictly(lines)).toBe(refusal)
    expect(leniently(lines)).toBe(refusal)
  })

  test('are UTF-8', () => {
    expect(parseRefusal(() => parseOpenMetrics(Buffer.from('a{b="\xff"} 1\n', 'latin1')))).toBe('INVALID_UTF8 O1 1:6')
  })
})

describe('O2: the end', () => {
  test('is # EOF, with or without a line feed', () => {
    expect(parseOpenMetrics('# EOF')).toEqual([])
    expect(parseOpenMetrics('# EOF\n')).toEqual([])
  })

  test.each([
    ['', 'UNEXPECTED_END O2 1:1'],
    ['a 1\n', 'UNEXPECTED_END O2 2:1'],
    ['a 1', 'UNEXPECTED_END O2 1:4'],
    ['a 1\n# EO', 'INVALID_LINE O1 2:3'],
    ['# EOF ', 'INVALID_LINE O1 1:3'],
    ['# EOF\n\n', 'CONTENT_AFTER_END O2 2:1'],
    ['# EOF\na 1\n', 'CONTENT_AFTER_END O2 2:1'],
    ['# EOF\n# EOF', 'CONTENT_AFTER_END O2 2:1'],
  ])('is not %j', (text, refusal) => {
    expect(parseRefusal(() => parseOpenMetrics(text))).toBe(refusal)
    expect(parseRefusal(() => parseOpenMetrics(text, { lenient: true }))).toBe(refusal)
  })
})

describe('O3: a sample line', () => {
  test.each([
    'a 1',
    'a{} 1',
    'a{b="c"} 1',
    'a{b="c",d="e"} 1',
    'a 1 1',
    'a{b=" , } "} 1 -1.5e3',
    'a NaN',
    'a -Inf',
    'a{b="c\\d"} 1',
    'a{b="\r"} 1',
  ])('may be %s', (line) => {
    expect(strictly(`${line}\n`)).toBe('accepted')
  })

  test.each([
    [' a 1', 'INVALID_LINE O1'],
    ['a  1', 'INVALID_VALUE T6'],
    ['a 1 ', 'INVALID_TIMESTAMP O14'],
    ['a 1  1', 'INVALID_TIMESTAMP O14'],
    ['a 1 1 ', 'INVALID_LINE O3'],
    ['a 1 1 1', 'INVALID_LINE O3'],
    ['a {b="c"} 1', 'INVALID_VALUE T6'],
    ['a{b="c"}1', 'INVALID_LINE O3'],
    ['a{b="c",} 1', 'INVALID_LABELS O3'],
    ['a{ b="c"} 1', 'INVALID_LABELS O3'],
    ['a{b="c", d="e"} 1', 'INVALID_LABELS O3'],
    ['a{b = "c"} 1', 'INVALID_LABELS O3'],
    ['a', 'INVALID_LINE O3'],
    ['a 0x1', 'INVALID_VALUE T6'],
    ['1 1', 'INVALID_LINE O1'],
  ])('is not %j, in lenient parsing neither', (line, refusal) => {
    expect(strictly(`${line}\n`)).toMatch(new RegExp(`^${refusal} 1:`))
    expect(leniently(`${line}\n`)).toMatch(new RegExp(`^${refusal} 1:`))
  })

  test('a backslash before a character that it does not escape is a backslash', () => {
    expect(read('a{b="\\d\\\\\\n\\""} 1\n')).toMatchObject([{ labels: { b: '\\d\\\n"' } }])
  })
})

describe('O4: a family', () => {
  test.each([
    ['two HELP lines', '# HELP a A.\n# HELP a A.\n', 'DUPLICATE_METADATA O4 2:8'],
    ['two TYPE lines', '# TYPE a gauge\n# TYPE a gauge\n', 'DUPLICATE_METADATA O4 2:8'],
    ['two UNIT lines', '# UNIT a_b b\n# UNIT a_b b\n', 'DUPLICATE_METADATA O4 2:8'],
    ['a HELP behind its samples', 'a 1\n# HELP a A.\n', 'MISPLACED_METADATA O4 2:8'],
    ['a TYPE behind its samples', 'a 1\n# TYPE a gauge\n', 'MISPLACED_METADATA O4 2:8'],
    ['samples behind those of another', 'a 1\nb 1\na{c="d"} 1\n', 'INTERLEAVED O4 3:1'],
    ['metadata behind those of another', '# TYPE a gauge\n# TYPE b gauge\n# HELP a A.\n', 'INTERLEAVED O4 3:8'],
    [
      'a series behind another',
      '# TYPE a summary\na_count{b="x"} 1\na_count{b="y"} 1\na_sum{b="x"} 1\n',
      'INTERLEAVED O4 4:15',
    ],
    ['a series twice', 'a 1\na 1\n', 'DUPLICATE_SERIES T8 2:4'],
  ])('does not have %s, but in lenient parsing', (_, lines, refusal) => {
    expect(strictly(lines)).toBe(refusal)
    expect(leniently(lines)).toBe('accepted')
  })

  test('may have its metadata in any order, and empty ones', () => {
    const family = parseOpenMetrics('# HELP a_b A.\n# UNIT a_b b\n# TYPE a_b gauge\n# EOF\n')
    expect(parseOpenMetrics('# TYPE a_b gauge\n# UNIT a_b b\n# HELP a_b A.\n# EOF\n')).toEqual(family)
    expect(parseOpenMetrics('# HELP a \n# UNIT a \n# EOF\n')).toMatchObject([{ name: 'a', help: '', unit: '' }])
  })

  test.each([
    ['# HELP a', 'INVALID_LINE O3 1:9'],
    ['# HELP  a A.', 'INVALID_NAME O3 1:8'],
    ['#  HELP a A.', 'INVALID_LINE O1 1:3'],
    ['# TYPE a-b gauge', 'INVALID_LINE O3 1:9'],
  ])('has single spaces in its metadata: not %j', (line, refusal) => {
    expect(strictly(`${line}\n`)).toBe(refusal)
  })
})

describe('O5: a help text', () => {
  test('escapes backslash, line feed and quote', () => {
    expect(parseOpenMetrics('# HELP a  \\"A\\"\\\\\\n\\t \n# EOF\n')[0]!.help).toBe(' "A"\\\n\\t ')
  })

  test('has no quote without a backslash, but in lenient parsing', () => {
    expect(strictly('# HELP a x"y\n')).toBe('INVALID_ESCAPE O5 1:11')
    expect(parseOpenMetrics('# HELP a x"y\n# EOF\n', { lenient: true })[0]!.help).toBe('x"y')
  })
})

describe('O6: the types', () => {
  const TYPES = ['unknown', 'gauge', 'counter', 'stateset', 'info', 'histogram', 'gaugehistogram', 'summary']

  test.each(TYPES)('know %s', (type) => {
    expect(parseOpenMetrics(`# TYPE a ${type}\n# EOF\n`)).toMatchObject([{ type }])
  })

  test.each(['untyped', 'Gauge', 'gauge ', '', '__proto__'])('do not know %j', (type) => {
    expect(strictly(`# TYPE a ${type}\n`)).toBe('INVALID_TYPE O6 1:10')
  })
})

describe('O7: the suffixes', () => {
  test.each([
    ['counter', 'a 1'],
    ['info', 'a 1'],
    ['histogram', 'a 1'],
    ['gaugehistogram', 'a{le="+Inf"} 1'],
  ])('of a %s are needed: not %s', (type, line) => {
    expect(strictly(`# TYPE a ${type}\n${line}\n`)).toBe('INVALID_SAMPLE_NAME O7 2:1')
  })

  test('of another type begin another family', () => {
    expect(parseOpenMetrics('# TYPE a gauge\na 1\na_total 1\n# EOF\n').map(({ name, type }) => [name, type])).toEqual([
      ['a', 'gauge'],
      ['a_total', 'unknown'],
    ])
  })
})

test.each([
  ['# TYPE a counter\n# TYPE a_created gauge\n', 'a_created'],
  ['# TYPE a_total gauge\n# TYPE a counter\n', 'a_total'],
  ['# TYPE a summary\n# TYPE a_sum counter\n', 'a_sum'],
])('O8: no two families have one sample name: %j', (lines, name) => {
  expect(() => parseOpenMetrics(lines)).toThrow(`would both have the sample ${name}`)
})

describe('O9: a counter', () => {
  test.each(['-1', 'NaN', '-Inf'])('is not %s, but in lenient parsing', (value) => {
    expect(strictly(`# TYPE a counter\na_total ${value}\n`)).toMatch(/^INVALID_VALUE O9 2:/)
    expect(leniently(`# TYPE a counter\na_total ${value}\n`)).toBe('accepted')
  })

  test('has a value where it has a start timestamp', () => {
    expect(strictly('# TYPE a counter\na_created 1\n')).toBe('MISSING_SAMPLE O9 2:1')
  })

  test('has a start timestamp that is a number of seconds, once', () => {
    expect(strictly('# TYPE a counter\na_total 1\na_created NaN\n')).toMatch(/^INVALID_TIMESTAMP O14 3:/)
    expect(strictly('# TYPE a counter\na_total 1\na_created 1\na_created 1\n')).toMatch(/^DUPLICATE_SERIES T8 4:/)
  })
})

describe('O10: a histogram', () => {
  test('is one sample, with the count of each bucket alone', () => {
    const lines = `# TYPE a histogram
a_bucket{le="0.1"} 1
a_bucket{le="1.0"} 3
a_bucket{le="+Inf"} 3
a_count 3
a_sum 1.5
a_created 1395066363
`
    const buckets = [
      { upperBound: 0.1, count: 1 },
      { upperBound: 1, count: 2 },
      { upperBound: Number.POSITIVE_INFINITY, count: 0 },
    ]
    expect(read(lines)).toEqual([
      { name: 'a', labels: {}, value: { count: 3, sum: 1.5, buckets }, startTimestampMs: 1_395_066_363_000 },
    ])
  })

  test.each([
    ['no bucket to +Inf', 'a_bucket{le="1"} 1\n', 'MISSING_SAMPLE'],
    ['no bucket', 'a_count 1\na_sum 1\n', 'MISSING_SAMPLE'],
    ['a count without a sum', 'a_bucket{le="+Inf"} 1\na_count 1\n', 'MISSING_SAMPLE'],
    ['a sum without a count', 'a_bucket{le="+Inf"} 1\na_sum 1\n', 'MISSING_SAMPLE'],
    ['a count of its own', 'a_bucket{le="+Inf"} 1\na_count 2\na_sum 1\n', 'INVALID_BUCKETS'],
    [
      'a sum with negative buckets',
      'a_bucket{le="-1"} 1\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1\n',
      'INVALID_VALUE',
    ],
    ['a broken count', 'a_bucket{le="+Inf"} 1.5\n', 'INVALID_BUCKETS'],
    ['a count that is NaN', 'a_bucket{le="+Inf"} NaN\n', 'INVALID_BUCKETS'],
    [
      'buckets that do not ascend',
      'a_bucket{le="2"} 1\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 1\n',
      'INVALID_BUCKETS',
    ],
    ['counts that fall', 'a_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n', 'INVALID_BUCKETS'],
  ])('does not have %s, but in lenient parsing', (_, lines, code) => {
    expect(strictly(`# TYPE a histogram\n${lines}`)).toMatch(new RegExp(`^${code} (O10|T7) \\d+:`))
    expect(leniently(`# TYPE a histogram\n${lines}`)).toBe('accepted')
  })

  test('with negative buckets has neither sum nor count of its own', () => {
    const [sample] = read('# TYPE a histogram\na_bucket{le="-1.0"} 1\na_bucket{le="+Inf"} 3\n')
    expect(sample).toMatchObject({ value: { count: 3, sum: Number.NaN } })
  })
})

describe('O11: a gauge histogram', () => {
  const BUCKETS = '# TYPE a gaugehistogram\na_bucket{le="1.0"} 1\na_bucket{le="+Inf"} 3\n'

  test('is one sample', () => {
    expect(read(`${BUCKETS}a_gcount 3\na_gsum 5\n`)).toMatchObject([{ name: 'a', value: { count: 3, sum: 5 } }])
    expect(read(BUCKETS)).toMatchObject([{ value: { count: 3, sum: Number.NaN } }])
  })

  test('has both count and sum or none, and a negative sum only with negative buckets', () => {
    expect(strictly(`${BUCKETS}a_gcount 3\n`)).toBe('MISSING_SAMPLE O11 4:1')
    expect(strictly(`${BUCKETS}a_gcount 3\na_gsum -5\n`)).toBe('INVALID_VALUE O11 5:1')
    expect(strictly(`${BUCKETS.replace('1.0', '-1.0')}a_gcount 3\na_gsum -5\n`)).toBe('accepted')
  })
})

describe('O12: a summary', () => {
  test('is one sample, of which any part may be missing', () => {
    const lines = '# TYPE a summary\na{quantile="0.5"} NaN\na_count 2\na_sum 3\na_created 1\n'
    const quantiles = [{ quantile: 0.5, value: Number.NaN }]
    expect(read(lines)).toEqual([
      { name: 'a', labels: {}, value: { count: 2, sum: 3, quantiles }, startTimestampMs: 1000 },
    ])
    expect(read('# TYPE a summary\na_count 2\n')).toMatchObject([{ value: { count: 2, sum: Number.NaN } }])
  })

  test.each([
    ['a quantile outside 0 to 1', 'a{quantile="2"} 1\n', 'INVALID_QUANTILES O12'],
    ['a negative quantile', 'a{quantile="0.5"} -1\n', 'INVALID_QUANTILES O12'],
    ['a broken count', 'a_count 1.5\n', 'INVALID_VALUE O12'],
    ['a quantile twice', 'a{quantile="1"} 1\na{quantile="0"} 1\na{quantile="1"} 1\n', 'DUPLICATE_SERIES T8'],
  ])('does not have %s', (_, lines, refusal) => {
    expect(strictly(`# TYPE a summary\n${lines}`)).toMatch(new RegExp(`^${refusal} `))
  })
})

describe('O13: info and state set', () => {
  test('an info is 1, but in lenient parsing', () => {
    expect(strictly('# TYPE a info\na_info 2\n')).toMatch(/^INVALID_VALUE O13 2:/)
    expect(leniently('# TYPE a info\na_info 2\n')).toBe('accepted')
  })

  test('a state set is one sample', () => {
    expect(read('# TYPE a stateset\na{a="on"} 1\na{a="off"} 0\n')).toEqual([
      { name: 'a', labels: {}, value: { on: true, off: false } },
    ])
  })

  test.each([
    ['a number', 'a{a="on"} 2\n', 'INVALID_VALUE O13'],
    ['no state', 'a 1\n', 'INVALID_LABELS O13'],
    ['a state twice', 'a{a="on"} 1\na{a="on"} 1\n', 'DUPLICATE_SERIES T8'],
    ['a state less than others', 'a{b="x",a="on"} 1\na{b="y",a="on"} 1\na{b="y",a="off"} 1\n', 'INVALID_STATES O13'],
  ])('a state set does not have %s', (_, lines, refusal) => {
    expect(strictly(`# TYPE a stateset\n${lines}`)).toMatch(new RegExp(`^${refusal} `))
  })
})

describe('O14: timestamps', () => {
  test('are seconds', () => {
    expect(read('a 1 1395066363.001\n')).toMatchObject([{ timestampMs: 1395066363001 }])
  })

  test('ascend where a series has several points: the last one is the series', () => {
    expect(read('a 1 1\na 2 1.5\na 3 2\n')).toEqual([{ name: 'a', labels: {}, value: 3, timestampMs: 2000 }])
    const points = [1, 2].map((ts) => `a_bucket{le="1.0"} ${ts} ${ts}\na_bucket{le="+Inf"} ${ts + 1} ${ts}\n`)
    expect(read(`# TYPE a histogram\n${points.join('')}`)).toMatchObject([{ value: { count: 3 }, timestampMs: 2000 }])
  })

  test.each([
    'a 1 2\na 2 1\n',
    '# TYPE a summary\na_count 1 2\na_sum 1 1\n',
    '# TYPE a summary\na_count 1 2\na_sum 1\n',
  ])('do not fall, or come and go: %j', (lines) => {
    expect(strictly(lines)).toMatch(/^(INVALID_TIMESTAMP O14|DUPLICATE_SERIES T8) \d:/)
    expect(leniently(lines)).toBe('accepted')
  })

  test('a point that is followed by another is complete, too', () => {
    expect(strictly('# TYPE a histogram\na_bucket{le="1"} 1 1\na_bucket{le="+Inf"} 1 2\n')).toBe(
      'MISSING_SAMPLE O10 2:1',
    )
  })
})

describe('O17: an exemplar', () => {
  const counterWith = (exemplar: string): string => `# TYPE a counter\na_total 1 # ${exemplar}\n`

  test('comes with its sample', () => {
    const lines = `# TYPE a histogram
a_bucket{le="1.0"} 1 # {trace_id="x\\"y"} 0.5
a_bucket{le="+Inf"} 2 # {} 7 1.5
a_count 2
a_sum 7.5
`
    expect(read(lines)).toMatchObject([
      {
        exemplars: [
          { labels: { trace_id: 'x"y' }, value: 0.5 },
          { labels: {}, value: 7, timestampMs: 1500 },
        ],
      },
    ])
  })

  test.each(['{} 1', '{trace_id="x"} 0.5', '{a="b",c="d"} 1 1395066363.5', `{a="${'😱'.repeat(127)}"} 1`])(
    'may be %.40s',
    (exemplar) => {
      expect(strictly(counterWith(exemplar))).toBe('accepted')
    },
  )

  test.each([
    [`{a="${'😱'.repeat(128)}"} 1`, 'O17'],
    ['{a="b",a="c"} 1', 'N4'],
  ])('is not %.40s, but in lenient parsing', (exemplar, rule) => {
    expect(strictly(counterWith(exemplar))).toBe(`INVALID_EXEMPLAR ${rule} 2:11`)
    expect(leniently(counterWith(exemplar))).toBe('accepted')
  })

  test.each(['1', '{} x', '{}', '{} 1 x', '{} 1 1 1', '{}  1', '', '{a="b"'])('is never %j', (exemplar) => {
    expect(strictly(counterWith(exemplar))).toMatch(/^INVALID_\w+ \w+ 2:/)
    expect(leniently(counterWith(exemplar))).toMatch(/^INVALID_\w+ \w+ 2:/)
  })

  test('comes behind a timestamp', () => {
    expect(strictly('# TYPE a counter\na_total 1 5 # {} 1 6\n')).toBe('accepted')
  })

  test.each([
    ['# TYPE a gauge\na 1 # {} 1\n', '2:5'],
    ['# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1 # {} 1\n', '4:9'],
    ['# TYPE a histogram\na_bucket{le="1"} 1 # {} 2\n', '2:20'],
    ['# TYPE a histogram\na_bucket{le="1"} 1 # {} NaN\n', '2:20'],
  ])('belongs to a counter or into its bucket: not %j', (lines, place) => {
    expect(strictly(lines)).toBe(`INVALID_EXEMPLAR O17 ${place}`)
  })
})

describe('N7: a unit', () => {
  test.each([
    ['# UNIT a seconds\n', '1:8'],
    ['# UNIT seconds seconds\n', '1:8'],
    ['# UNIT aseconds seconds\n', '1:8'],
    ['# UNIT a_total_seconds s-\n', '1:25'],
  ])('ends the name, as Prometheus insists: not %j', (lines, place) => {
    expect(strictly(lines)).toBe(`INVALID_UNIT N7 ${place}`)
    expect(leniently(lines)).toBe(`INVALID_UNIT N7 ${place}`)
  })

  test.each(['info', 'stateset'])('is not of the type %s', (type) => {
    expect(strictly(`# TYPE a_b ${type}\n# UNIT a_b b\n`)).toBe('INVALID_UNIT N7 2:8')
    expect(strictly(`# UNIT a_b b\n# TYPE a_b ${type}\n`)).toBe('INVALID_UNIT N7 2:8')
  })
})

describe('T10: names in quotes', () => {
  test('mean what they mean without', () => {
    const quoted = parseOpenMetrics('# TYPE "a" gauge\n# HELP "a" A.\n{"a"} 1\n{"a","b"="c"} 2\n# EOF\n')
    expect(quoted).toEqual(parseOpenMetrics('# TYPE a gauge\n# HELP a A.\na 1\na{b="c"} 2\n# EOF\n'))
  })

  test('may be any text', () => {
    const [family] = parseOpenMetrics(
      '# TYPE "a.b" counter\n# HELP "a.b" A.\n{"a.b_total","c d"="e"} 1 # {"f\\ng"="h"} 1.0\n# EOF\n',
    )
    expect(family).toMatchObject({ name: 'a.b_total', type: 'counter', labelNames: ['c d'] })
    expect([...samplesOf(family!)]).toEqual([
      { labels: { 'c d': 'e' }, value: 1, exemplars: [{ labels: { 'f\ng': 'h' }, value: 1 }] },
    ])
  })

  test.each(['{""} 1\n', '# TYPE "" gauge\n', 'a{""="d"} 1\n'])('but not nothing: %j', (lines) => {
    expect(strictly(lines)).toMatch(/^INVALID_NAME T10 1:/)
    expect(leniently(lines)).toMatch(/^INVALID_NAME T10 1:/)
  })

  test('name a metric first; lenient parsing takes it anywhere, as Prometheus does', () => {
    expect(strictly('{b="c","a.b"} 1\n')).toBe('INVALID_LABELS O3 1:13')
    expect(leniently('{b="c","a.b"} 1\n')).toBe('accepted')
    expect(leniently('{"a.b","c.d"} 1\n')).toBe('INVALID_LABELS O3 1:13')
  })
})

test('a stream of chunks gives a promise', async () => {
  async function* arriving(): AsyncGenerator<string> {
    yield await Promise.resolve('a 1\n# E')
    yield 'OF'
  }
  expect(await parseOpenMetrics(arriving())).toEqual(parseOpenMetrics('a 1\n# EOF'))
})

test('a parser that was written to chunk by chunk gives the families at the end', () => {
  const parser = new OpenMetricsTextParser()
  for (const character of 'a{b="c"} 1\n# EOF\n') parser.write(character)
  expect(parser.end()).toEqual(parseOpenMetrics('a{b="c"} 1\n# EOF\n'))
})
