import type { MetricType } from '../../model/descriptor.ts'
import type { LintRule } from './rule.ts'

/** What a histogram and a summary make of their name, and the labels that they write, belong to them. */
export const reservedName: LintRule = ({ name, type, labelNames }) => {
  // It may be any of them.
  if (type === 'unknown') return []
  const suffixes = SUFFIXES.filter(({ text, of }) => name.endsWith(text) && !of.includes(type))
  const labels = LABELS.filter(({ text, of }) => labelNames.includes(text) && !of.includes(type))
  return [
    ...suffixes.map(({ text, of }) => `is a ${type}: the suffix ${text} belongs to ${of.join(', ')}`),
    ...labels.map(({ text, of }) => `is a ${type}: the label ${text} belongs to ${of.join(', ')}`),
  ]
}

interface Reserved {
  readonly text: string
  readonly of: readonly MetricType[]
}

const HISTOGRAMS: readonly MetricType[] = ['histogram', 'gaugehistogram']

const SUFFIXES: readonly Reserved[] = [
  { text: '_bucket', of: HISTOGRAMS },
  { text: '_count', of: [...HISTOGRAMS, 'summary'] },
  { text: '_sum', of: [...HISTOGRAMS, 'summary'] },
]

const LABELS: readonly Reserved[] = [
  { text: 'le', of: HISTOGRAMS },
  { text: 'quantile', of: ['summary'] },
]
