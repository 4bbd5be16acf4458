import { describe, expect, test } from 'vitest'
import { parseRefusal } from '../../test/parse-refusal.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import { ParseError } from './parse-error.ts'
import { parseText, PrometheusTextParser } from './prometheus-text-parser.ts'

const strictly = (text: string): string => parseRefusal(() => parseText(text))
const leniently = (text: string): string => parseRefusal(() => parseText(text, { lenient: true }))

/** `name type {labels} value @timestamp`, series by series. */
function seriesOf(families: readonly MetricFamily[]): unknown[] {
  return families.flatMap((family) =>
    [...samplesOf(family)].map(({ labels, value, timestampMs }) =>
      timestampMs === undefined ? [family.name, labels, value] : [family.name, labels, value, timestampMs],
    ),
  )
}

test('an exposition becomes families, in their order', () => {
  const families = parseText(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{method="GET",code="200"} 1027 1395066363000
requests_total{method="GET",code="400"} 3 1395066363000

# Nothing of meaning.
# TYPE temperature gauge
temperature -3.5e1
load 0.5
`)
  expect(families.map(({ name, type, help, unit, labelNames }) => [name, type, help, unit, labelNames])).toEqual([
    ['requests_total', 'counter', 'Requests.', '', ['method', 'code']],
    ['temperature', 'gauge', '', '', []],
    ['load', 'unknown', '', '', []],
  ])
  expect(seriesOf(families)).toEqual([
    ['requests_total', { method: 'GET', code: '200' }, 1027, 1395066363000],
    ['requests_total', { method: 'GET', code: '400' }, 3, 1395066363000],
    ['temperature', {}, -35],
    ['load', {}, 0.5],
  ])
})

test('an exposition of nothing has no families', () => {
  expect(parseText('')).toEqual([])
  expect(parseText('\n \n\t\n#\n# \n')).toEqual([])
})

describe('T2: lines end with a line feed', () => {
  test('the last one, too', () => {
    expect(strictly('a 1')).toBe('UNEXPECTED_END T2 1:4')
    expect(leniently('a 1')).toBe('accepted')
  })

  test.each(['# TYPE a gauge\r\na 1\r\n', 'a 1\r\n'])('and not with a carriage return before it: %j', (text) => {
    expect(strictly(text)).toMatch(/^INVALID_LINE T2 1:/)
    expect(leniently(text)).toMatch(/^INVALID_LINE T2 1:/)
  })

  test('a carriage return is a character of a help text and of a label value like any other', () => {
    const [family] = parseText('# HELP a \r\na{b="\r"} 1\n')
    expect(family!.help).toBe('\r')
    expect(seriesOf([family!])).toEqual([['a', { b: '\r' }, 1]])
  })
})

describe('T3: the types', () => {
  test('are counter, gauge, histogram, summary and untyped', () => {
    const text = ['counter', 'gauge', 'histogram', 'summary', 'untyped'].map((type) => `# TYPE ${type} ${type}\n`)
    expect(parseText(text.join('')).map(({ type }) => type)).toEqual([
      'counter',
      'gauge',
      'histogram',
      'summary',
      'unknown',
    ])
  })

  test.each(['unknown', 'info', 'Gauge', 'gauge2', ''])('and not %j', (type) => {
    expect(strictly(`# TYPE a ${type}\n`)).toMatch(/^INVALID_TYPE T3 1:/)
    expect(leniently(`# TYPE a ${type}\n`)).toMatch(/^INVALID_TYPE T3 1:/)
  })

  test('nothing follows the type', () => {
    expect(strictly('# TYPE a gauge histogram\n')).toBe('INVALID_LINE T4 1:16')
  })
})

describe('T4: HELP and TYPE', () => {
  test.each([
    ['two HELP lines', '# HELP a A.\n# HELP a A.\n', 'DUPLICATE_METADATA T4 2:8'],
    ['two TYPE lines', '# TYPE a gauge\n# TYPE a gauge\n', 'DUPLICATE_METADATA T4 2:8'],
    ['a TYPE behind samples', 'a 1\n# TYPE a gauge\n', 'MISPLACED_METADATA T4 2:8'],
    ['a sample behind those of another name', 'a 1\nb 1\na{c="d"} 1\n', 'INTERLEAVED T4 3:1'],
    ['a HELP behind samples of another name', 'a 1\nb 1\n# HELP a A.\n', 'INTERLEAVED T4 3:8'],
    ['names that meet', 'a_count 1\n# TYPE a histogram\n', 'NAME_CLASH O8 2:8'],
  ])('strict parsing refuses %s, lenient parsing does not', (_, text, refusal) => {
    expect(strictly(text)).toBe(refusal)
    expect(leniently(text)).toBe('accepted')
  })

  test('come in either order, and HELP even behind the samples', () => {
    expect(parseText('# TYPE a gauge\n# HELP a A.\na 1\n')).toEqual(parseText('# HELP a A.\n# TYPE a gauge\na 1\n'))
    expect(parseText('# TYPE a gauge\na 1\n# HELP a A.\n')).toEqual(parseText('# HELP a A.\n# TYPE a gauge\na 1\n'))
  })

  test('a comment that begins with neither has no meaning', () => {
    expect(parseText('# HELPER\n# type a gauge\n## TYPE a b\n#EOF\n')).toEqual([])
  })

  test('need no blank behind the #', () => {
    expect(parseText('#TYPE a gauge\n').map(({ type }) => type)).toEqual(['gauge'])
  })

  test.each([
    ['# HELP\n', '1:7'],
    ['# TYPE\n', '1:7'],
    ['# HELP 1a A.\n', '1:8'],
    ['# TYPE a-b gauge\n', '1:9'],
  ])('name a metric: %j does not', (text, place) => {
    expect(strictly(text)).toBe(`INVALID_NAME T4 ${place}`)
  })

  test('in lenient parsing a TYPE behind the samples changes nothing, and families that come again go on', () => {
    const families = parseText('a 1\n# TYPE a histogram\nb 2\na{c="d"} 3\n', { lenient: true })
    expect(families.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'unknown'],
      ['b', 'unknown'],
    ])
    expect(seriesOf(families)).toEqual([
      ['a', {}, 1],
      ['a', { c: 'd' }, 3],
      ['b', {}, 2],
    ])
  })

  test('in lenient parsing a sample stays with the family that had its name first, whatever the other turns out to be', () => {
    const text = '# TYPE a histogram\na_bucket{le="+Inf"} 3\na_sum 1\n# TYPE a_count gauge\na_count 3\n'
    const families = parseText(text, { lenient: true })
    expect(families.map((family) => [family.name, [...samplesOf(family)].length])).toEqual([
      ['a', 1],
      ['a_count', 0],
    ])
  })

  test('in lenient parsing a name that another family would use, and then does not, is a family of its own', () => {
    const text = '# TYPE a histogram\n# TYPE a_count gauge\n# TYPE a gauge\na_count 1\n'
    expect(parseText(text, { lenient: true })).toMatchObject([
      { name: 'a', type: 'gauge', columns: { rowCount: 0 } },
      { name: 'a_count', type: 'gauge', columns: { rowCount: 1 } },
    ])
  })
})

describe('T5: escapes', () => {
  test('of a help text are backslash and line feed; all else is text, blanks too', () => {
    expect(parseText('# HELP a  "A" \\\\ \\n \n')[0]!.help).toBe(' "A" \\ \n ')
  })

  test('of a label value are backslash, line feed and quote', () => {
    expect(seriesOf(parseText(String.raw`a{b="\\\"\n",c="C:\\n"} 1` + '\n'))).toEqual([
      ['a', { b: '\\"\n', c: 'C:\\n' }, 1],
    ])
  })

  test.each([
    ['# HELP a \\q\n', 'INVALID_ESCAPE T5 1:10', '\\q'],
    ['# HELP a "\\"\n', 'INVALID_ESCAPE T5 1:11', '"\\"'],
    ['# HELP a x\\\n', 'INVALID_ESCAPE T5 1:11', 'x\\'],
  ])('others are refused in the help %j, but not in lenient parsing', (text, refusal, help) => {
    expect(strictly(text)).toBe(refusal)
    expect(parseText(text, { lenient: true })[0]!.help).toBe(help)
  })

  test('others are refused in a label value, but not in lenient parsing', () => {
    expect(strictly('a{b="x\\t"} 1\n')).toBe('INVALID_ESCAPE T5 1:7')
    expect(seriesOf(parseText('a{b="x\\t"} 1\n', { lenient: true }))).toEqual([['a', { b: 'x\\t' }, 1]])
  })

  test('blanks may stand between tokens, and a comma behind the last label', () => {
    const loose = '  # \tTYPE  a\t gauge \n \ta {\tb = "c" ,d="e" , }\t1  2\t\n'
    expect(seriesOf(parseText(loose))).toEqual([['a', { b: 'c', d: 'e' }, 1, 2]])
    expect(seriesOf(parseText('a{b="c"}1\n'))).toEqual([['a', { b: 'c' }, 1]])
    expect(seriesOf(parseText('a{} 1\n'))).toEqual([['a', {}, 1]])
  })

  test.each([
    ['a{b="c"', 'INVALID_LABELS T5 1:8'],
    ['a{b="c', 'INVALID_LABELS T5 1:5'],
    ['a{b="c\\"} 1', 'INVALID_LABELS T5 1:5'],
    ['a{b=c} 1', 'INVALID_LABELS T5 1:5'],
    ['a{b} 1', 'INVALID_LABELS T5 1:4'],
    ['a{,} 1', 'INVALID_LABELS T5 1:3'],
    ['a{b="c",,} 1', 'INVALID_LABELS T5 1:9'],
    ['a{b="c" d="e"} 1', 'INVALID_LABELS T5 1:9'],
    ['a{1="c"} 1', 'INVALID_LABELS T5 1:3'],
    ['a{b:c="d"} 1', 'INVALID_LABELS T5 1:4'],
  ])('labels are closed, quoted and separate: %s', (line, refusal) => {
    expect(strictly(`${line}\n`)).toBe(refusal)
    expect(leniently(`${line}\n`)).toBe(refusal)
  })
})

describe('T6: a sample', () => {
  test.each([
    ['a', 'INVALID_LINE T4 1:1'],
    ['a ', 'INVALID_VALUE T6 1:3'],
    ['a+1', 'INVALID_LINE T4 1:1'],
    ['a b', 'INVALID_VALUE T6 1:3'],
    ['1a 1', 'INVALID_LINE T4 1:1'],
    ['a-b 1', 'INVALID_LINE T4 1:1'],
    ['a{b="c"} {} 1', 'INVALID_VALUE T6 1:10'],
    ['a 1 x', 'INVALID_TIMESTAMP T6 1:5'],
    ['a 1 1.5', 'INVALID_TIMESTAMP T6 1:5'],
    ['a 1 2 3', 'INVALID_LINE T4 1:7'],
    ['a 1 # {} 1', 'INVALID_TIMESTAMP T6 1:5'],
    ['{} 1', 'INVALID_LINE T4 1:1'],
    ['\uFEFFa 1', 'INVALID_LINE T4 1:1'],
  ])('has a name, a value and perhaps a timestamp: %s', (line, refusal) => {
    expect(strictly(`${line}\n`)).toBe(refusal)
    expect(leniently(`${line}\n`)).toBe(refusal)
  })

  test('says in its error what was found, and where', () => {
    expect(() => parseText('a 1\nb one\n')).toThrow(
      new ParseError('INVALID_VALUE', '"one" is no number', { rule: 'T6', line: 2, column: 3 }),
    )
    expect(() => parseText('a 1\nb one\n')).toThrow(/^Line 2, column 3: "one" is no number \(T6\)$/)
  })
})

describe('T7: a histogram', () => {
  const HISTOGRAM = `# TYPE a histogram
a_bucket{b="x",le="0.1"} 1
a_bucket{b="x",le="1"} 3
a_bucket{b="x",le="+Inf"} 3
a_sum{b="x"} 1.5
a_count{b="x"} 3
`

  test('is one sample, with the count of each bucket alone', () => {
    const [family] = parseText(HISTOGRAM)
    expect(family).toMatchObject({ name: 'a', type: 'histogram', upperBounds: [0.1, 1], labelNames: ['b'] })
    const buckets = [
      { upperBound: 0.1, count: 1 },
      { upperBound: 1, count: 2 },
      { upperBound: Number.POSITIVE_INFINITY, count: 0 },
    ]
    expect(seriesOf([family!])).toEqual([['a', { b: 'x' }, { count: 3, sum: 1.5, buckets }]])
  })

  test('may tell its series line by line in turn, and its labels in any order', () => {
    const text = `# TYPE a histogram
a_bucket{b="x",le="+Inf",c="y"} 1
a_bucket{le="+Inf"} 2
a_sum{c="y",b="x"} 3
a_count{c="y",b="x"} 1
a_count 2
a_sum 4
`
    expect(seriesOf(parseText(text)).map((each) => (each as unknown[])[2])).toMatchObject([
      { count: 1, sum: 3 },
      { count: 2, sum: 4 },
    ])
  })

  test('needs no sum: then it is NaN', () => {
    expect(seriesOf(parseText(HISTOGRAM.replace(/a_sum.*\n/, '')))).toMatchObject([
      ['a', { b: 'x' }, { sum: Number.NaN }],
    ])
  })

  test.each([
    ['no bucket to +Inf', /.*\+Inf.*\n/, '', 'MISSING_SAMPLE T7 5:1'],
    ['no count', /a_count.*\n/, '', 'MISSING_SAMPLE T7 5:1'],
    ['another count than its bucket to +Inf', 'a_count{b="x"} 3', 'a_count{b="x"} 4', 'INVALID_BUCKETS T7 6:1'],
    ['buckets that do not ascend', 'le="1"', 'le="0.01"', 'INVALID_BUCKETS T7 3:24'],
    ['a bucket twice', 'le="1"', 'le="1e-1"', 'DUPLICATE_SERIES T8 3:24'],
    ['buckets that are not cumulative', '0.1"} 1', '0.1"} 4', 'INVALID_BUCKETS T7 3:25'],
    ['a negative bucket', '0.1"} 1', '0.1"} -1', 'INVALID_BUCKETS T7 2:28'],
    ['two timestamps', 'a_count{b="x"} 3', 'a_count{b="x"} 3 5', 'INVALID_TIMESTAMP T8 6:19'],
  ])('does not have %s, but in lenient parsing', (_, from, to, refusal) => {
    const text = HISTOGRAM.replace(from, to)
    expect(text).not.toBe(HISTOGRAM)
    expect(strictly(text).replace(/:\d+$/, '')).toBe(refusal.replace(/:\d+$/, ''))
    expect(leniently(text)).toBe('accepted')
  })

  test.each([
    ['a bucket without le', ',le="1"', '', 'INVALID_LABELS'],
    ['a bound that is no number', 'le="1"', 'le="one"', 'INVALID_BUCKETS'],
    ['a bound that is NaN', 'le="1"', 'le="NaN"', 'INVALID_BUCKETS'],
    ['a sum with le', 'a_sum{', 'a_sum{le="1",', 'INVALID_LABELS'],
    ['a sample without suffix', 'a_sum{', 'a{', 'INVALID_SAMPLE_NAME'],
    ['two bounds on a line', 'le="1"', 'le="1",le="1"', 'DUPLICATE_LABEL_NAME'],
  ])('does not have %s', (_, from, to, code) => {
    const text = HISTOGRAM.replace(from, to)
    expect(strictly(text)).toMatch(new RegExp(`^${code} `))
    expect(leniently(text)).toMatch(new RegExp(`^${code} `))
  })

  test('has the same buckets in all series, as families have; in lenient parsing the others hold nothing', () => {
    const text = `# TYPE a histogram
a_bucket{b="x",le="1"} 1
a_bucket{b="x",le="+Inf"} 3
a_count{b="x"} 3
a_bucket{b="y",le="2"} 1
a_bucket{b="y",le="+Inf"} 3
a_count{b="y"} 3
`
    expect(strictly(text)).toBe('INVALID_BUCKETS narthex 4:1')
    const counts = seriesOf(parseText(text, { lenient: true })).map((each) =>
      ((each as unknown[])[2] as { buckets: { count: number }[] }).buckets.map(({ count }) => count),
    )
    expect(counts).toEqual([
      [1, 0, 2],
      [0, 1, 2],
    ])
  })

  test('without series is a family all the same', () => {
    expect(parseText('# TYPE a histogram\n')).toMatchObject([{ type: 'histogram', upperBounds: [] }])
  })
})

describe('T7: a summary', () => {
  test('is one sample', () => {
    const [family] = parseText('# TYPE a summary\na{quantile="0.5"} 1\na{quantile="1"} NaN\na_sum 3\na_count 2\n')
    expect(family).toMatchObject({ type: 'summary', quantiles: [0.5, 1] })
    const quantiles = [
      { quantile: 0.5, value: 1 },
      { quantile: 1, value: Number.NaN },
    ]
    expect(seriesOf([family!])).toEqual([['a', {}, { count: 2, sum: 3, quantiles }]])
  })

  test('may lack any part: it is NaN then', () => {
    const text = '# TYPE a summary\na_count{b="x"} 2\na{b="y",quantile="0.5"} 1\n'
    expect(seriesOf(parseText(text))).toEqual([
      ['a', { b: 'x' }, { count: 2, sum: Number.NaN, quantiles: [{ quantile: 0.5, value: Number.NaN }] }],
      ['a', { b: 'y' }, { count: Number.NaN, sum: Number.NaN, quantiles: [{ quantile: 0.5, value: 1 }] }],
    ])
  })

  test.each([
    ['a quantile above 1', 'a{quantile="1.5"} 1\n', 'INVALID_QUANTILES O12'],
    ['a sample without quantile', 'a 1\n', 'INVALID_LABELS T7'],
    ['quantiles that do not ascend', 'a{quantile="1"} 1\na{quantile="0.5"} 1\n', 'INVALID_QUANTILES T7'],
    ['a quantile twice', 'a{quantile="1"} 1\na{quantile="1.0"} 1\n', 'DUPLICATE_SERIES T8'],
    ['a count twice', 'a_count 1\na_count 1\n', 'DUPLICATE_SERIES T8'],
  ])('does not have %s', (_, lines, refusal) => {
    expect(strictly(`# TYPE a summary\n${lines}`)).toMatch(refusal)
  })
})

describe('T8: a series', () => {
  test.each([
    ['a 1\na 1\n', '2:4'],
    ['a{b="c",d="e"} 1\na{d="e",b="c"} 2\n', '2:17'],
    ['a 1 1\na 1 2\n', '2:6'],
  ])('is there once: %j', (text, place) => {
    expect(strictly(text)).toBe(`DUPLICATE_SERIES T8 ${place}`)
  })

  test('that is there twice has the first value in lenient parsing, as in Prometheus', () => {
    expect(seriesOf(parseText('a 1\na 2\n', { lenient: true }))).toEqual([['a', {}, 1]])
  })

  test('is another where labels swap their values, or one is empty', () => {
    expect(strictly('a{b="c",d="e"} 1\na{b="e",d="c"} 1\na{b="",d="e"} 1\na{d="e"} 1\n')).toBe('accepted')
  })

  test('N4: has each label once', () => {
    expect(strictly('a{b="c",b="c"} 1\n')).toBe('DUPLICATE_LABEL_NAME N4 1:9')
    expect(leniently('a{b="c",b="c"} 1\n')).toBe('DUPLICATE_LABEL_NAME N4 1:9')
  })

  test('may have labels that JavaScript has a meaning for', () => {
    expect(seriesOf(parseText('a{__proto__="x",constructor="y"} 1\n__proto__ 2\n'))).toEqual([
      [
        'a',
        Object.fromEntries([
          ['__proto__', 'x'],
          ['constructor', 'y'],
        ]),
        1,
      ],
      ['__proto__', {}, 2],
    ])
  })
})

describe('T10: names in quotes', () => {
  test('mean what they mean without', () => {
    const quoted = '# HELP "a" A.\n# TYPE "a" gauge\n{"a"} 1\n{"a","b"="c",} 2\na{"b"="d"} 3\n'
    expect(parseText(quoted)).toEqual(parseText('# HELP a A.\n# TYPE a gauge\na 1\na{b="c"} 2\na{b="d"} 3\n'))
  })

  test('may be any text', () => {
    const [family] = parseText('# HELP "a.b" A.\n# TYPE "a.b" counter\n{"a.b","c d"="e","f\\"g\\n"="h"} 1\n')
    expect(family).toMatchObject({ name: 'a.b', type: 'counter', help: 'A.', labelNames: ['c d', 'f"g\n'] })
  })

  test.each([
    ['{""} 1', '1:2'],
    ['# TYPE "" gauge', '1:8'],
    ['a{""="d"} 1', '1:3'],
  ])('but not nothing: %s', (line, place) => {
    expect(strictly(`${line}\n`)).toBe(`INVALID_NAME T10 ${place}`)
  })

  test('lenient parsing takes the name of a metric anywhere among its labels, as Prometheus does', () => {
    expect(parseText('{b="c","a.b"} 1\n', { lenient: true })).toEqual(parseText('{"a.b",b="c"} 1\n'))
  })

  test.each(['a{"b"} 1', '{b="c"} 1', '"a" 1', '{"a","b"} 1', '{b="c","a"} 1'])(
    'name one metric, first: not %s',
    (line) => {
      expect(strictly(`${line}\n`)).toMatch(/^INVALID_(LINE|LABELS) T[45] 1:/)
    },
  )
})

describe('N3: the text is UTF-8', () => {
  test('and any character of it', () => {
    expect(seriesOf(parseText(Buffer.from('a{b="é😱\0"} 1\n')))).toEqual([['a', { b: 'é😱\0' }, 1]])
  })

  test.each([
    ['a broken character', Buffer.from('a 1\nb{c="é\xff"} 1\n', 'latin1'), '2:6'],
    [
      'a broken character behind whole ones',
      Buffer.concat([Buffer.from('a{b="😱é'), Buffer.from([0xff, 34, 125, 10])]),
      '1:9',
    ],
    ['a character that is cut off', Buffer.concat([Buffer.from('a 1\nb{c="'), Buffer.from([0xc3])]), '2:6'],
    ['a surrogate', Buffer.from([97, 0xed, 0xa0, 0x80, 10]), '1:2'],
    ['a lone surrogate in a string', 'a 1\nb{c="\uD800"} 1\n', '2:6'],
    ['a lone surrogate at the end of a string', 'a 1\n\uD800', '2:1'],
  ])('%s is refused', (_, input, place) => {
    expect(parseRefusal(() => parseText(input))).toBe(`INVALID_UTF8 N3 ${place}`)
    expect(parseRefusal(() => parseText(input, { lenient: true }))).toBe(`INVALID_UTF8 N3 ${place}`)
  })

  test('an error in a line before is told first', () => {
    expect(parseRefusal(() => parseText(Buffer.from('a\n\xff\n', 'latin1')))).toBe('INVALID_LINE T4 1:1')
  })
})

describe('the input', () => {
  const text = '# TYPE a gauge\na{b="😱"} 1\n'
  const bytes = Buffer.from(text)

  test('may be text, bytes, or chunks of either', () => {
    const families = parseText(text)
    expect(parseText(bytes)).toEqual(families)
    expect(parseText([text.slice(0, 21), text.slice(21)])).toEqual(families)
    expect(parseText([bytes.subarray(0, 22), bytes.subarray(22)])).toEqual(families)
    expect(parseText(['# TYPE a', Buffer.from(' gauge\na{b="😱'), '"} 1\n'])).toEqual(families)
    expect(parseText([Buffer.from('# TYPE a'), ' gauge\na{b="😱"} 1\n'])).toEqual(families)
  })

  test('may arrive over time', async () => {
    const arriving = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    expect(await parseText(arriving)).toEqual(parseText(text))
  })

  test('that arrives over time and is wrong rejects the promise', async () => {
    async function* arriving(): AsyncGenerator<string> {
      yield await Promise.resolve('a\n')
    }
    await expect(parseText(arriving())).rejects.toThrow('Line 1, column 1')
  })

  test('may be changed once it was written', () => {
    const parser = new PrometheusTextParser()
    const chunk = Buffer.from('a{b="c')
    parser.write(chunk)
    chunk.fill(0)
    parser.write('"} 1\n')
    expect(seriesOf(parser.end())).toEqual([['a', { b: 'c' }, 1]])
  })

  test('that was refused stays refused', () => {
    const parser = new PrometheusTextParser()
    const refusal = parseRefusal(() => parser.write('a 1\nb\n'))
    expect(refusal).toBe('INVALID_LINE T4 2:1')
    expect(parseRefusal(() => parser.write('a 1\n'))).toBe(refusal)
    expect(parseRefusal(() => parser.end())).toBe(refusal)
  })
})
