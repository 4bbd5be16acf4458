import fc from 'fast-check'
import { metricFamily, type MetricFamily } from 'narthex'
import { quotedLayout, writeOpenMetricsText, writePrometheusText } from 'narthex/exposition'
import { anyFamily, anyText } from '../conformance/any-family.ts'

/** What means something to a text format, to be put anywhere. */
const SYNTAX = ['\n', '\r\n', ' ', '\t', '{', '}', ',', '=', '"', '\\', '#', '# EOF\n', '# TYPE ', '# HELP ', '# UNIT ']
const NAMES = ['_total', '_bucket', '_count', '_sum', '_created', '_info', '_gsum', 'histogram', 'summary', 'x']
const PARTS = [
  'NaN',
  '+Inf',
  '-',
  '1',
  '1e999',
  'le="1"',
  'le="+Inf"',
  'quantile="0.5"',
  ' # {} 1',
  'a 1\n',
  '{"a"}',
  '"a.b",',
  '{"a b"} 1\n',
]
const TRAPS = ['__proto__', '\0', '\uFEFF', '\u00FF']
const TOKENS = [...SYNTAX, ...NAMES, ...PARTS, ...TRAPS]

const anyPlace = fc.double({ min: 0, max: 1, noNaN: true })

/** Bytes are taken away at a place, and others put there; a line is put to another place, or there too. */
type Change =
  | { readonly kind: 'bytes'; readonly at: number; readonly removed: number; readonly put: string | number }
  | { readonly kind: 'line'; readonly from: number; readonly to: number; readonly moved: boolean }

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('bytes'),
    at: anyPlace,
    removed: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(30)),
    put: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('', ...TOKENS) },
      { weight: 2, arbitrary: fc.nat(127) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
  }),
  fc.record({ kind: fc.constant('line'), from: anyPlace, to: anyPlace, moved: fc.boolean() }),
)

/** Expositions of the text format that were changed at a few places; most are none any more. */
export const mutatedText: fc.Arbitrary<Uint8Array> = mutated((families) => [
  ...writePrometheusText(families, { makeLayout: quotedLayout }),
])

/** The same of OpenMetrics. */
export const mutatedOpenMetrics: fc.Arbitrary<Uint8Array> = mutated((families) => [
  ...writeOpenMetricsText(families, { makeLayout: quotedLayout }),
])

function mutated(write: (families: MetricFamily[]) => Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const anyFamilies = fc.array(
    fc
      .boolean()
      .chain((utf8) => anyFamily(anyText, utf8))
      .map(metricFamily),
    { maxLength: 3 },
  )
  return fc
    .tuple(anyFamilies, fc.array(anyChange, { maxLength: 4 }))
    .map(([families, changes]) => changes.reduce(changed, Buffer.concat(write(families))))
}

function changed(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'bytes') {
    const at = Math.floor(change.at * bytes.length)
    const put = typeof change.put === 'number' ? Buffer.of(change.put) : Buffer.from(change.put)
    return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + change.removed)])
  }
  // Bytes as characters, so that a broken one stays what it is.
  const lines = bytes.toString('latin1').split('\n')
  const from = Math.floor(change.from * (lines.length - 1))
  const line = lines[from]!
  if (change.moved) lines.splice(from, 1)
  lines.splice(Math.floor(change.to * lines.length), 0, line)
  return Buffer.from(lines.join('\n'), 'latin1')
}
