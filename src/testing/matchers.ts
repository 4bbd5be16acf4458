import type { SampleValue } from '../model/sample.ts'
import { diffExpositions } from './exposition-diff.ts'
import { exposeText, type ExposeTextOptions } from './expose-text.ts'
import { lint, type LintProblem } from './lint.ts'
import { isSameValue } from './sample-equality.ts'
import { findValue, type SoughtLabels } from './sample-search.ts'
import { seriesText } from './series-text.ts'
import { readFamilies, type Gatherer, type Readable } from './source.ts'

/** What a matcher answers: the form that vitest and jest share. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

type Answer = MatcherResult | Promise<MatcherResult>

/**
 * Matchers for `expect.extend`, of vitest and of jest. What they are given is a metric, families, or a registry; with a
 * registry they answer later, so `await expect(registry)…`.
 *
 * @example
 * ```ts
 * import { Counter } from 'narthex'
 * import { matchers } from 'narthex/testing'
 * import { expect, test } from 'vitest'
 *
 * expect.extend(matchers)
 *
 * test('an order is counted', () => {
 *   const orders = new Counter({ name: 'orders', help: 'Orders taken.', labelNames: ['shop'] })
 *   orders.inc({ shop: 'tea' })
 *   expect(orders).toHaveSample('orders_total', { shop: 'tea' }, 1)
 * })
 * ```
 */
export const matchers: {
  readonly toHaveSample: (
    received: Gatherer | Readable,
    name: string,
    labels?: SoughtLabels,
    value?: SampleValue,
  ) => Answer
  readonly toExpose: (received: Gatherer | Readable | string, text: string, options?: ExposeTextOptions) => Answer
  readonly toPassLint: (received: Gatherer | Readable) => Answer
} = { toHaveSample, toExpose, toPassLint }

/**
 * The types of {@link matchers}, for the declarations that a test runner needs. `Received` is what `expect` is given.
 */
export interface MetricMatchers<Received = unknown> {
  /**
   * That there is a series with these labels, and that it is worth `value`, if one is given.
   *
   * @param name of a family, with or without its `_total` or `_info`, or of a sample in the text format
   */
  toHaveSample(name: string, labels?: SoughtLabels, value?: SampleValue): Outcome<Received>
  /** That the exposition is this text, in whatever order, see `diffExpositions`. Takes an exposition as text, too. */
  toExpose(text: string, options?: ExposeTextOptions): Outcome<Received>
  /** That `lint` finds nothing. */
  toPassLint(): Outcome<Received>
}

/** Of a registry the outcome is known later: it has to be awaited. */
type Outcome<Received> = Received extends Gatherer ? Promise<void> : void

function toHaveSample(
  received: Gatherer | Readable,
  name: string,
  labels: SoughtLabels = {},
  value?: SampleValue,
): Answer {
  return readFamilies(received, (families) => {
    const found = findValue(families, name, labels)
    const series = seriesText(
      name,
      Object.entries(labels).map(([label, text]) => [label, String(text)]),
    )
    return {
      pass: found !== undefined && (value === undefined || isSameValue(found, value)),
      message: () =>
        found === undefined
          ? `There is no series ${series}.`
          : `${series} is ${textOf(found)}${instead(found, value)}.`,
    }
  })
}

function instead(found: SampleValue, value: SampleValue | undefined): string {
  return value === undefined || isSameValue(found, value) ? '' : `, not ${textOf(value)}`
}

function toExpose(received: Gatherer | Readable | string, text: string, options: ExposeTextOptions = {}): Answer {
  const exposition = typeof received === 'string' ? received : exposeText(received, options)
  return typeof exposition === 'string'
    ? compared(text, exposition)
    : exposition.then((actual) => compared(text, actual))
}

function compared(expected: string, actual: string): MatcherResult {
  const difference = diffExpositions(expected, actual)
  return {
    pass: difference === '',
    message: () =>
      difference === '' ? `The exposition is this one:\n\n${actual}` : `The exposition is another:\n\n${difference}`,
  }
}

function toPassLint(received: Gatherer | Readable): Answer {
  const problems = lint(received)
  return 'then' in problems ? problems.then(judged) : judged(problems)
}

function judged(problems: readonly LintProblem[]): MatcherResult {
  const list = problems.map(({ metric, message, rule }) => `- ${metric} ${message} (${rule})`).join('\n')
  return {
    pass: problems.length === 0,
    message: () => (problems.length === 0 ? 'The linter finds nothing.' : `The linter finds:\n\n${list}`),
  }
}

/** Infinity and NaN too, which JSON does not know. */
function textOf(value: SampleValue): string {
  if (typeof value === 'number') return String(value)
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' ? (Number.isFinite(each) ? each : String(each)) : each,
  )
}
