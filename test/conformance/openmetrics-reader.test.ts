import { expect, test } from 'vitest'
import { readOpenMetrics } from './openmetrics-reader.ts'

test('an exposition is read', () => {
  expect(read('# TYPE x_s counter\n# UNIT x_s s\n# HELP x_s a\\"b\nx_s_total{a="}"} 1 2.5\n# EOF\n')).toEqual([
    {
      name: 'x_s',
      type: 'counter',
      unit: 's',
      help: 'a"b',
      samples: [{ name: 'x_s_total', labels: [['a', '}']], value: 1, timestampSeconds: 2.5 }],
    },
  ])
  expect(read('# EOF\n')).toEqual([])
})

const HISTOGRAM = '# TYPE x histogram\nx_bucket{le="1.0"} 1\nx_bucket{le="+Inf"} 2\nx_sum 1\nx_count 2\n# EOF\n'

test.each([
  ['O2', ''],
  ['O2', '# TYPE x gauge\nx 1\n'],
  ['O2', '# EOF'],
  ['O2', '# EOF\n# EOF\n\n'],
  ['O4', 'x 1\n# EOF\n'],
  ['O4', '# HELP x X.\n# TYPE x gauge\n# EOF\n'],
  ['O4', '# TYPE x gauge\n# TYPE x gauge\n# EOF\n'],
  ['O4', '# TYPE x gauge\nx 1\nx 1\n# EOF\n'],
  ['O4', '# TYPE x stateset\nx{x="a"} 1\nx{a="1",x="a"} 1\nx{x="b"} 0\n# EOF\n'],
  ['O6', '# TYPE x untyped\n# EOF\n'],
  ['O6', '# TYPE x gauge\n# HELP y Y.\n# EOF\n'],
  ['N7', '# TYPE x gauge\n# UNIT x s\n# EOF\n'],
  ['N7', '# TYPE x_s info\n# UNIT x_s s\n# EOF\n'],
  ['O3', '# TYPE x gauge\n\n# EOF\n'],
  ['O3', '# TYPE x gauge\nx  1\n# EOF\n'],
  ['O3', '# TYPE x gauge\nx 1 \n# EOF\n'],
  ['O7', '# TYPE x counter\nx 1\n# EOF\n'],
  ['O7', '# TYPE x info\nx 1\n# EOF\n'],
  ['O8', '# TYPE x counter\nx_total 1\n# TYPE x_total gauge\nx_total{a="1"} 1\n# EOF\n'],
  ['O10', HISTOGRAM.replace('x_sum 1\n', '')],
  ['O10', HISTOGRAM.replace('x_count 2', 'x_count 3')],
  ['O10', HISTOGRAM.replace('x_bucket{le="+Inf"} 2\n', '')],
  ['O10', HISTOGRAM.replace('le="1.0"} 1', 'le="1.0"} 3')],
  ['O10', HISTOGRAM.replace('le="1.0"} 1', 'le="1.0"} 0.5')],
  ['O10', HISTOGRAM.replace('"1.0"', '"-1.0"')],
  ['O10', HISTOGRAM.replace('x_bucket{le="1.0"} 1', 'x_bucket{le="2.0"} 1\nx_bucket{le="1.0"} 1')],
  ['O13', '# TYPE x stateset\nx 1\n# EOF\n'],
  ['O13', '# TYPE x stateset\nx{x="a"} 2\n# EOF\n'],
  ['O13', '# TYPE x stateset\nx{x="a"} 1\nx{a="b",x="a"} 1\nx{a="b",x="a"} 1\n# EOF\n'],
  ...['1', '1e0', '10', '1.00', '01.0', '1e6', '1e+6', '1000000.0', '0.00001', '1.0e+06', '0.10'].map(
    (le): [string, string] => ['O16', HISTOGRAM.replace('"1.0"', `"${le}"`)],
  ),
])('what breaks %s is refused: %j', (rule, exposition) => {
  expect(() => read(exposition)).toThrow(new RegExp(`\\(.*\\b${rule}\\b.*\\)`))
})

test.each([
  ['no further label', '# TYPE x gauge\n# HELP x a"b\n# EOF\n'],
  ['no further label', '# TYPE x gauge\nx{a="1",} 1\n# EOF\n'],
  ['no escape sequence', '# TYPE x gauge\nx{a="\\t"} 1\n# EOF\n'],
])('what is not escaped or separated is refused, %s: %j', (message, exposition) => {
  expect(() => read(exposition)).toThrow(message)
})

function read(exposition: string): ReturnType<typeof readOpenMetrics> {
  return readOpenMetrics(new TextEncoder().encode(exposition))
}
