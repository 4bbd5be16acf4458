import type { RecordInRow } from './record-in-row.ts'
import { isSampling, type RecordingOptions } from './sampled-series.ts'
import type { Series } from './series.ts'
import { NONE, type SeriesSlots } from './series-slots.ts'

/*
 * Where the platform allows it (not Workers, nor pages with a content security policy), the code that looks labels up is
 * generated for the label names of a metric: `labels.endpoint` in code of its own is several times faster than
 * `labels[name]` in code that all metrics share, and so is a verb that calls nothing which other metrics call, too
 * (questions labelled-inc and many-metrics-inc of the benchmarks). There is a path without it for everything here, and
 * tests hold both to the same.
 */

/** A verb that takes labels by name: what is recorded, and what is done when it is no usual case. */
export interface VerbOptions<Context> {
  readonly width: number
  /** The amount if none is given. */
  readonly byDefault?: number
  /** The least number that is recorded; the rest goes to `otherwise`. */
  readonly atLeast: number
  readonly record: RecordInRow<Context>
  readonly context: Context
  /** Lets the series of a row have an exemplar; left out where it can have none. */
  readonly sample?: ((row: number, value: number, options: RecordingOptions | undefined) => void) | undefined
  /** Takes what is not found, or is wrong. */
  readonly otherwise: (...args: readonly unknown[]) => void
}

/** By names and kind of code: metrics with the same names share it. `undefined` where code may not be generated. */
const factories = new Map<string, ((...constants: readonly unknown[]) => unknown) | undefined>()

/** A verb that records by itself what is usual. */
export function generateVerb<Context>(
  names: readonly string[],
  where: SeriesSlots,
  options: VerbOptions<Context>,
): ((...args: readonly unknown[]) => void) | undefined {
  const { byDefault, width, atLeast, record, context, sample } = options
  const otherwise = 'return otherwise(labels, value, options)'
  const sampled = 'if (options !== undefined || isSampling()) sample(row, value, options)'
  const recorded = `record(chunks[row >>> shift].values, (row & mask) * width, value, context)
    ${sample === undefined ? '' : sampled}
    return`
  const body = `return (labels, value${byDefault === undefined ? '' : ` = ${byDefault}`}, options) => {
    if (typeof value !== 'number' || !(value >= atLeast)) ${otherwise}
    ${unlessByName(names, otherwise)}
    ${withRow(names, (name) => `labels[${JSON.stringify(name)}]`, otherwise, recorded)}
  }`
  return generated(`verb ${byDefault} ${sample === undefined}`, names, body, where, {
    width,
    atLeast,
    record,
    context,
    isSampling,
    sample,
    otherwise: options.otherwise,
  }) as ReturnType<typeof generateVerb>
}

/** `labels(…)` for what is usual: a series that was asked for before. */
export function generateLabels<S extends Series>(
  names: readonly string[],
  where: SeriesSlots,
  otherwise: (...labels: readonly unknown[]) => S,
): ((...labels: readonly unknown[]) => S) | undefined {
  const values = names.map((_, i) => `value${i}`)
  const labels = values[0]
  const byName = `return otherwise(${labels})`
  const byPosition = `return otherwise(${values.join(', ')})`
  // Not `...arguments`, which would make an array of them at every call.
  const body = `return function labels(${values.join(', ')}) {
    if (arguments.length === 1 && typeof ${labels} === 'object') {
      const labels = ${labels}
      ${unlessByName(names, byName)}
      ${withRow(names, (name) => `labels[${JSON.stringify(name)}]`, byName, knownSeries(byName))}
    }
    if (arguments.length !== ${names.length}) return otherwise.apply(undefined, arguments)
    ${withRow(names, (_, i) => `value${i}`, byPosition, knownSeries(byPosition))}
  }`
  return generated('labels', names, body, where, { otherwise }) as ReturnType<typeof generateLabels<S>>
}

/** Returns the series of a `row`, if there is an object of it; does `otherwise` if not. */
function knownSeries(otherwise: string): string {
  return `const { series } = chunks[row >>> shift]; const there = series?.[row & mask]; if (there === undefined) ${otherwise}; return there`
}

/** @param constants what the code uses, always in the same order */
function generated(
  kind: string,
  names: readonly string[],
  body: string,
  where: SeriesSlots,
  constants: object,
): unknown {
  if (names.length === 0) return undefined
  const key = JSON.stringify([kind, names])
  const all = { where, ...constants }
  if (!factories.has(key)) factories.set(key, factory(names, Object.keys(all), body))
  return factories.get(key)?.(...Object.values(all))
}

function factory(
  names: readonly string[],
  parameters: readonly string[],
  body: string,
): ((...constants: readonly unknown[]) => unknown) | undefined {
  const beginning = `const [${names.map((_, i) => `label${i}`).join()}] = where.labels
    const { chunks, chunkShift: shift, chunkMask: mask } = where.table`
  try {
    // Only constants of this file and JSON strings go into the code, so no name can break out of its quotes.
    // oxlint-disable-next-line typescript/no-implied-eval -- the one place where code is generated, see above
    return new Function(
      ...parameters,
      `${beginning}
${body}`,
    ) as (...constants: readonly unknown[]) => unknown
  } catch {
    return undefined
  }
}

/** Does `otherwise` unless `labels` are as many as there are names. */
function unlessByName(names: readonly string[], otherwise: string): string {
  // Only an array could have as many elements as there are names, and a label named `length`.
  const array = names.includes('length') ? ' || Array.isArray(labels)' : ''
  return `if (typeof labels !== 'object'${array}) ${otherwise}
    let given = 0
    for (const _ in labels) given++
    if (given !== ${names.length}) ${otherwise}`
}

/** Does `found` with the `row` of the values, and `otherwise` if there is none. */
function withRow(
  names: readonly string[],
  valueOf: (name: string, i: number) => string,
  otherwise: string,
  found: string,
): string {
  const each = (code: (name: string, i: number) => string, separator: string): string => names.map(code).join(separator)
  return `${each((name, i) => `const step${i} = label${i}.stepOf(${valueOf(name, i)}); if (step${i} === ${NONE}) ${otherwise}`, '\n')}
    const row = where.dense ? where.rows[${each((_, i) => `step${i}`, ' + ')}] : where.rowOf([${each((_, i) => `step${i}`, ',')}])
    if (row < 0) ${otherwise}
    ${found}`
}
