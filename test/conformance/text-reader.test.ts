import { describe, expect, test } from 'vitest'
import { readText } from './text-reader.ts'

describe('the reader of the text format', () => {
  test('reads families, labels, escapes, numbers and timestamps', () => {
    const text = String.raw`# HELP x_total A "quoted" \\ help\nin two lines
# TYPE x_total counter
x_total{a="\\n",b="\n\"} 1"} 1.5e+06 -1700
x_total +Inf
# HELP empty 
# TYPE empty gauge
`
    expect(readText(text)).toEqual([
      {
        name: 'x_total',
        help: 'A "quoted" \\ help\nin two lines',
        type: 'counter',
        samples: [
          {
            name: 'x_total',
            labels: [
              ['a', '\\n'],
              ['b', '\n"} 1'],
            ],
            value: 1_500_000,
            timestampMs: -1700,
          },
          { name: 'x_total', labels: [], value: Number.POSITIVE_INFINITY },
        ],
      },
      { name: 'empty', help: '', type: 'gauge', samples: [] },
    ])
  })

  test.each([
    ['a last line without an end', gauge('x 1').slice(0, -1), '(T2)'],
    ['a carriage return before the line feed', gauge('x 1\r'), 'no number'],
    ['a blank line', gauge('x 1\n'), 'no sample'],
    ['a comment', gauge('x 1\n# by hand'), '(T4)'],
    ['a type that the format does not know', '# HELP x X.\n# TYPE x info\nx 1\n', '(T3, T4)'],
    ['a sample before its TYPE', '# HELP x X.\nx 1\n# TYPE x gauge\n', '(T3, T4)'],
    ['a sample before its HELP', 'x 1\n', '(T4)'],
    ['a family that is told twice', gauge('x 1') + gauge('x{a="1"} 1'), '(T4)'],
    ['a sample of another family', gauge('y 1'), '(T4)'],
    ['a series that is there twice', gauge('x{a="1",b="2"} 1\nx{b="2",a="1"} 2'), '(T8)'],
    ['a label that is there twice', gauge('x{a="1",a="2"} 1'), 'twice'],
    ['a comma after the last label', gauge('x{a="1",} 1'), 'no further label'],
    ['a label without quotes', gauge('x{a=1} 1'), 'no label name'],
    ['empty braces', gauge('x{} 1'), 'no sample'],
    ['two spaces', gauge('x  1'), 'no sample'],
    ['an unknown escape sequence', gauge(String.raw`x{a="\t"} 1`), 'no escape sequence'],
    ['an escaped quote in a help', `# HELP x ${String.raw`\"`}\n# TYPE x gauge\n`, 'no escape sequence'],
    ['a lone surrogate', gauge('x{a="\uD800"} 1'), 'surrogate'],
    ['no number', gauge('x Infinity'), 'no number'],
    ['a timestamp with a fraction', gauge('x 1 2.5'), 'no sample'],
  ])('refuses %s', (_, text, why) => {
    expect(() => readText(text)).toThrow(why)
  })

  test('refuses what is no UTF-8', () => {
    const bytes = new TextEncoder().encode(gauge('x{a="?"} 1'))
    bytes[bytes.indexOf(0x3f)] = 0xff
    expect(() => readText(bytes)).toThrow(TypeError)
  })

  test.each([
    ['buckets that are not cumulative', ['x_bucket{le="1"} 2', 'x_bucket{le="+Inf"} 1', 'x_sum 1', 'x_count 1']],
    [
      'buckets that do not ascend',
      ['x_bucket{le="2"} 1', 'x_bucket{le="1"} 1', 'x_bucket{le="+Inf"} 1', 'x_sum 1', 'x_count 1'],
    ],
    ['a missing bucket to infinity', ['x_bucket{le="1"} 1', 'x_sum 1', 'x_count 1']],
    ['a bucket to infinity that is not the count', ['x_bucket{le="+Inf"} 1', 'x_sum 1', 'x_count 2']],
    ['a missing sum', ['x_bucket{le="+Inf"} 1', 'x_count 1']],
    ['a bucket without a bound', ['x_bucket 1', 'x_sum 1', 'x_count 1']],
  ])('refuses a histogram with %s', (_, lines) => {
    expect(() => readText(`# HELP x X.\n# TYPE x histogram\n${lines.join('\n')}\n`)).toThrow('(T7)')
  })

  test('checks each series of a histogram by itself', () => {
    const series = (label: string, count: number): string =>
      [
        `x_bucket{a="${label}",le="1"} 0`,
        `x_bucket{a="${label}",le="+Inf"} ${count}`,
        `x_sum{a="${label}"} 1`,
        `x_count{a="${label}"} ${count}\n`,
      ].join('\n')
    const head = '# HELP x X.\n# TYPE x histogram\n'
    expect(readText(head + series('1', 5) + series('2', 3))[0]!.samples).toHaveLength(8)
  })
})

function gauge(lines: string): string {
  return `# HELP x X.\n# TYPE x gauge\n${lines}\n`
}
