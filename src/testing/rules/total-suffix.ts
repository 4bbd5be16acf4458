import type { LintRule } from './rule.ts'

/** Who reads `_total` knows that the number only grows: counters have it, and nothing else has. */
export const totalSuffix: LintRule = ({ name, type }) => {
  const isTotal = name.endsWith('_total')
  if (type === 'counter') return isTotal ? [] : ['is a counter: end its name in _total']
  return isTotal && type !== 'unknown' ? [`is no counter but a ${type}: its name must not end in _total`] : []
}
