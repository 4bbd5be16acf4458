import { expect, test } from 'vitest'
import { readOpenMetrics2 } from './openmetrics-2-reader.ts'

test('an exposition is read', () => {
  expect(
    read(
      '# TYPE x_s histogram\n# UNIT x_s s\n# HELP x_s a\\"b\nx_s{a="}"} {count:3,sum:1.5,schema:0,zero_threshold:0,zero_count:1,positive_spans:[-1:1,1:1],positive_buckets:[1,1],bucket:[1.0:2,+Inf:3]} 5 st@2.5 # {} 1 4 # {a="b"} 2 4.5\n# EOF\n',
    ),
  ).toEqual([
    {
      name: 'x_s',
      type: 'histogram',
      unit: 's',
      help: 'a"b',
      samples: [
        {
          labels: [['a', '}']],
          value: {
            count: 3,
            sum: 1.5,
            native: {
              schema: 0,
              zeroThreshold: 0,
              zeroCount: 1,
              negative: new Map(),
              positive: new Map([
                [-1, 1],
                [1, 1],
              ]),
            },
            bucket: [
              [1, 2],
              [Number.POSITIVE_INFINITY, 3],
            ],
          },
          timestampSeconds: 5,
          startSeconds: 2.5,
          exemplars: [
            { labels: [], value: 1, timestampSeconds: 4 },
            { labels: [['a', 'b']], value: 2, timestampSeconds: 4.5 },
          ],
        },
      ],
    },
  ])
  expect(read('# EOF\n')).toEqual([])
})

const HISTOGRAM = '# TYPE x histogram\nx {count:2,sum:1,bucket:[1.0:1,+Inf:2]}\n'
const NATIVE =
  '# TYPE x histogram\nx {count:2,sum:1,schema:0,zero_threshold:0,zero_count:0,positive_spans:[1:2],positive_buckets:[1,1]}\n'

test.each([
  ['# EOF', '# TYPE x gauge\nx 1\n'],
  ['P2', '# TYPE x counter\nx_total 1\n# EOF\n'],
  ['P2', '# TYPE x info\nx 1\n# EOF\n'],
  ['P2', '# TYPE x gauge\nx 1\n# TYPE x gauge\n# EOF\n'],
  ['P3', '# TYPE x histogram\nx_bucket{le="+Inf"} 1\n# EOF\n'.replace('x_bucket{le="+Inf"}', 'x')],
  ['P3', ended(HISTOGRAM.replace(',bucket:[1.0:1,+Inf:2]', ''))],
  ['P3', ended(HISTOGRAM.replace('+Inf:2', '+Inf:3'))],
  ['P3', ended(HISTOGRAM.replace('1.0:1', '1:1'))],
  ['P3', ended(HISTOGRAM.replace('1.0:1', '1.0:3'))],
  ['no sample', ended(HISTOGRAM.replace(',sum', ', sum'))],
  ['P3', ended(HISTOGRAM.replace('histogram', 'gaugehistogram'))],
  ['P3', '# TYPE x summary\nx {count:1,sum:1}\n# EOF\n'],
  ['P3', '# TYPE x summary\nx {count:1,sum:1,quantile:[2.0:1]}\n# EOF\n'],
  ['P3', ended(NATIVE.replace(',schema:0,zero_threshold:0', ',zero_threshold:0,schema:0'))],
  ['P4', ended(NATIVE.replace('[1:2]', '[1:3]'))],
  ['P4', ended(NATIVE.replace('[1,1]', '[2,0]'))],
  ['P4', ended(NATIVE.replace('[1:2]', '[1:1,0:1]'))],
  ['P8', ended(NATIVE.replace('count:2,sum', 'count:3,sum'))],
  ['P5', '# TYPE x gaugehistogram\nx {gcount:1,gsum:1,bucket:[+Inf:1]} st@1\n# EOF\n'],
  ['no sample', '# TYPE x_total counter\nx_total 1 # {} 1\n# EOF\n'],
  ['P6', '# TYPE x gauge\nx 1 # {} 1 1\n# EOF\n'],
  ['P9', '# TYPE x_info info\nx_info 2\n# EOF\n'],
  ['P9', '# TYPE x stateset\nx{a="1",x="a"} 1\nx{x="a"} 1\nx{a="1",x="b"} 1\n# EOF\n'],
  ['no sample', '# TYPE x gauge\nx 1 1e9\n# EOF\n'],
])('%s is held: %j is refused', (rule, exposition) => {
  expect(() => read(exposition)).toThrow(rule)
})

function ended(family: string): string {
  return `${family}# EOF\n`
}

function read(exposition: string): ReturnType<typeof readOpenMetrics2> {
  return readOpenMetrics2(Buffer.from(exposition))
}
