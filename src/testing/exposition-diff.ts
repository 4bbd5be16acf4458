import { familyLines, type FamilyLines, type SampleText } from './exposition-lines.ts'

/**
 * What two expositions in a text format do not have in common, family by family, for people to read; empty if nothing.
 * Means the same and is no difference: another order of families, series or labels, `1.0` for `1`, indentation, empty
 * lines.
 *
 * @example
 * ```ts
 * import { diffExpositions } from 'narthex/testing'
 *
 * const expected = `
 *   # TYPE orders_total counter
 *   orders_total{shop="tea",express="true"} 3
 *   orders_total{shop="coffee",express="true"} 1
 * `
 * const actual = `
 *   # TYPE orders_total counter
 *   orders_total{express="true",shop="coffee"} 1
 *   orders_total{express="true",shop="tea"} 2
 * `
 * console.log(diffExpositions(expected, actual))
 * // - expected
 * // + actual
 * //
 * // orders_total
 * // - orders_total{shop="tea",express="true"} 3
 * // + orders_total{express="true",shop="tea"} 2
 * ```
 */
export function diffExpositions(expected: string, actual: string): string {
  const before = familyLines(expected)
  const after = familyLines(actual)
  const blocks = [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const lines = diffFamilies(before.get(name), after.get(name))
    return lines.length === 0 ? [] : [[headOf(name, before, after), ...lines].join('\n')]
  })
  return blocks.length === 0 ? '' : ['- expected\n+ actual', ...blocks].join('\n\n')
}

type Families = ReadonlyMap<string, FamilyLines>

function headOf(name: string, expected: Families, actual: Families): string {
  if (!actual.has(name)) return `${name} is missing`
  return expected.has(name) ? name : `${name} is not expected`
}

const NONE: FamilyLines['series'] = new Map()

function diffFamilies(expected: FamilyLines | undefined, actual: FamilyLines | undefined): string[] {
  const [wanted, there] = [expected?.comments ?? [], actual?.comments ?? []]
  return [
    ...wanted.filter((line) => !there.includes(line)).map(missing),
    ...there.filter((line) => !wanted.includes(line)).map(unexpected),
    ...diffSeries(expected?.series ?? NONE, actual?.series ?? NONE),
  ]
}

function diffSeries(expected: FamilyLines['series'], actual: FamilyLines['series']): string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((series) => {
    const [wanted, there] = [expected.get(series) ?? [], actual.get(series) ?? []]
    if (valuesOf(wanted) === valuesOf(there)) return []
    return [...wanted.map(({ line }) => missing(line)), ...there.map(({ line }) => unexpected(line))]
  })
}

function valuesOf(samples: readonly SampleText[]): string {
  return JSON.stringify(samples.map(({ value }) => value))
}

function missing(line: string): string {
  return `- ${line}`
}

function unexpected(line: string): string {
  return `+ ${line}`
}
