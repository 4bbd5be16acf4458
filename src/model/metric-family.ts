import type { Descriptor } from './descriptor.ts'
import type { HistogramValue } from './histogram-value.ts'
import type { LabelSet } from './label-set.ts'
import type { Sample, SampleValue, StateSetValue, SummaryValue } from './sample.ts'
import { ABSENT, REMOVED, type SeriesChunk, type SeriesColumns } from './series-columns.ts'

/** Counter, gauge, info or unknown: one number per series. Columns: the value. */
export interface ScalarFamily extends Descriptor {
  readonly type: 'counter' | 'gauge' | 'info' | 'unknown'
  readonly columns: SeriesColumns
}

/** Columns: a count per upper bound (of the bucket alone), the count above the last bound, the sum. */
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
 * histogram and summary; the family of a counter is named with its `_total`). Writers make expositions of it, and it may
 * cross a thread or a process as it is.
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
    const value = valueAt(family, chunk.values, at * width)
    const labels = labelsAt(labelNames, chunk.labelIds, at * labelNames.length, columns.labelValues)
    const timestampMs = chunk.timestampsMs?.[at] ?? Number.NaN
    yield Number.isNaN(timestampMs) ? { labels, value } : { labels, value, timestampMs }
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

function valueAt(family: MetricFamily, values: Float64Array, at: number): SampleValue {
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return values[at]!
    case 'histogram':
    case 'gaugehistogram':
      return histogramAt(family.upperBounds, values, at)
    case 'summary':
      return summaryAt(family.quantiles, values, at)
    case 'stateset':
      return Object.fromEntries(family.states.map((state, i) => [state, values[at + i] === 1]))
  }
}

function histogramAt(upperBounds: readonly number[], values: Float64Array, at: number): HistogramValue {
  const buckets = [...upperBounds, Number.POSITIVE_INFINITY].map((upperBound, i) => ({
    upperBound,
    count: values[at + i]!,
  }))
  const count = buckets.reduce((total, bucket) => total + bucket.count, 0)
  return { count, sum: values[at + buckets.length]!, buckets }
}

function summaryAt(quantiles: readonly number[], values: Float64Array, at: number): SummaryValue {
  return {
    count: values[at]!,
    sum: values[at + 1]!,
    quantiles: quantiles.map((quantile, i) => ({ quantile, value: values[at + 2 + i]! })),
  }
}

/** What {@link metricFamily} builds from: the descriptor and the rows. */
export type MetricFamilyOptions = { readonly name: string; readonly help: string; readonly unit?: string } & (
  | { readonly type: ScalarFamily['type']; readonly samples: readonly Sample<number>[] }
  | {
      readonly type: HistogramFamily['type']
      readonly upperBounds: readonly number[]
      readonly samples: readonly Sample<HistogramValue>[]
    }
  | {
      readonly type: 'summary'
      readonly quantiles: readonly number[]
      readonly samples: readonly Sample<SummaryValue>[]
    }
  | {
      readonly type: 'stateset'
      readonly states: readonly string[]
      readonly samples: readonly Sample<StateSetValue>[]
    }
)

/**
 * A family built by hand from rows: what a custom collector yields.
 * Its series may differ in label names (conformance CL12). Nothing is checked here but what would corrupt memory:
 * a histogram's `buckets` must be those of `upperBounds` and `Infinity`.
 *
 * @example
 * ```ts
 * import { defaultRegistry, metricFamily } from 'narthex'
 *
 * const queues = new Map([['mail', 3], ['print', 0]])
 * defaultRegistry.register({
 *   descriptors: [{ name: 'queue_length', help: 'Waiting jobs.', type: 'gauge', unit: '', labelNames: ['queue'] }],
 *   collect: () => [
 *     metricFamily({
 *       name: 'queue_length',
 *       help: 'Waiting jobs.',
 *       type: 'gauge',
 *       samples: [...queues].map(([queue, value]) => ({ labels: { queue }, value })),
 *     }),
 *   ],
 * })
 * // queue_length{queue="mail"} 3
 * // queue_length{queue="print"} 0
 * ```
 */
export function metricFamily(options: MetricFamilyOptions): MetricFamily {
  const { name, help, unit = '', type } = options
  const labelNames = [...new Set(options.samples.flatMap((sample) => Object.keys(sample.labels)))]
  const descriptor = { name, help, unit, labelNames }
  switch (type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { upperBounds, samples } = options
      const rows = samples.map(({ value }) => [...value.buckets.map((bucket) => bucket.count), value.sum])
      return { ...descriptor, type, upperBounds, columns: columnsOf(labelNames, samples, upperBounds.length + 2, rows) }
    }
    case 'summary': {
      const { quantiles, samples } = options
      const rows = samples.map(({ value }) => [value.count, value.sum, ...value.quantiles.map((each) => each.value)])
      return { ...descriptor, type, quantiles, columns: columnsOf(labelNames, samples, quantiles.length + 2, rows) }
    }
    case 'stateset': {
      const { states, samples } = options
      const rows = samples.map(({ value }) => states.map((state) => (value[state] === true ? 1 : 0)))
      return { ...descriptor, type, states, columns: columnsOf(labelNames, samples, states.length, rows) }
    }
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown': {
      const rows = options.samples.map((sample) => [sample.value])
      return { ...descriptor, type, columns: columnsOf(labelNames, options.samples, 1, rows) }
    }
  }
}

function columnsOf(
  labelNames: readonly string[],
  samples: readonly Sample[],
  width: number,
  rows: readonly (readonly number[])[],
): SeriesColumns {
  const labelValues: string[] = ['']
  const idOf = new Map<string, number>()
  const values = new Float64Array(rows.length * width)
  const labelIds = new Uint32Array(rows.length * labelNames.length)
  const timestampsMs = new Float64Array(rows.length).fill(Number.NaN)
  for (const [row, sample] of samples.entries()) {
    values.set(rows[row]!, row * width)
    if (sample.timestampMs !== undefined) timestampsMs[row] = sample.timestampMs
    for (const [i, name] of labelNames.entries()) {
      if (!Object.hasOwn(sample.labels, name)) continue
      const text = sample.labels[name]!
      let id = idOf.get(text)
      if (id === undefined) idOf.set(text, (id = labelValues.push(text) - 1))
      labelIds[row * labelNames.length + i] = id
    }
  }
  const timed = samples.some((sample) => sample.timestampMs !== undefined)
  const chunk: SeriesChunk = timed ? { values, labelIds, timestampsMs } : { values, labelIds }
  // One chunk for all: the next power of two holds every row.
  const chunkRows = 2 ** Math.ceil(Math.log2(Math.max(1, rows.length)))
  return { width, rowCount: rows.length, chunkRows, chunks: [chunk], labelValues }
}
