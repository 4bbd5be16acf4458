import type { LintRule } from './rule.ts'

/** Names of metrics and labels are in snake_case. */
export const camelCase: LintRule = ({ name, labelNames }) => [
  ...(isCamelCase(name) ? ['is in camelCase: write its name in snake_case'] : []),
  ...labelNames.filter(isCamelCase).map((label) => `has the label ${label} in camelCase: write it in snake_case`),
]

function isCamelCase(name: string): boolean {
  return /[a-z][A-Z]/.test(name)
}
