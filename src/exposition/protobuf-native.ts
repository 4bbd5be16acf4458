import type { NativeBuckets, NativeSide } from '../model/native-buckets.ts'
import { deltasOf, NO_OP_SPAN, spannedBuckets, type SpannedBuckets } from './native-spans.ts'
import { BUCKET_SPAN, HISTOGRAM } from './protobuf-messages.ts'
import { wire } from './protobuf-parts.ts'
import { FIXED64, keyOf, LENGTH_DELIMITED, VARINT } from './protobuf-wire.ts'

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  schema: keyOf(HISTOGRAM.schema, VARINT),
  zeroThreshold: keyOf(HISTOGRAM.zeroThreshold, FIXED64),
  zeroCount: keyOf(HISTOGRAM.zeroCount, VARINT),
  zeroCountFloat: keyOf(HISTOGRAM.zeroCountFloat, FIXED64),
  offset: keyOf(BUCKET_SPAN.offset, VARINT),
  length: keyOf(BUCKET_SPAN.length, VARINT),
}))()

/** A span, a number, and what is there besides, at most. */
const SPAN_BYTES = 16
const NUMBER_BYTES = 10
const OTHER_BYTES = 96

interface SideKeys {
  readonly span: number
  readonly delta: number
  readonly count: number
}

const NEGATIVE: SideKeys = /* @__PURE__ */ (() => ({
  span: keyOf(HISTOGRAM.negativeSpan, LENGTH_DELIMITED),
  delta: keyOf(HISTOGRAM.negativeDelta, LENGTH_DELIMITED),
  count: keyOf(HISTOGRAM.negativeCount, LENGTH_DELIMITED),
}))()

const POSITIVE: SideKeys = /* @__PURE__ */ (() => ({
  span: keyOf(HISTOGRAM.positiveSpan, LENGTH_DELIMITED),
  delta: keyOf(HISTOGRAM.positiveDelta, LENGTH_DELIMITED),
  count: keyOf(HISTOGRAM.positiveCount, LENGTH_DELIMITED),
}))()

/** Whether all counts can be written as integers. */
export function areWholeSides({ zeroCount, positive, negative }: NativeBuckets): boolean {
  return Number.isSafeInteger(zeroCount) && areWhole(positive.counts) && areWhole(negative.counts)
}

/** The native buckets of a histogram as its fields (conformance H10), numbers packed (conformance B3). */
export function putNativeBuckets(at: number, native: NativeBuckets, whole: boolean): number {
  const { schema, zeroThreshold, zeroCount } = native
  wire.reserve(at, OTHER_BYTES)
  at = wire.zigzag(wire.byte(at, KEYS.schema), schema)
  at = wire.double(wire.byte(at, KEYS.zeroThreshold), zeroThreshold)
  if (whole) at = wire.varint(wire.byte(at, KEYS.zeroCount), zeroCount)
  else at = wire.double(wire.byte(at, KEYS.zeroCountFloat), zeroCount)
  at = putSide(at, NEGATIVE, spannedOf(native.negative), whole)
  const positive = spannedOf(native.positive)
  const recognisable = zeroThreshold > 0 || zeroCount > 0 || native.negative.indexes.length > 0
  return putSide(at, POSITIVE, positive.counts.length === 0 && !recognisable ? NO_OP_SPAN : positive, whole)
}

function spannedOf({ indexes, counts }: NativeSide): SpannedBuckets {
  return spannedBuckets(indexes, counts)
}

function putSide(at: number, keys: SideKeys, { offsets, lengths, counts }: SpannedBuckets, whole: boolean): number {
  wire.reserve(at, offsets.length * SPAN_BYTES + counts.length * NUMBER_BYTES + OTHER_BYTES)
  for (let i = 0; i < offsets.length; i++) {
    const begin = wire.byte(at, keys.span)
    at = wire.zigzag(wire.byte(begin + 1, KEYS.offset), offsets[i]!)
    at = wire.close(begin, 1, wire.varint(wire.byte(at, KEYS.length), lengths[i]!))
  }
  if (counts.length === 0) return at
  const begin = wire.byte(at, whole ? keys.delta : keys.count)
  at = begin + 1
  if (whole) for (const delta of deltasOf(counts)) at = wire.zigzag(at, delta)
  else for (const count of counts) at = wire.double(at, count)
  return wire.close(begin, 1, at)
}

function areWhole(counts: Float64Array): boolean {
  for (let i = 0; i < counts.length; i++) if (!Number.isSafeInteger(counts[i])) return false
  return true
}
