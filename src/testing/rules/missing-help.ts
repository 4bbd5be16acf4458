import type { LintRule } from './rule.ts'

/** People who read a metric need to be told what it measures. */
export const missingHelp: LintRule = ({ help }) => (help === '' ? ['has no help text'] : [])
