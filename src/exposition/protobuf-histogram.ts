import type { Exemplar, RowExemplars } from '../model/exemplar.ts'
import type { HistogramFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import { BUCKET, HISTOGRAM, METRIC } from './protobuf-messages.ts'
import { areWholeSides, putNativeBuckets } from './protobuf-native.ts'
import { putExemplar, putTimestamp, wire } from './protobuf-parts.ts'
import { FIXED64, keyOf, LENGTH_DELIMITED, VARINT, varintLength } from './protobuf-wire.ts'

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  histogram: keyOf(METRIC.histogram, LENGTH_DELIMITED),
  count: keyOf(HISTOGRAM.sampleCount, VARINT),
  countFloat: keyOf(HISTOGRAM.sampleCountFloat, FIXED64),
  sum: keyOf(HISTOGRAM.sampleSum, FIXED64),
  buckets: keyOf(HISTOGRAM.bucket, LENGTH_DELIMITED),
  created: keyOf(HISTOGRAM.createdTimestamp, LENGTH_DELIMITED),
  nativeExemplars: keyOf(HISTOGRAM.exemplars, LENGTH_DELIMITED),
  cumulative: keyOf(BUCKET.cumulativeCount, VARINT),
  cumulativeFloat: keyOf(BUCKET.cumulativeCountFloat, FIXED64),
  bound: keyOf(BUCKET.upperBound, FIXED64),
  exemplar: keyOf(BUCKET.exemplar, LENGTH_DELIMITED),
}))()

/** A bucket without exemplar, and a histogram without buckets and native ones, at most. */
const BUCKET_BYTES = 32
const HISTOGRAM_BYTES = 96

/**
 * A row of a histogram as the field of a metric. Counts are integers if all of the row are, and doubles otherwise. An
 * upper bound of −0 is written as 0: it bounds the same bucket. The bucket to infinity says no more than the count, and
 * is there if it has an exemplar (conformance B4).
 */
export function putHistogram(at: number, { upperBounds }: HistogramFamily, chunk: SeriesChunk, row: number): number {
  const { values } = chunk
  const buckets = upperBounds.length
  const place = row * (buckets + 2)
  const native = chunk.native?.[row]
  const exemplars = chunk.exemplars?.[row]
  let count = 0
  let whole = native === undefined || areWholeSides(native)
  for (let i = place; i <= place + buckets; i++) {
    const own = values[i]!
    whole &&= own >= 0 && own === Math.floor(own)
    count += own
  }
  whole &&= count <= Number.MAX_SAFE_INTEGER
  wire.reserve(at, buckets * BUCKET_BYTES + HISTOGRAM_BYTES)
  const begin = wire.byte(at, KEYS.histogram)
  // With so many buckets its length takes two bytes.
  const lengthBytes = buckets > 5 ? 2 : 1
  at = begin + lengthBytes
  if (whole) at = wire.varint(wire.byte(at, KEYS.count), count)
  else at = wire.double(wire.byte(at, KEYS.countFloat), count)
  at = wire.double(wire.byte(at, KEYS.sum), values[place + buckets + 1]!)
  if (exemplars !== undefined) at = putBucketsWithExemplars(at, upperBounds, values, place, whole, exemplars)
  else if (whole) at = putWholeBuckets(at, upperBounds, values, place)
  else at = putFloatBuckets(at, upperBounds, values, place)
  if (native !== undefined) at = putNativeBuckets(at, native, whole)
  at = putTimestamp(at, KEYS.created, chunk.startTimestampsMs?.[row] ?? Number.NaN)
  for (const exemplar of native?.exemplars ?? []) at = putExemplar(at, KEYS.nativeExemplars, exemplar)
  return wire.close(begin, lengthBytes, at)
}

function putWholeBuckets(at: number, upperBounds: readonly number[], values: Float64Array, place: number): number {
  let cumulative = 0
  for (let i = 0; i < upperBounds.length; i++) {
    cumulative += values[place + i]!
    at = wire.byte(wire.byte(at, KEYS.buckets), varintLength(cumulative) + 10)
    at = wire.varint(wire.byte(at, KEYS.cumulative), cumulative)
    at = wire.double(wire.byte(at, KEYS.bound), upperBounds[i]! + 0)
  }
  return at
}

function putFloatBuckets(at: number, upperBounds: readonly number[], values: Float64Array, place: number): number {
  let cumulative = 0
  for (let i = 0; i < upperBounds.length; i++) {
    cumulative += values[place + i]!
    at = putBucket(at, cumulative, upperBounds[i]!, false, undefined)
  }
  return at
}

function putBucketsWithExemplars(
  at: number,
  upperBounds: readonly number[],
  values: Float64Array,
  place: number,
  whole: boolean,
  exemplars: RowExemplars,
): number {
  const buckets = upperBounds.length
  let cumulative = 0
  for (let i = 0; i <= buckets; i++) {
    cumulative += values[place + i]!
    if (i === buckets && exemplars[i] === undefined) break
    at = putBucket(at, cumulative, upperBounds[i] ?? Number.POSITIVE_INFINITY, whole, exemplars[i])
    // An exemplar has made room for itself alone.
    wire.reserve(at, (buckets - i) * BUCKET_BYTES + HISTOGRAM_BYTES)
  }
  return at
}

function putBucket(
  at: number,
  cumulative: number,
  bound: number,
  whole: boolean,
  exemplar: Exemplar | undefined,
): number {
  const begin = wire.byte(at, KEYS.buckets)
  if (whole) at = wire.varint(wire.byte(begin + 1, KEYS.cumulative), cumulative)
  else at = begin + 1
  at = wire.double(wire.byte(at, KEYS.bound), bound + 0)
  if (exemplar !== undefined) at = putExemplar(at, KEYS.exemplar, exemplar)
  if (!whole) at = wire.double(wire.byte(at, KEYS.cumulativeFloat), cumulative)
  return wire.close(begin, 1, at)
}
