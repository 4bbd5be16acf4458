import type { LintRule } from './rule.ts'

/**
 * Numbers are in base units, so that every dashboard can show every metric.
 * The units and prefixes are those that `promtool check metrics` of Prometheus 2.42 finds.
 */
export const baseUnit: LintRule = ({ name }) =>
  [...new Set(name.split('_'))].flatMap((word) => {
    const base = baseUnitOf(word)
    return base === undefined || base === word ? [] : [`is in ${word}: use the base unit ${base}`]
  })

/** By unit: the base unit to use instead, itself if it is one. */
const BASE_UNITS: ReadonlyMap<string, string> = new Map([
  ['amperes', 'amperes'],
  ['bytes', 'bytes'],
  ['celsius', 'celsius'],
  ['grams', 'grams'],
  ['joules', 'joules'],
  ['kelvin', 'kelvin'],
  ['meters', 'meters'],
  ['metres', 'metres'],
  ['seconds', 'seconds'],
  ['volts', 'volts'],
  ['minutes', 'seconds'],
  ['hours', 'seconds'],
  ['days', 'seconds'],
  ['weeks', 'seconds'],
  ['kelvins', 'kelvin'],
  ['fahrenheit', 'celsius'],
  ['rankine', 'celsius'],
  ['inches', 'meters'],
  ['yards', 'meters'],
  ['miles', 'meters'],
  ['bits', 'bytes'],
  ['calories', 'joules'],
  ['pounds', 'grams'],
  ['ounces', 'grams'],
])

const PREFIXED =
  /^(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mibi|giga|gibi|tera|tebi|peta|pebi)(?<unit>.+)$/

function baseUnitOf(word: string): string | undefined {
  return BASE_UNITS.get(word) ?? BASE_UNITS.get(PREFIXED.exec(word)?.groups?.['unit'] ?? '')
}
