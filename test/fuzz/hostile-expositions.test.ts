import { describe, expect, test } from 'vitest'
import { OpenMetricsTextParser, parseOpenMetrics, parseText, PrometheusTextParser } from 'narthex/exposition'
import { parseRefusal } from '../parse-refusal.ts'

// All take well below a second if reading is linear in the input, and many minutes if it is quadratic.
const MANY = 60_000
const LONG = 1_000_000
const TIME = 10_000

const numbers = Array.from({ length: MANY }, (_, i) => i)
const lines = (line: (i: number) => string): string => numbers.map((i) => `${line(i)}\n`).join('')

describe('a very long', () => {
  test.each<[what: string, text: string]>([
    ['name', 'a'.repeat(LONG)],
    ['name with a value', `${'a'.repeat(LONG)} 1`],
    ['number', `a ${'1'.repeat(LONG)}`],
    ['number that is none', `a ${'1'.repeat(LONG)}x`],
    ['fraction that is none', `a 0.${'1'.repeat(LONG)}x`],
    ['exponent that is none', `a 1e${'1'.repeat(LONG)}x`],
    ['timestamp', `a 1 ${'1'.repeat(LONG)}`],
    ['label value', `a{b="${'c'.repeat(LONG)}"} 1`],
    ['label value of escapes', `a{b="${'\\\\'.repeat(LONG / 2)}"} 1`],
    ['label value without end', `a{b="${'\\"'.repeat(LONG / 2)}`],
    ['label name', `a{${'b'.repeat(LONG)}="c"} 1`],
    ['row of braces', `a${'{'.repeat(LONG)}`],
    ['row of commas', `a{${','.repeat(LONG)}`],
    ['row of quotes', '"'.repeat(LONG)],
    ['row of blanks', `a${' '.repeat(LONG)}`],
    ['row of line feeds', '\n'.repeat(LONG)],
    ['row of #', '#'.repeat(LONG)],
    ['help', `# HELP a ${'\\n'.repeat(LONG / 2)}`],
    ['unit', `# UNIT a ${'b'.repeat(LONG)}`],
    ['exemplar', `# TYPE a counter\na_total 1 # {b="${'c'.repeat(LONG)}"} 1`],
    ['bound', `# TYPE a histogram\na_bucket{le="${'1'.repeat(LONG)}"} 1`],
  ])(
    '%s is read or refused soon, and told briefly',
    (_, text) => {
      for (const parse of [parseText, parseOpenMetrics]) {
        for (const lenient of [false, true]) {
          const refusal = messageOf(() => parse(`${text}\n# EOF\n`, { lenient }))
          expect(refusal.length).toBeLessThan(300)
        }
      }
    },
    TIME,
  )
})

describe('very many', () => {
  test.each<[what: string, text: string, refusal: string]>([
    ['labels of one series', `a{${numbers.map((i) => `b${i}="c"`).join(',')}} 1\n`, 'accepted'],
    ['labels in two orders', labelsTwice(), 'DUPLICATE_SERIES'],
    ['equal labels', `a{${numbers.map(() => 'b="c"').join(',')}} 1\n`, 'DUPLICATE_LABEL_NAME'],
    ['series', lines((i) => `a{b="${i}"} 1`), 'accepted'],
    ['series of no common label', lines((i) => `a{b${i}="c"} 1`), 'TOO_SPARSE'],
    ['families', lines((i) => `a${i} 1`), 'accepted'],
    ['descriptions', lines((i) => `# TYPE a${i} histogram`), 'accepted'],
    ['descriptions of one family', lines(() => '# TYPE a histogram'), 'DUPLICATE_METADATA'],
    ['equal lines', lines(() => 'a 1'), 'DUPLICATE_SERIES'],
    [
      'buckets',
      `# TYPE a histogram\n${lines((i) => `a_bucket{le="${i}"} ${i}`)}a_bucket{le="+Inf"} ${MANY}\n`,
      '(MISSING_SAMPLE|accepted)',
    ],
    [
      'series of no common bucket',
      `# TYPE a histogram\n${lines((i) => `a_bucket{b="${i}",le="${i}"} 1`)}`,
      '(MISSING_SAMPLE|INTERLEAVED)',
    ],
    [
      'series of no common quantile',
      `# TYPE a summary\n${lines((i) => `a{b="${i}",quantile="${i / MANY}"} 1`)}`,
      'TOO_SPARSE',
    ],
  ])(
    '%s are read or refused soon',
    (_, text, refusal) => {
      for (const parse of [parseText, parseOpenMetrics]) {
        expect(parseRefusal(() => parse(`${text}${parse === parseText ? '' : '# EOF\n'}`))).toMatch(
          new RegExp(`^${refusal}`),
        )
      }
    },
    TIME,
  )

  test('points of one series are read soon, and take the place of each other', () => {
    const [family] = parseOpenMetrics(`${lines((i) => `a ${i} ${i}`)}# EOF\n`)
    expect(family!.columns).toMatchObject({ rowCount: 1, chunks: [{ values: Float64Array.of(MANY - 1) }] })
  })

  test('lines that lenient parsing tolerates are read soon', () => {
    const text = lines((i) => `a_bucket{b="${i}",le="${i}"} 1`)
    expect(parseRefusal(() => parseText(`# TYPE a histogram\n${text}`, { lenient: true }))).toMatch(
      /^TOO_SPARSE narthex /,
    )
    expect(
      parseText(
        lines((i) => `a${i % 2} 1\n# TYPE a${i % 2} gauge`),
        { lenient: true },
      ),
    ).toHaveLength(2)
  })

  test('chunks of one line are read soon', () => {
    const text = `a{b="${'c'.repeat(LONG / 10)}"} 1\n`
    const ofText = new PrometheusTextParser()
    for (const character of text) ofText.write(character)
    const ofBytes = new PrometheusTextParser()
    for (const byte of Buffer.from(text)) ofBytes.write(Uint8Array.of(byte))
    expect(ofBytes.end()).toEqual(ofText.end())
  })

  test('chunks of nothing are nothing', () => {
    const parser = new OpenMetricsTextParser()
    for (let i = 0; i < MANY; i++) parser.write(i % 2 === 0 ? '' : new Uint8Array(0))
    parser.write('# EOF')
    expect(parser.end()).toEqual([])
  })
})

test('families of a few series take no more memory than their lines warrant', () => {
  const text = Array.from({ length: 300 }, (_, family) =>
    Array.from({ length: 300 }, (_, i) => `a${family}{b${i}=""} 1\n`).join(''),
  )
  expect(parseRefusal(() => parseText(text))).toMatch(/^TOO_SPARSE narthex /)
})

test('a family whose series differ in labels is read, if they have something in common', () => {
  const text = Array.from({ length: 300 }, (_, i) => `a{c="${i}",b${i % 30}="x",d${i % 7}="x"} 1\n`)
  expect(parseText(text)[0]!.labelNames).toHaveLength(38)
})

function labelsTwice(): string {
  const labels = numbers.map((i) => `b${i}="c"`)
  return `a{${labels.join(',')}} 1\na{${labels.toReversed().join(',')}} 1\n`
}

function messageOf(attempt: () => unknown): string {
  try {
    attempt()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
