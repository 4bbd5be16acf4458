import { hasWord } from './name-word.ts'
import type { LintRule } from './rule.ts'

/** `m` may be meters, minutes or a million: units are written out. */
export const abbreviatedUnit: LintRule = ({ name }) =>
  ABBREVIATIONS.filter((unit) => hasWord(name, unit)).map(
    (unit) => `abbreviates a unit: write out ${unit}, as a base unit`,
  )

/** Those that `promtool check metrics` of Prometheus 2.42 finds. */
const ABBREVIATIONS = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd']
