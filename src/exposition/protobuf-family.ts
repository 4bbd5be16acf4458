import { inOneChunk } from '../model/build-columns.ts'
import { addsUp, OWN_LABELS, type MetricType } from '../model/descriptor.ts'
import type { Exemplar, RowExemplars } from '../model/exemplar.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { NativeBuckets } from '../model/native-buckets.ts'
import type { SeriesChunk, SeriesColumns } from '../model/series-columns.ts'
import { BoundTable, placeOf } from './bound-table.ts'
import { brief } from './parse-error.ts'
import { nativeOf } from './parsed-native.ts'
import { ParsedSeries } from './parsed-series.ts'
import { METRIC } from './protobuf-messages.ts'
import type { ProtobufMetric } from './protobuf-metric.ts'
import type { WireReader } from './wire-reader.ts'

/** The types that families are of once they were written in protobuf. */
export type ProtobufType = Exclude<MetricType, 'info' | 'stateset'>

/** The field of a metric that a type has its value in. */
const KINDS: Readonly<Record<ProtobufType, number>> = /* @__PURE__ */ (() => ({
  counter: METRIC.counter,
  gauge: METRIC.gauge,
  unknown: METRIC.untyped,
  summary: METRIC.summary,
  histogram: METRIC.histogram,
  gaugehistogram: METRIC.histogram,
}))()

/** An exemplar and the upper bound of its bucket. */
type BoundExemplar = readonly [bound: number, exemplar: Exemplar]

/** What a series has besides labels and bounds. */
interface Row {
  /** That of a scalar, or the sum. */
  readonly value: number
  readonly count: number
  readonly timestampMs: number
  readonly startTimestampMs: number
  readonly exemplars: readonly BoundExemplar[] | undefined
  readonly native: NativeBuckets | undefined
}

/** A family of which the metrics are being read. */
export class ProtobufFamily {
  readonly name: string
  readonly type: ProtobufType
  readonly help: string
  readonly unit: string
  readonly #series = new ParsedSeries()
  readonly #rows: Row[] = []
  /** Of a histogram or summary. */
  #bounds: BoundTable | undefined
  /** Where the last metric begins. */
  #place = 0

  constructor(name: string, type: ProtobufType, help: string, unit: string) {
    this.name = name
    this.type = type
    this.help = help
    this.unit = unit
  }

  /** The field of its metrics that has the value. */
  get kind(): number {
    return KINDS[this.type]
  }

  /** Takes the metric that the reader has read. */
  add(reader: WireReader, metric: ProtobufMetric): void {
    this.#place = metric.place
    if (reader.strict) this.#checkKind(reader, metric)
    const { names, places } = metric.labels
    // Other formats add it, so it must not be here.
    const reserved = names.indexOf(OWN_LABELS[this.type] ?? '')
    if (reserved !== -1)
      throw reader.error('INVALID_LABELS', 'N4', `the label ${names[reserved]} belongs to the format`, places[reserved])
    const row = this.#series.rowOf(metric.labels, undefined, reader)
    if (row < this.#rows.length) {
      // Prometheus keeps the first one, too.
      if (!reader.strict) return
      throw reader.error('DUPLICATE_SERIES', 'T8', 'this series was there before', metric.place)
    }
    const isHistogram = this.type === 'histogram' || this.type === 'gaugehistogram'
    if (isHistogram) this.#addBuckets(reader, metric)
    else if (this.type === 'summary') this.#table.add(metric.bounds, metric.numbers, metric.bounds.length)
    this.#rows.push({
      value: metric.value,
      count: countOf(metric),
      timestampMs: metric.timestampMs,
      startTimestampMs: addsUp(this.type) ? metric.startTimestampMs : Number.NaN,
      exemplars: exemplarsOf(metric),
      native: isHistogram ? nativeOf(reader, metric) : undefined,
    })
  }

  /** @throws {ParseError} if the series are too different for a family */
  build(reader: WireReader): MetricFamily {
    const { name, help, unit, type } = this
    const descriptor = { name, help, unit, labelNames: this.#series.labelNames }
    switch (type) {
      case 'counter':
      case 'gauge':
      case 'unknown':
        return { ...descriptor, type, columns: this.#columns(reader, this.#values(), 1, []) }
      case 'summary': {
        const quantiles = this.#table.bounds()
        const table = this.#table.table(quantiles, 2) ?? this.#tooSparse(reader)
        const width = quantiles.length + 2
        for (const [row, { count, value }] of this.#rows.entries()) {
          table[row * width] = count
          table[row * width + 1] = value
        }
        return { ...descriptor, type, quantiles, columns: this.#columns(reader, table, width, []) }
      }
      case 'histogram':
      case 'gaugehistogram': {
        const upperBounds = this.#table.bounds()
        const table = this.#table.table(upperBounds, 0) ?? this.#tooSparse(reader)
        const width = upperBounds.length + 2
        for (const [row, each] of this.#rows.entries()) fillHistogram(table, row * width, width, each)
        return { ...descriptor, type, upperBounds, columns: this.#columns(reader, table, width, upperBounds) }
      }
    }
  }

  #checkKind(reader: WireReader, { kinds, place }: ProtobufMetric): void {
    const kind = 1 << this.kind
    if ((kinds & kind) === 0) throw reader.error('MISSING_SAMPLE', 'B2', `a metric has no ${this.type}`, place)
    if (kinds !== kind) throw reader.error('INVALID_TYPE', 'B2', `a metric is not a ${this.type} alone`, place)
  }

  #values(): Float64Array {
    return Float64Array.from(this.#rows, ({ value }) => value)
  }

  get #table(): BoundTable {
    return (this.#bounds ??= new BoundTable())
  }

  #addBuckets(reader: WireReader, metric: ProtobufMetric): void {
    const { bounds, numbers, place } = metric
    const count = countOf(metric)
    // The bucket to infinity says no more than the count (conformance B4).
    const length = bounds.at(-1) === Number.POSITIVE_INFINITY ? bounds.length - 1 : bounds.length
    if (reader.strict) {
      if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
        throw reader.error('INVALID_VALUE', 'T7', `a count is not ${count}`, place)
      if (bounds.length > 0 && (length < bounds.length ? numbers.at(-1)! !== count : numbers.at(-1)! > count))
        throw reader.error('INVALID_BUCKETS', 'T7', `the last bucket is ${numbers.at(-1)}, the count ${count}`, place)
    }
    this.#table.add(bounds, numbers, length)
    if (reader.strict && !this.#table.isUniform)
      throw reader.error('INVALID_BUCKETS', 'narthex', `${brief(this.name)} has series of different buckets`, place)
  }

  #columns(reader: WireReader, values: Float64Array, width: number, upperBounds: readonly number[]): SeriesColumns {
    const rows = this.#rows
    const labelIds = this.#series.labelIds() ?? this.#tooSparse(reader)
    const timestampsMs = Float64Array.from(rows, (row) => row.timestampMs)
    const startTimestampsMs = Float64Array.from(rows, (row) => row.startTimestampMs)
    const chunk: SeriesChunk = {
      values,
      labelIds,
      ...(timestampsMs.some(isNumber) && { timestampsMs }),
      ...(startTimestampsMs.some(isNumber) && { startTimestampsMs }),
      ...(rows.some((row) => row.exemplars) && { exemplars: rows.map((row) => placed(row.exemplars, upperBounds)) }),
      ...(rows.some((row) => row.native) && { native: rows.map((row) => row.native) }),
    }
    return inOneChunk(width, rows.length, chunk, this.#series.labelValues)
  }

  #tooSparse(reader: WireReader): never {
    const message = `the series of ${brief(this.name)} have too little in common for a family`
    throw reader.error('TOO_SPARSE', 'narthex', message, this.#place)
  }
}

function countOf({ isFloat, floatCount, count }: ProtobufMetric): number {
  return isFloat ? floatCount : count
}

/** That of a counter, or those of buckets; none of other types. */
function exemplarsOf({ exemplar, exemplars, bounds }: ProtobufMetric): readonly BoundExemplar[] | undefined {
  if (exemplar !== undefined) return [[Number.POSITIVE_INFINITY, exemplar]]
  const given = exemplars.flatMap((each, i): BoundExemplar[] => (each ? [[bounds[i]!, each]] : []))
  return given.length === 0 ? undefined : given
}

/** From cumulative counts to a count per bucket; a bucket that is missing holds nothing. */
function fillHistogram(table: Float64Array, at: number, width: number, { count, value }: Row): void {
  const toInfinity = at + width - 2
  let before = 0
  for (let i = at; i < toInfinity; i++) {
    const cumulative = table[i]!
    table[i] = Number.isNaN(cumulative) ? 0 : cumulative - before
    if (!Number.isNaN(cumulative)) before = cumulative
  }
  table[toInfinity] = count - before
  table[toInfinity + 1] = value
}

/** By column: those of the buckets, the last one for that to infinity. */
function placed(given: readonly BoundExemplar[] | undefined, upperBounds: readonly number[]): RowExemplars | undefined {
  if (given === undefined) return undefined
  const columns: (Exemplar | undefined)[] = [...upperBounds.map(() => undefined), undefined]
  for (const [bound, exemplar] of given) columns[placeOf(bound, upperBounds, -1)] ??= exemplar
  return columns
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value)
}
