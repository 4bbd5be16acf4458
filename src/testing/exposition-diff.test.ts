import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricFamily, type MetricFamilyOptions } from 'narthex'
import { anyFamily, anyText } from '../../test/conformance/any-family.ts'
import { diffExpositions } from './exposition-diff.ts'
import { exposeText } from './expose-text.ts'

const ORDERS = `
  # HELP orders_total Orders taken.
  # TYPE orders_total counter
  orders_total{shop="tea",express="true"} 3
  orders_total{shop="coffee",express="true"} 1`

const SLOW = `
  # HELP slow Slow requests.
  # TYPE slow histogram
  slow_bucket{le="1"} 1
  slow_bucket{le="+Inf"} 2
  slow_sum 7.5
  slow_count 2`

describe('expositions do not differ', () => {
  test.each<[string, string, string]>([
    ['by nothing', ORDERS, ORDERS],
    ['when both are empty', '', '\n'],
    ['by the order of families', ORDERS + SLOW, SLOW + ORDERS],
    ['by the order of series', ORDERS, reversed(ORDERS)],
    ['by the order of buckets', SLOW, reversed(SLOW)],
    ['by the order of labels', 'x{a="1",b="2"} 1', 'x{b="2",a="1"} 1'],
    ['by indentation, carriage returns and spaces', 'x{a="1", b="2",}  1', '\t x{a="1",b="2"} 1\r\n\r\n'],
    ['by how a number is written', 'x 1 1000\ny +Inf', 'x 1.0 1e3\ny Inf'],
    ['by comments that say nothing, and by the mark of the end', '# a comment\nx 1', 'x 1\n# EOF\n'],
  ])('%s', (_, expected, actual) => {
    expect(diffExpositions(expected, actual)).toBe('')
  })

  test('whatever families they hold, when their series are turned round', () => {
    fc.assert(
      fc.property(anyFamily(anyText), (options) => {
        const turned = { ...options, samples: options.samples.toReversed() } as MetricFamilyOptions
        expect(diffExpositions(textOf(options), textOf(turned))).toBe('')
      }),
      { numRuns: 100 },
    )
  })
})

describe('a difference', () => {
  test('names the family and shows the series with the expected and the actual value', () => {
    expect(diffExpositions(ORDERS + SLOW, reversed(ORDERS).replace('} 3', '} 2') + SLOW)).toBe(
      [
        '- expected',
        '+ actual',
        '',
        'orders_total',
        '- orders_total{shop="tea",express="true"} 3',
        '+ orders_total{shop="tea",express="true"} 2',
      ].join('\n'),
    )
  })

  test('of several families is told family by family, with those that are missing or not expected', () => {
    expect(diffExpositions(`${ORDERS}\nroom 1`, `${SLOW}\nroom 2`).split('\n')).toEqual([
      '- expected',
      '+ actual',
      '',
      'orders_total is missing',
      '- # HELP orders_total Orders taken.',
      '- # TYPE orders_total counter',
      '- orders_total{shop="tea",express="true"} 3',
      '- orders_total{shop="coffee",express="true"} 1',
      '',
      'room',
      '- room 1',
      '+ room 2',
      '',
      'slow is not expected',
      '+ # HELP slow Slow requests.',
      '+ # TYPE slow histogram',
      '+ slow_bucket{le="1"} 1',
      '+ slow_bucket{le="+Inf"} 2',
      '+ slow_sum 7.5',
      '+ slow_count 2',
    ])
  })

  test.each<[string, string, string, string[]]>([
    ['in the type', '# TYPE x gauge\nx 1', '# TYPE x counter\nx 1', ['- # TYPE x gauge', '+ # TYPE x counter']],
    ['in the help', '# HELP x A.\nx 1', '# HELP x B.\nx 1', ['- # HELP x A.', '+ # HELP x B.']],
    ['in a label', 'x{a="1"} 1', 'x{a="2"} 1', ['- x{a="1"} 1', '+ x{a="2"} 1']],
    ['in the name of a label', 'x{a="1"} 1', 'x{b="1"} 1', ['- x{a="1"} 1', '+ x{b="1"} 1']],
    [
      'in a label that looks like two',
      'x{a="1,b=2"} 1',
      'x{a="1",b="2"} 1',
      ['- x{a="1,b=2"} 1', '+ x{a="1",b="2"} 1'],
    ],
    ['behind an escaped quote', 'x{a="\\"}"} 1', 'x{a="\\"}"} 2', ['- x{a="\\"}"} 1', '+ x{a="\\"}"} 2']],
    ['in a timestamp', 'x 1 5', 'x 1 6', ['- x 1 5', '+ x 1 6']],
    ['in an exemplar', 'x 1 # {t="a"} 1', 'x 1 # {t="b"} 1', ['- x 1 # {t="a"} 1', '+ x 1 # {t="b"} 1']],
    ['between NaN and a number', 'x NaN', 'x 0', ['- x NaN', '+ x 0']],
    ['between infinities', 'x +Inf', 'x -Inf', ['- x +Inf', '+ x -Inf']],
    ['in a series that is there twice', 'x 1', 'x 1\nx 1', ['- x 1', '+ x 1', '+ x 1']],
    ['in a line that is no sample', 'x', 'x 1', ['- x', '+ x 1']],
  ])('is seen %s', (_, expected, actual, lines) => {
    expect(diffExpositions(expected, actual).split('\n').slice(3)).toEqual(['x', ...lines])
  })

  test('is seen under a name beyond the old character set', () => {
    expect(diffExpositions('{"my.name",a="1"} 1', '{a="1","my.name"} 2').split('\n').slice(3)).toEqual([
      '"my.name"',
      '- {"my.name",a="1"} 1',
      '+ {a="1","my.name"} 2',
    ])
  })

  test('is seen, whatever families hold, when one series is missing', () => {
    fc.assert(
      fc.property(anyFamily(anyText), (options) => {
        fc.pre(options.samples.length > 0)
        const fewer = { ...options, samples: options.samples.slice(1) } as MetricFamilyOptions
        expect(diffExpositions(textOf(options), textOf(fewer))).not.toBe('')
      }),
      { numRuns: 100 },
    )
  })
})

function reversed(exposition: string): string {
  const lines = exposition.split('\n')
  const samples = lines.filter((line) => !line.includes('#'))
  return [...lines.filter((line) => line.includes('#')), ...samples.toReversed()].join('\n')
}

function textOf(options: MetricFamilyOptions): string {
  return exposeText([metricFamily(options)])
}
