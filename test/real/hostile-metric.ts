import fc from 'fast-check'
import { counter, gauge, histogram, info, stateSet, summary, type LabelValue, type Registry } from 'narthex'

/** A metric declared and filled with whatever a program or its users may hand over, as plain data. */
export interface HostileMetric {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset'
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  /** No two have the same label values once these are text. */
  readonly series: readonly { readonly labels: readonly LabelValue[]; readonly numbers: readonly number[] }[]
}

/** Strings that broke some client, writer or parser. */
const hostileStrings: readonly string[] = [
  '"',
  '\\',
  '\\\\',
  '\\"',
  '\\n',
  '\n',
  '\r',
  '\r\n',
  ' ',
  ' leading and trailing ',
  '\t',
  '\0',
  '\u0085',
  '\u2028',
  '\u2029',
  '\uFEFF',
  '\uFFFD',
  '😱',
  '\uD800',
  '\uDC00',
  'a\uDC00\uD800b',
  '}',
  '{',
  '",x="',
  'a"} 1\n# HELP x y',
  '# EOF',
  ',',
  '=',
  '|',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '+Inf',
]

/** A metric for each of them, with all of them among its label values: for one exposition. */
export const hostileMetrics: readonly HostileMetric[] = hostileStrings.map((string, i) => ({
  type: i % 2 === 0 ? 'counter' : 'gauge',
  name: `hostile_${i}`,
  help: string,
  labelNames: ['a', 'b'],
  series: hostileStrings.map((other, j) => ({ labels: [`${i} ${j}`, other + string], numbers: [j] })),
}))

const text = fc.oneof(
  fc.constantFrom(...hostileStrings),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
  fc.array(fc.constantFrom(...hostileStrings), { maxLength: 6 }).map((strings) => strings.join('')),
)
const labelValue: fc.Arbitrary<LabelValue> = fc.oneof({ weight: 5, arbitrary: text }, fc.double(), fc.boolean())
/** Narthex refuses an empty help, as the guidelines want it. */
const help = text.filter((string) => string !== '')

const builtIn = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'NaN', 'Inf']
const suffix = fc.constantFrom('', '', '', '_total', '_info', '_bucket', '_count', '_sum', '_created')
const metricName = fc
  .tuple(
    fc.oneof(fc.constantFrom('__proto__', ...builtIn), fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/)),
    suffix,
  )
  .map((parts) => parts.join(''))
const reserved = /^(__.*|le|quantile)$/
const labelName = fc
  .oneof(fc.constantFrom('proto', ...builtIn), fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/))
  .filter((name) => !reserved.test(name))

const anyNumber = fc.double()
const amount = fc.double({ min: 0, noNaN: true })

/** The upper bounds of every histogram, the last one left to narthex. */
export const buckets: readonly number[] = [-1.5, 0, 1e-7, 0.1, 1, 1e21]

/** The states of every state set. */
export const states: readonly [string, ...string[]] = ['"quoted"', 'back\\slash', 'new\nline', '\uD800', '__proto__']

const numbersOf: Readonly<Record<HostileMetric['type'], fc.Arbitrary<number[]>>> = {
  counter: fc.tuple(amount),
  gauge: fc.tuple(anyNumber),
  histogram: fc.array(fc.oneof(anyNumber, fc.constantFrom(...buckets)), { maxLength: 8 }),
  summary: fc.array(anyNumber, { maxLength: 8 }),
  info: fc.constant([]),
  stateset: fc.tuple(fc.nat(states.length - 1)),
}

export const hostileMetric: fc.Arbitrary<HostileMetric> = fc
  .constantFrom(...(Object.keys(numbersOf) as HostileMetric['type'][]))
  .chain((type) =>
    fc
      .record({
        type: fc.constant(type),
        name: metricName,
        help,
        labelNames: fc.uniqueArray(labelName, { maxLength: 4 }),
      })
      .chain((metric) => {
        // Without label names there is one series; an info has one here, it is the labels that are its content.
        const maxLength = metric.labelNames.length === 0 || type === 'info' ? 1 : 5
        const one = fc.record({
          labels: fc.tuple(...metric.labelNames.map(() => labelValue)),
          numbers: numbersOf[type],
        })
        const several = fc.uniqueArray(one, {
          minLength: 1,
          maxLength,
          selector: ({ labels }) => labels.map(written).join('\uDBFF'),
        })
        return several.map((series) => ({ ...metric, series }))
      }),
  )
  .filter(({ type, name, labelNames }) => {
    if (type === 'counter') return name !== '_total'
    if (type === 'info') return name !== '_info'
    // The label that carries the state is named as the metric is: that has to be a name for a label, and free.
    return type !== 'stateset' || !(name.includes(':') || reserved.test(name) || labelNames.includes(name))
  })

/** Declares the metric in the registry and records its numbers. */
export function record(metric: HostileMetric, registry: Registry): void {
  const { type, name, help, labelNames, series } = metric
  const options = { name, help, labelNames, registry }
  switch (type) {
    case 'counter': {
      const declared = counter(options)
      for (const { labels, numbers } of series) declared.labels(...labels).inc(numbers[0])
      return
    }
    case 'gauge': {
      const declared = gauge(options)
      for (const { labels, numbers } of series) declared.labels(...labels).set(numbers[0]!)
      return
    }
    case 'histogram': {
      const declared = histogram({ ...options, buckets })
      for (const { labels, numbers } of series) {
        // Asked for, it is there, also when it never observes anything.
        const one = declared.labels(...labels)
        for (const number of numbers) one.observe(number)
      }
      return
    }
    case 'summary': {
      const declared = summary(options)
      for (const { labels, numbers } of series) {
        // Asked for, it is there, also when it never observes anything.
        const one = declared.labels(...labels)
        for (const number of numbers) one.observe(number)
      }
      return
    }
    case 'info': {
      const pairs = labelNames.map((label, i) => [label, String(series[0]!.labels[i])] as const)
      info({ name, help, registry }).set(Object.fromEntries(pairs))
      return
    }
    case 'stateset': {
      const declared = stateSet({ ...options, states })
      for (const { labels, numbers } of series) declared.labels(...labels).set(states[numbers[0]!]!)
    }
  }
}

/** A label value as text in valid UTF-8: a lone surrogate has no UTF-8 and becomes U+FFFD. */
export function written(value: LabelValue): string {
  return String(value).replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
