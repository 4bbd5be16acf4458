import { hasWord } from './name-word.ts'
import type { LintRule } from './rule.ts'

/** The type of a metric is told beside its name, and may change while the name stays. */
export const typeInName: LintRule = ({ name }) =>
  TYPES.filter((type) => hasWord(name, type)).map((type) => `has a type in its name: leave out ${type}`)

/** `info` is not among them: the name of every info ends in it. */
const TYPES = ['counter', 'gauge', 'histogram', 'gauge_histogram', 'summary']
