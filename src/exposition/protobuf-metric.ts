import type { Exemplar } from '../model/exemplar.ts'
import { LabelPairs } from './label-pairs.ts'

/** The spans and the counts of one side of a native histogram, as they stand there. */
export class ProtobufSide {
  readonly offsets: number[] = []
  readonly lengths: number[] = []
  /** Of integers: the differences. */
  readonly deltas: number[] = []
  /** Of doubles. */
  readonly counts: number[] = []

  clear(): void {
    this.offsets.length = 0
    this.lengths.length = 0
    this.deltas.length = 0
    this.counts.length = 0
  }
}

/** One metric as it stands there: the last value of each field, and 0 where there is none. One object serves all. */
export class ProtobufMetric {
  readonly labels: LabelPairs = new LabelPairs()
  /** The names by position that were found to be names of labels. */
  readonly checkedNames: string[] = []
  /** Where the metric begins. */
  place = 0
  /** Which of its values are there, a bit for each field. */
  kinds = 0
  /** NaN for none, as the start timestamp. */
  timestampMs: number = Number.NaN
  startTimestampMs: number = Number.NaN
  /** That of a counter, gauge or untyped, or the sum. */
  value = 0
  exemplar: Exemplar | undefined
  count = 0
  /** That as a double: it stands for the other if it is not 0. */
  floatCount = 0
  /** Upper bounds, or quantiles; and cumulative counts, or values. */
  readonly bounds: number[] = []
  readonly numbers: number[] = []
  /** By bucket. */
  readonly exemplars: (Exemplar | undefined)[] = []
  schema = 0
  zeroThreshold = 0
  zeroCount = 0
  floatZeroCount = 0
  readonly positive: ProtobufSide = new ProtobufSide()
  readonly negative: ProtobufSide = new ProtobufSide()
  readonly nativeExemplars: Exemplar[] = []

  /** Whether the counts are doubles. */
  get isFloat(): boolean {
    return this.floatCount !== 0
  }

  clear(place: number): void {
    this.place = place
    this.labels.clear()
    this.kinds = 0
    this.timestampMs = Number.NaN
    this.startTimestampMs = Number.NaN
    this.value = 0
    this.exemplar = undefined
    this.count = 0
    this.floatCount = 0
    this.bounds.length = 0
    this.numbers.length = 0
    this.exemplars.length = 0
    this.schema = 0
    this.zeroThreshold = 0
    this.zeroCount = 0
    this.floatZeroCount = 0
    this.positive.clear()
    this.negative.clear()
    this.nativeExemplars.length = 0
  }
}
