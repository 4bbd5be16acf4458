import type { LabelSet } from '../../model/label-set.ts'
import { samplesOf } from '../../model/metric-family.ts'
import { seriesText } from '../series-text.ts'
import type { LintRule } from './rule.ts'

/** Prometheus keeps one of two series with the same labels, and drops the other. */
export const duplicateSeries: LintRule = (family) => {
  const times = new Map<string, number>()
  for (const { labels } of samplesOf(family)) {
    const identity = identityOf(family.name, labels)
    times.set(identity, (times.get(identity) ?? 0) + 1)
  }
  return [...times].filter(([, count]) => count > 1).map(([series, count]) => `has ${count} series ${series}`)
}

/** To Prometheus a label without text is none, and the order of labels means nothing. */
function identityOf(name: string, labels: LabelSet): string {
  return seriesText(
    name,
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}
