import { NONE, type SeriesSlots } from './series-slots.ts'

/*
 * Where the platform allows it (not Workers, nor pages with a content security policy), the code that looks labels up
 * is generated for the label names of a metric: `labels.endpoint` in code of its own is several times faster than
 * `labels[name]` in code that all metrics share (questions labelled-inc and positional-inc of the benchmarks). There is
 * a path without it for everything here, and tests hold both to the same.
 */

/** Finds what was there before. All else is nobody's here: new label sets, and what is no label set at all. */
export interface GeneratedLookup {
  /** The row of labels by name; {@link NONE} if there is none. */
  readonly byName: (labels: unknown) => number
  /** The series of labels by name or by position, or what `otherwise` says of them. */
  readonly labels: (...labels: readonly unknown[]) => unknown
}

/** Makes the look-up of a metric. */
type Factory = (slots: SeriesSlots, otherwise: (...labels: readonly unknown[]) => unknown) => GeneratedLookup

/** By names: metrics with the same names share it. `undefined` where code may not be generated. */
const factories = new Map<string, Factory | undefined>()

export function generatedLookup(names: readonly string[], ...where: Parameters<Factory>): GeneratedLookup | undefined {
  if (names.length === 0) return undefined
  const key = JSON.stringify(names)
  if (!factories.has(key)) factories.set(key, factory(names))
  return factories.get(key)?.(...where)
}

function factory(names: readonly string[]): Factory | undefined {
  const each = (code: (i: number) => string, separator = ','): string => names.map((_, i) => code(i)).join(separator)
  const values = each((i) => `value${i}`)
  const row = (value: (i: number) => string, none: string): string => `
    ${each((i) => `const step${i} = label${i}.stepOf(${value(i)}); if (step${i} === ${NONE}) return ${none}`, '\n')}
    const slot = ${each((i) => `step${i}`, '+')}
    const row = !slots.dense ? slots.rowOf([${each((i) => `step${i}`)}])
      : !slots.direct ? slots.rows[slot] : (slots.rows[slot >>> 5] >>> slot) & 1 ? slot : ${NONE}`
  // Only an array could have as many elements as there are names, and a label named `length`.
  const array = names.includes('length') ? ' || Array.isArray(labels)' : ''
  try {
    // Only constants of this file and JSON strings go into the code, so no name can break out of its quotes.
    // oxlint-disable-next-line typescript/no-implied-eval -- the one place where code is generated, see above
    return new Function(
      'slots',
      'otherwise',
      `const [${each((i) => `label${i}`)}] = slots.labels
  const byName = (labels) => {
    if (typeof labels !== 'object'${array}) return ${NONE}
    let given = 0
    for (const _ in labels) given++
    if (given !== ${names.length}) return ${NONE}
    ${row((i) => `labels[${JSON.stringify(names[i])}]`, `${NONE}`)}
    return row
  }
  const found = (row) => (row < 0 ? undefined : slots.table.givenOut(row))
  return {
    byName,
    labels(${values}) {
      if (arguments.length === ${names.length} && typeof value0 !== 'object') {
        ${row((i) => `value${i}`, `otherwise(${values})`)}
        return found(row) ?? otherwise(${values})
      }
      if (arguments.length !== 1) return otherwise.apply(undefined, arguments)
      return found(byName(value0)) ?? otherwise(value0)
    },
  }`,
    ) as Factory
  } catch {
    return undefined
  }
}
