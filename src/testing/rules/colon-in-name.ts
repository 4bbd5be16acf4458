import type { LintRule } from './rule.ts'

/** Colons mark what recording rules of Prometheus have computed. */
export const colonInName: LintRule = ({ name }) =>
  name.includes(':') ? ["has a ':' in its name: those are for recording rules"] : []
