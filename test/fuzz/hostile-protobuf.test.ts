import { describe, expect, test } from 'vitest'
import { parseProtobuf, PrometheusProtobufParser } from 'narthex/exposition'
import { protobufOf, type ReadMessage } from '../conformance/protobuf-reader.ts'
import { parseRefusal } from '../parse-refusal.ts'

// All take well below a second if reading is linear in the input, and many minutes if it is quadratic.
const MANY = 60_000
const LONG = 1_000_000
const TIME = 20_000

const numbers = Array.from({ length: MANY }, (_, i) => i)
const label = (name: string, value: string): ReadMessage => ({ name, value })
const gauge = (...labels: ReadMessage[]): ReadMessage => ({ label: labels, gauge: { value: 1 } })
const family = (type: string, metric: ReadMessage[]): ReadMessage => ({ name: 'a', type, metric })
const histogram = (fields: object): ReadMessage => family('HISTOGRAM', [{ histogram: fields }])
const summaryAt = (quantile: number, i: number): ReadMessage => ({
  label: [label('b', String(i))],
  summary: { quantile: [{ quantile, value: 1 }] },
})
const bucketAt = (upperBound: number, i: number): ReadMessage => ({
  label: [label('b', String(i))],
  histogram: { sampleCount: 1, bucket: [{ cumulativeCount: 1, upperBound }] },
})

describe('very much', () => {
  test.each<[what: string, families: ReadMessage[], strict: string, lenient: string]>([
    ['text in a name', [{ name: 'a'.repeat(LONG) }], 'accepted', 'accepted'],
    ['text in a name that meets itself', [{ name: 'ü'.repeat(LONG) }, { name: 'ü'.repeat(LONG) }], 'DUPL', 'accepted'],
    ['text in a help', [{ name: 'a', help: 'ü'.repeat(LONG) }], 'accepted', 'accepted'],
    ['text in a label', [family('GAUGE', [gauge(label('b', 'c'.repeat(LONG)))])], 'accepted', 'accepted'],
    ['text in a label name', [family('GAUGE', [gauge(label('ü'.repeat(LONG), ''))])], 'accepted', 'accepted'],
    ['labels', [family('GAUGE', [gauge(...numbers.map((i) => label(`b${i}`, 'c')))])], 'accepted', 'accepted'],
    ['equal labels', [family('GAUGE', [gauge(...numbers.map(() => label('b', 'c')))])], 'DUPLICATE', 'DUPLICATE'],
    [
      'series',
      [
        family(
          'GAUGE',
          numbers.map((i) => gauge(label('b', String(i)))),
        ),
      ],
      'accepted',
      'accepted',
    ],
    [
      'equal series',
      [
        family(
          'GAUGE',
          numbers.map(() => gauge()),
        ),
      ],
      'DUPLICATE_SERIES',
      'accepted',
    ],
    [
      'series of no common label',
      [
        family(
          'GAUGE',
          numbers.map((i) => gauge(label(`b${i}`, 'c'))),
        ),
      ],
      'TOO',
      'TOO',
    ],
    ['families', numbers.map((i) => ({ name: `a${i}`, type: 'HISTOGRAM' })), 'accepted', 'accepted'],
    ['equal families', numbers.map((i) => family('GAUGE', [gauge(label('b', String(i)))])), 'DUPLICATE', 'accepted'],
    [
      'buckets',
      [histogram({ sampleCount: 1, bucket: numbers.map((upperBound) => ({ cumulativeCount: 1, upperBound })) })],
      'accepted',
      'accepted',
    ],
    [
      'buckets in the wrong order, with exemplars',
      [histogram({ bucket: numbers.map((i) => ({ upperBound: -i, exemplar: { value: -i } })) })],
      'INVALID_BUCKETS',
      'accepted',
    ],
    ['series of no common bucket', [family('HISTOGRAM', numbers.map(bucketAt))], 'INVALID_BUCKETS', 'TOO_SPARSE'],
    [
      'series of no common quantile',
      [
        family(
          'SUMMARY',
          numbers.map((i) => summaryAt(i / MANY, i)),
        ),
      ],
      'TOO_SPARSE',
      'TOO_SPARSE',
    ],
    [
      'native buckets',
      [
        histogram({
          sampleCount: MANY,
          positiveSpan: numbers.map(() => ({ offset: 1, length: 1 })),
          positiveDelta: numbers.map((i) => (i === 0 ? 1 : 0)),
        }),
      ],
      'accepted',
      'accepted',
    ],
    [
      'native buckets that are announced only',
      [histogram({ positiveSpan: numbers.map(() => ({ offset: 0, length: 2 ** 31 - 1 })) })],
      'INVALID_BUCKETS',
      'INVALID_BUCKETS',
    ],
    [
      'exemplars',
      [
        histogram({
          zeroThreshold: 1,
          exemplars: numbers.map((value) => ({ value, timestamp: { seconds: value } })),
        }),
      ],
      'accepted',
      'accepted',
    ],
  ])(
    '%s is read or refused soon, and told briefly',
    (_, families, strict, lenient) => {
      const bytes = protobufOf(families)
      expect(parseRefusal(() => parseProtobuf(bytes))).toMatch(new RegExp(`^${strict}`))
      expect(parseRefusal(() => parseProtobuf(bytes, { lenient: true }))).toMatch(new RegExp(`^${lenient}`))
      expect(messageOf(() => parseProtobuf(bytes)).length).toBeLessThan(300)
    },
    TIME,
  )

  test(
    'in chunks of a byte is read soon',
    () => {
      const bytes = protobufOf([family('GAUGE', [gauge(label('b', 'c'.repeat(LONG / 10)))]), { name: 'b' }])
      const parser = new PrometheusProtobufParser()
      for (const byte of bytes) parser.write(Uint8Array.of(byte))
      expect(parser.end()).toEqual(parseProtobuf(bytes))
    },
    TIME,
  )
})

test('a family that is announced to be huge takes no memory before it is there', () => {
  const parser = new PrometheusProtobufParser()
  const before = process.memoryUsage().arrayBuffers
  parser.write(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 15))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  expect(parseRefusal(() => parser.end())).toBe('UNEXPECTED_END B1 8')
})

function messageOf(attempt: () => unknown): string {
  try {
    attempt()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
