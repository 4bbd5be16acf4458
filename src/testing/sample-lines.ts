import { formatBound } from '../exposition/number.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import type { LabelSet } from '../model/label-set.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import type { StateSetValue, SummaryValue } from '../model/sample.ts'

/** A sample as a text exposition has it: a histogram has one for each bucket, one for its sum and one for its count. */
export interface SampleLine {
  readonly name: string
  readonly labels: LabelSet
  readonly value: number
}

/** The samples of a family as the Prometheus text format has them. */
export function sampleLines(family: MetricFamily): SampleLine[] {
  return [...samplesOf(family)].flatMap(({ labels, value }) => {
    switch (family.type) {
      case 'counter':
      case 'gauge':
      case 'info':
      case 'unknown':
        return [{ name: family.name, labels, value: value as number }]
      case 'stateset':
        return Object.entries(value as StateSetValue).map(([state, isCase]) => ({
          name: family.name,
          labels: { ...labels, [family.name]: state },
          value: isCase ? 1 : 0,
        }))
      case 'histogram':
      case 'gaugehistogram':
        return histogramLines(family.name, labels, value as HistogramValue)
      case 'summary':
        return summaryLines(family.name, labels, value as SummaryValue)
    }
  })
}

function histogramLines(name: string, labels: LabelSet, { buckets, sum, count }: HistogramValue): SampleLine[] {
  let cumulative = 0
  const bucketLines = buckets.map((bucket) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le: formatBound(bucket.upperBound) },
    value: (cumulative += bucket.count),
  }))
  return [...bucketLines, { name: `${name}_sum`, labels, value: sum }, { name: `${name}_count`, labels, value: count }]
}

function summaryLines(name: string, labels: LabelSet, { quantiles, sum, count }: SummaryValue): SampleLine[] {
  const quantileLines = quantiles.map(({ quantile, value }) => ({
    name,
    labels: { ...labels, quantile: formatBound(quantile) },
    value,
  }))
  return [
    ...quantileLines,
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: count },
  ]
}
