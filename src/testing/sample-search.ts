import { formatBound } from '../exposition/number.ts'
import { baseName } from '../model/descriptor.ts'
import type { LabelSet, LabelValue } from '../model/label-set.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import type { SampleValue } from '../model/sample.ts'
import { sampleLines } from './sample-lines.ts'
import { seriesText } from './series-text.ts'

/** All labels of one series, by name and in any order. */
export type SoughtLabels = Readonly<Record<string, LabelValue>>

/**
 * The value of one sample; `undefined` if there is no such series (yet).
 *
 * @param name of a family, with or without its `_total` or `_info`, or of a sample of its text exposition
 * @throws {Error} if no family has that name, or no series of it those label names: a test that hopes for `undefined`
 * must not pass because of a misspelling
 */
export function findValue(
  families: readonly MetricFamily[],
  name: string,
  labels: SoughtLabels = {},
): SampleValue | undefined {
  const candidates = families.flatMap((family) => candidatesOf(family, name))
  const sought = textsOf(labels)
  const found = candidates.find((candidate) => isSame(candidate.labels, sought))
  if (found !== undefined) return found.value
  if (candidates.length > 0) {
    if (candidates.some((candidate) => hasSameNames(Object.keys(candidate.labels), sought))) return undefined
    throw new Error(`No series is ${seriesText(name, Object.entries(sought))}: ${offered(name, candidates)}.`)
  }
  const family = families.find((each) => mayExpose(each, name))
  if (family === undefined) {
    throw new Error(`No metric is called ${name}: there is ${families.map((each) => each.name).join(', ') || 'none'}.`)
  }
  // An info has no label names before it tells something.
  if (family.type === 'info' || hasSameNames(family.labelNames, withoutOwn(sought, family))) return undefined
  const has = family.labelNames.length === 0 ? 'no labels' : `the labels ${family.labelNames.join(', ')}`
  throw new Error(`No series can be ${seriesText(name, Object.entries(sought))}: ${family.name} has ${has}.`)
}

interface Candidate {
  readonly labels: LabelSet
  readonly value: SampleValue
}

/** The composite values first: `slow` is all that a histogram observed, `slow_count` a number. */
function candidatesOf(family: MetricFamily, name: string): Candidate[] {
  const isFamily = family.name === name || baseName(family) === name
  return [...(isFamily ? samplesOf(family) : []), ...sampleLines(family).filter((line) => line.name === name)]
}

/** Whether a family without series would have samples of that name in its text exposition, if it had series. */
function mayExpose(family: MetricFamily, name: string): boolean {
  if (family.name === name || baseName(family) === name) return true
  const suffixes = SUFFIXES[family.type] ?? []
  return suffixes.some((suffix) => family.name + suffix === name)
}

const SUFFIXES: Partial<Record<MetricFamily['type'], readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  gaugehistogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
}

/** Numbers as the exposition has them: bounds and quantiles in the way of the text formats. */
function textsOf(labels: SoughtLabels): LabelSet {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => {
      const isBound = (name === 'le' || name === 'quantile') && typeof value === 'number'
      return [name, isBound ? formatBound(value) : String(value)]
    }),
  )
}

/** Without the labels that the format adds to samples. */
function withoutOwn(sought: LabelSet, family: MetricFamily): LabelSet {
  const own = new Set(['le', 'quantile', family.name])
  return Object.fromEntries(Object.entries(sought).filter(([name]) => !own.has(name)))
}

function isSame(labels: LabelSet, sought: LabelSet): boolean {
  return hasSameNames(Object.keys(labels), sought) && Object.keys(labels).every((name) => labels[name] === sought[name])
}

function hasSameNames(names: readonly string[], sought: LabelSet): boolean {
  return names.length === Object.keys(sought).length && names.every((name) => Object.hasOwn(sought, name))
}

/** The label names that there are. */
function offered(name: string, candidates: readonly Candidate[]): string {
  const all = new Set(candidates.map(({ labels }) => Object.keys(labels).join(', ') || 'no labels'))
  return `the series of ${name} have ${[...all].join('; or ')}`
}
