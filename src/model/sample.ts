import type { Exemplar } from './exemplar.ts'
import type { HistogramValue } from './histogram-value.ts'
import type { LabelSet } from './label-set.ts'

/** Count and sum of what a summary observed, and its quantiles where it has any. */
export interface SummaryValue {
  readonly count: number
  readonly sum: number
  /** In ascending order of `quantile`; the value is NaN when the window is empty. */
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[]
}

/** For each state whether it is the case. */
export type StateSetValue = Readonly<Record<string, boolean>>

/** What one series is worth at a scrape: a number, or a composite value for the types that have one. */
export type SampleValue = number | HistogramValue | SummaryValue | StateSetValue

/** One series of a family at a scrape. */
export interface Sample<Value extends SampleValue = SampleValue> {
  readonly labels: LabelSet
  readonly value: Value
  /** Unix time in milliseconds; only foreign samples carry one. */
  readonly timestampMs?: number
  /** When the series began, unix time in milliseconds: of counters, histograms and summaries where it is known. */
  readonly startTimestampMs?: number
  /**
   * At most one of a counter, and one per classic bucket of a histogram; the native ones are with the native buckets.
   */
  readonly exemplars?: readonly Exemplar[]
}
