import type { Exemplar } from '../model/exemplar.ts'
import { readExemplar, readTimestamp } from './protobuf-exemplar-reader.ts'
import { BUCKET, BUCKET_SPAN, HISTOGRAM } from './protobuf-messages.ts'
import type { ProtobufMetric, ProtobufSide } from './protobuf-metric.ts'
import type { WireReader } from './wire-reader.ts'

/** The offset of a span, in either direction, and its length: more are no index of a bucket. */
const MOST_BUCKETS = 0x7fff_ffff

/** Reads the field of a metric that is a histogram. */
export function readHistogram(reader: WireReader, metric: ProtobufMetric): void {
  const outer = reader.enter()
  for (let seen = 0; reader.nextUpTo(HISTOGRAM.exemplars);) {
    if (!readPart(reader, metric)) seen = readOnce(reader, metric, seen)
  }
  reader.leave(outer)
}

/** Reads a field of which there may be several. @returns whether it is one */
function readPart(reader: WireReader, metric: ProtobufMetric): boolean {
  switch (reader.field) {
    case HISTOGRAM.bucket:
      readBucket(reader, metric)
      return true
    case HISTOGRAM.negativeSpan:
      readSpan(reader, metric.negative)
      return true
    case HISTOGRAM.negativeDelta:
      reader.zigzags(metric.negative.deltas)
      return true
    case HISTOGRAM.negativeCount:
      reader.doubles(metric.negative.counts)
      return true
    case HISTOGRAM.positiveSpan:
      readSpan(reader, metric.positive)
      return true
    case HISTOGRAM.positiveDelta:
      reader.zigzags(metric.positive.deltas)
      return true
    case HISTOGRAM.positiveCount:
      reader.doubles(metric.positive.counts)
      return true
    case HISTOGRAM.exemplars:
      readNativeExemplar(reader, metric)
      return true
    default:
      return false
  }
}

/** @returns the fields that were there, with this one */
function readOnce(reader: WireReader, metric: ProtobufMetric, before: number): number {
  const seen = reader.once(before)
  switch (reader.field) {
    case HISTOGRAM.sampleCount:
      metric.count = reader.unsigned()
      break
    case HISTOGRAM.sampleCountFloat:
      metric.floatCount = reader.double()
      break
    case HISTOGRAM.sampleSum:
      metric.value = reader.double()
      break
    case HISTOGRAM.schema:
      metric.schema = reader.zigzag()
      break
    case HISTOGRAM.zeroThreshold:
      metric.zeroThreshold = reader.double()
      break
    case HISTOGRAM.zeroCount:
      metric.zeroCount = reader.unsigned()
      break
    case HISTOGRAM.zeroCountFloat:
      metric.floatZeroCount = reader.double()
      break
    default:
      metric.startTimestampMs = readTimestamp(reader)
  }
  return seen
}

function readBucket(reader: WireReader, metric: ProtobufMetric): void {
  const { place } = reader
  const outer = reader.enter()
  let bound = 0
  let count = 0
  let floatCount = 0
  let exemplar: Exemplar | undefined
  for (let seen = 0; reader.nextUpTo(BUCKET.cumulativeCountFloat);) {
    seen = reader.once(seen)
    if (reader.field === BUCKET.cumulativeCount) count = reader.unsigned()
    else if (reader.field === BUCKET.upperBound) bound = reader.double()
    else if (reader.field === BUCKET.exemplar) exemplar = readExemplar(reader)
    else floatCount = reader.double()
  }
  reader.leave(outer)
  if (!(bound > Number.NEGATIVE_INFINITY))
    throw reader.error('INVALID_BUCKETS', 'T7', `${bound} is no upper bound`, place)
  const number = floatCount === 0 ? count : floatCount
  if (reader.strict) checkBucket(reader, metric, bound, number, place)
  if (exemplar !== undefined && exemplar.value > bound) {
    if (reader.strict)
      throw reader.error('INVALID_EXEMPLAR', 'O17', `${exemplar.value} is not in the bucket to ${bound}`, place)
    exemplar = undefined
  }
  metric.bounds.push(bound + 0)
  metric.numbers.push(number)
  metric.exemplars.push(exemplar)
}

/** Holds a bucket against the one before. */
function checkBucket(
  reader: WireReader,
  { bounds, numbers }: ProtobufMetric,
  bound: number,
  number: number,
  place: number,
): void {
  if (!(number >= 0 && number < Number.POSITIVE_INFINITY))
    throw reader.error('INVALID_BUCKETS', 'T7', `the count of a bucket is not ${number}`, place)
  if (bounds.length === 0) return
  if (bound <= bounds.at(-1)!)
    throw reader.error('INVALID_BUCKETS', 'T7', `the bucket to ${bound} comes behind that to ${bounds.at(-1)}`, place)
  if (number < numbers.at(-1)!)
    throw reader.error('INVALID_BUCKETS', 'T7', `${number} is less than ${numbers.at(-1)} before`, place)
}

function readSpan(reader: WireReader, side: ProtobufSide): void {
  const { place } = reader
  const outer = reader.enter()
  let offset = 0
  let length = 0
  for (let seen = 0; reader.nextUpTo(BUCKET_SPAN.length);) {
    seen = reader.once(seen)
    if (reader.field === BUCKET_SPAN.offset) offset = reader.zigzag()
    else length = reader.unsigned()
  }
  reader.leave(outer)
  if (Math.abs(offset) > MOST_BUCKETS || length > MOST_BUCKETS)
    throw reader.error('INVALID_BUCKETS', 'H10', `no span has the offset ${offset} and the length ${length}`, place)
  side.offsets.push(offset)
  side.lengths.push(length)
}

function readNativeExemplar(reader: WireReader, metric: ProtobufMetric): void {
  const { place } = reader
  const exemplar = readExemplar(reader)
  if (exemplar.timestampMs !== undefined) metric.nativeExemplars.push(exemplar)
  else if (reader.strict)
    throw reader.error('INVALID_EXEMPLAR', 'H12', 'an exemplar of a native histogram has no timestamp', place)
}
