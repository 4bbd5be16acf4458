import fc from 'fast-check'
import type { MetricFamilyOptions } from '../../src/model/build-family.ts'

/** Characters that mean something to a text format, or to JavaScript. */
const TRAPS = ['"', '\\', '\n', '\\n', '\r', '\0', ' ', ',', '{', '}', '=', '|', '\u2028', '\uFEFF', '😱', '', '# EOF']

/** Any text that has a UTF-8. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TRAPS, '__proto__', 'constructor', 'NaN'),
  fc.array(fc.constantFrom(...TRAPS, 'a'), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

/** The same, and texts with lone surrogates, which have none. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.array(fc.nat(0xffff), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\uD800', '\uDC00', 'a\uDC00\uD800b'),
)

const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

/** The names of labels; `le` and `quantile` belong to types that write them. */
const anyLabelName = fc.oneof(
  fc.constantFrom('a', 'b', 'constructor', 'toString', '__proto__', 'length'),
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((name) => name !== 'le' && name !== 'quantile'),
)

const anyName = fc.oneof(
  fc.constantFrom('constructor', '__proto__', ':'),
  fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/),
)

/** Names of what may be written where names are UTF-8. */
const anyUtf8Name = fc.oneof(
  fc.constantFrom('http.requests', 'a b', '9', '"', '\\n', '{a="b"}', '# EOF', '\n', '😱', 'é', 'a.b_total', '.'),
  anyName,
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).map((name) => name.toWellFormed()),
)
const anyUtf8LabelName = anyUtf8Name.filter((name) => name !== 'le' && name !== 'quantile')

const anyBounds = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 5,
    comparator: 'SameValueZero',
  })
  .map((bounds) => bounds.toSorted((a, b) => a - b))
const anyQuantiles = fc
  .uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3, comparator: 'SameValueZero' })
  .map((quantiles) => quantiles.toSorted((a, b) => a - b))
const anyCount = fc.nat(2 ** 31 - 1)

/**
 * Families of all types, whose series differ in labels and in label names, with and without timestamps.
 *
 * @param utf8 whether names are any text
 */
export function anyFamily(text: fc.Arbitrary<string>, utf8: boolean = false): fc.Arbitrary<MetricFamilyOptions> {
  const labelled = fc.uniqueArray(
    fc
      .dictionary(utf8 ? anyUtf8LabelName : anyLabelName, text, { maxKeys: 3 })
      .map((labels): Readonly<Record<string, string>> => labels),
    { maxLength: 5, selector: (labels) => JSON.stringify(Object.entries(labels).map(wellFormed).toSorted()) },
  )
  const samples = <Value>(
    value: fc.Arbitrary<Value>,
  ): fc.Arbitrary<{ labels: Record<string, string>; value: Value }[]> =>
    labelled.chain((sets) =>
      fc
        .tuple(
          ...sets.map((labels) => fc.tuple(fc.constant({ ...labels }), value, fc.option(fc.integer(), { freq: 3 }))),
        )
        .map((rows) =>
          rows.map(([labels, each, timestampMs]) =>
            timestampMs === null ? { labels, value: each } : { labels, value: each, timestampMs },
          ),
        ),
    )
  const head = { name: utf8 ? anyUtf8Name : anyName, help: text }
  return fc.oneof(
    fc.record({
      ...head,
      type: fc.constantFrom('counter', 'gauge', 'info', 'unknown'),
      samples: samples(fc.double()),
    }),
    anyBounds.chain((upperBounds) =>
      fc.record({
        ...head,
        type: fc.constantFrom('histogram', 'gaugehistogram'),
        upperBounds: fc.constant(upperBounds),
        samples: samples(
          fc
            .tuple(fc.tuple(...[...upperBounds, Number.POSITIVE_INFINITY].map(() => anyCount)), fc.double())
            .map(([counts, sum]) => ({
              count: counts.reduce((total, count) => total + count, 0),
              sum,
              buckets: counts.map((count, i) => ({ upperBound: upperBounds[i] ?? Number.POSITIVE_INFINITY, count })),
            })),
        ),
      }),
    ),
    anyQuantiles.chain((quantiles) =>
      fc.record({
        ...head,
        type: fc.constant('summary'),
        quantiles: fc.constant(quantiles),
        samples: samples(
          fc
            .tuple(anyCount, fc.double(), fc.tuple(...quantiles.map(() => fc.double())))
            .map(([count, sum, values]) => ({
              count,
              sum,
              quantiles: values.map((value, i) => ({ quantile: quantiles[i]!, value })),
            })),
        ),
      }),
    ),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4, selector: (state) => wellFormed([state])[0]! }).chain((states) =>
      fc
        .record({
          ...head,
          type: fc.constant('stateset'),
          states: fc.constant(states),
          samples: samples(
            fc
              .tuple(...states.map(() => fc.boolean()))
              .map((values) => Object.fromEntries(values.map((value, i) => [states[i]!, value]))),
          ),
        })
        // The label that tells the state is called as the family is.
        .filter(({ name }) => (utf8 ? !name.includes(':') : LABEL.test(name)))
        .filter(({ name, samples }) => samples.every(({ labels }) => !Object.hasOwn(labels, name))),
    ),
  )
}

/** Texts as UTF-8 can hold them: what a lone surrogate becomes, all other lone surrogates become, too. */
export function wellFormed(texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
}
