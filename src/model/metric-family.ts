import type { Descriptor } from './descriptor.ts'
import type { Exemplar } from './exemplar.ts'
import type { HistogramValue } from './histogram-value.ts'
import type { LabelSet } from './label-set.ts'
import type { NativeBuckets } from './native-buckets.ts'
import type { Sample, SampleValue, SummaryValue } from './sample.ts'
import { ABSENT, REMOVED, type SeriesChunk, type SeriesColumns } from './series-columns.ts'

/** Counter, gauge, info or unknown: one number per series. Columns: the value. */
export interface ScalarFamily extends Descriptor {
  readonly type: 'counter' | 'gauge' | 'info' | 'unknown'
  readonly columns: SeriesColumns
}

/**
 * Columns: a count per upper bound (of the bucket alone), the count above the last bound, the sum.
 * A native histogram has native buckets in its chunks, and no upper bounds if it has no classic ones beside them.
 */
export interface HistogramFamily extends Descriptor {
  readonly type: 'histogram' | 'gaugehistogram'
  /** Ascending and finite. */
  readonly upperBounds: readonly number[]
  readonly columns: SeriesColumns
}

/** Columns: the count, the sum, a value per quantile. */
export interface SummaryFamily extends Descriptor {
  readonly type: 'summary'
  /** Ascending, from 0 to 1. */
  readonly quantiles: readonly number[]
  readonly columns: SeriesColumns
}

/** Columns: 1 or 0 per state. */
export interface StateSetFamily extends Descriptor {
  readonly type: 'stateset'
  readonly states: readonly string[]
  readonly columns: SeriesColumns
}

/**
 * The immutable picture of a metric at one scrape: plain data, in the shape of OpenMetrics 2.0 (composite values for
 * histogram and summary; the family of a counter is named with its `_total`). Writers make expositions of it, and it
 * may cross a thread or a process as it is.
 */
export type MetricFamily = ScalarFamily | HistogramFamily | SummaryFamily | StateSetFamily

/**
 * The series of a family as rows, for readers that want them: tests, a dashboard, a merge.
 * A family is columns, so that a scrape of very many series need not make an object of each.
 *
 * @example
 * ```ts
 * import { counter, defaultRegistry, samplesOf } from 'narthex'
 *
 * counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'] }).inc({ queue: 'mail' }, 3)
 * for (const family of await defaultRegistry.gather()) {
 *   for (const { labels, value } of samplesOf(family)) console.log(family.name, labels, value)
 * }
 * // jobs_total { queue: 'mail' } 3
 * ```
 */
export function* samplesOf(family: MetricFamily): Generator<Sample, void, undefined> {
  const { columns, labelNames } = family
  const { width, chunkRows } = columns
  for (let row = 0; row < columns.rowCount; row++) {
    const chunk = columns.chunks[Math.floor(row / chunkRows)]!
    const at = row % chunkRows
    if (chunk.labelIds[at * labelNames.length] === REMOVED) continue
    yield {
      labels: labelsAt(labelNames, chunk.labelIds, at * labelNames.length, columns.labelValues),
      value: valueAt(family, chunk.values, at * width, chunk.native?.[at]),
      ...timesAt(chunk, at),
      ...exemplarsAt(chunk, at),
    }
  }
}

function labelsAt(names: readonly string[], ids: Uint32Array, at: number, texts: readonly string[]): LabelSet {
  const pairs: [string, string][] = []
  for (let i = 0; i < names.length; i++) {
    const id = ids[at + i]!
    if (id !== ABSENT) pairs.push([names[i]!, texts[id]!])
  }
  // Not `labels[name] = …`: that would lose a label named `__proto__`.
  return Object.fromEntries(pairs)
}

function timesAt(chunk: SeriesChunk, row: number): Pick<Sample, 'timestampMs' | 'startTimestampMs'> {
  const timestampMs = chunk.timestampsMs?.[row] ?? Number.NaN
  const startTimestampMs = chunk.startTimestampsMs?.[row] ?? Number.NaN
  return {
    ...(!Number.isNaN(timestampMs) && { timestampMs }),
    ...(!Number.isNaN(startTimestampMs) && { startTimestampMs }),
  }
}

function exemplarsAt(chunk: SeriesChunk, row: number): Pick<Sample, 'exemplars'> {
  const exemplars = chunk.exemplars?.[row]?.filter((each): each is Exemplar => each !== undefined) ?? []
  return exemplars.length === 0 ? {} : { exemplars }
}

function valueAt(
  family: MetricFamily,
  values: Float64Array,
  at: number,
  native: NativeBuckets | undefined,
): SampleValue {
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return values[at]!
    case 'histogram':
    case 'gaugehistogram':
      return histogramAt(family.upperBounds, values, at, native)
    case 'summary':
      return summaryAt(family.quantiles, values, at)
    case 'stateset':
      return Object.fromEntries(family.states.map((state, i) => [state, values[at + i] === 1]))
  }
}

function histogramAt(
  upperBounds: readonly number[],
  values: Float64Array,
  at: number,
  native: NativeBuckets | undefined,
): HistogramValue {
  const buckets = [...upperBounds, Number.POSITIVE_INFINITY].map((upperBound, i) => ({
    upperBound,
    count: values[at + i]!,
  }))
  const count = buckets.reduce((total, bucket) => total + bucket.count, 0)
  const sum = values[at + buckets.length]!
  return native === undefined ? { count, sum, buckets } : { count, sum, buckets, native }
}

function summaryAt(quantiles: readonly number[], values: Float64Array, at: number): SummaryValue {
  return {
    count: values[at]!,
    sum: values[at + 1]!,
    quantiles: quantiles.map((quantile, i) => ({ quantile, value: values[at + 2 + i]! })),
  }
}
