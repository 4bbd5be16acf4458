import type { NativeBuckets, NativeSide } from '../model/native-buckets.ts'
import type { ProtobufMetric, ProtobufSide } from './protobuf-metric.ts'
import type { WireReader } from './wire-reader.ts'

const LOWEST_SCHEMA = -4
const HIGHEST_SCHEMA = 8
const HIGHEST_INDEX = 0x7fff_ffff

/** The native buckets that a metric tells of; `undefined` if it tells of none (conformance H11). */
export function nativeOf(reader: WireReader, metric: ProtobufMetric): NativeBuckets | undefined {
  const { schema, zeroThreshold, positive, negative, isFloat } = metric
  const zeroCount = isFloat ? metric.floatZeroCount : metric.zeroCount
  if (!tellsOfAny(metric)) return undefined
  const refuse = (rule: string, what: string): Error => reader.error('INVALID_BUCKETS', rule, what, metric.place)
  if (!(schema >= LOWEST_SCHEMA && schema <= HIGHEST_SCHEMA))
    throw refuse('H1', `the schema ${schema} is not from ${LOWEST_SCHEMA} to ${HIGHEST_SCHEMA}`)
  if (!(zeroThreshold >= 0)) throw refuse('H7', `${zeroThreshold} is no zero threshold`)
  if (!(zeroCount >= 0 && zeroCount < Number.POSITIVE_INFINITY)) throw refuse('H10', `no bucket counts ${zeroCount}`)
  const native = {
    schema,
    zeroThreshold,
    zeroCount,
    positive: sideOf(positive, isFloat, refuse),
    negative: sideOf(negative, isFloat, refuse),
    exemplars: [...metric.nativeExemplars],
  }
  if (reader.strict) checkCount(native, metric, refuse)
  return native
}

function tellsOfAny({ zeroThreshold, zeroCount, floatZeroCount, positive, negative }: ProtobufMetric): boolean {
  const sides = [positive, negative]
  if (sides.some(({ offsets, deltas, counts }) => offsets.length + deltas.length + counts.length > 0)) return true
  return zeroThreshold !== 0 || zeroCount !== 0 || floatZeroCount !== 0
}

/** The populated buckets of spans. Nothing is made of a length before it is known that so many counts are there. */
function sideOf(
  { offsets, lengths, deltas, counts }: ProtobufSide,
  isFloat: boolean,
  refuse: (rule: string, what: string) => Error,
): NativeSide {
  const given = isFloat ? counts : deltas
  if ((isFloat ? deltas : counts).length > 0) throw refuse('H10', 'there are counts of integers and of doubles')
  const length = lengths.reduce((sum, each) => sum + each, 0)
  if (length !== given.length)
    throw refuse('H10', `the spans are ${length} buckets long, and ${given.length} are there`)
  const indexes: number[] = []
  const populated: number[] = []
  let index = 0
  let count = 0
  for (let span = 0, at = 0; span < offsets.length; span++) {
    if (span > 0 && offsets[span]! < 0) throw refuse('H10', 'a span begins before the end of the one before')
    index += offsets[span]!
    for (const end = at + lengths[span]!; at < end; at++, index++) {
      count = isFloat ? given[at]! : count + given[at]!
      if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) throw refuse('H10', `no bucket counts ${count}`)
      if (Math.abs(index) > HIGHEST_INDEX) throw refuse('H3', `there is no bucket ${index}`)
      if (count === 0) continue
      indexes.push(index)
      populated.push(count)
    }
  }
  return { indexes: Int32Array.from(indexes), counts: Float64Array.from(populated) }
}

/**
 * Every observation is in one bucket, but for NaN, which is in none (conformance H8). Doubles need not add up exactly.
 */
function checkCount(
  { zeroCount, positive, negative }: NativeBuckets,
  { isFloat, count, value }: ProtobufMetric,
  refuse: (rule: string, what: string) => Error,
): void {
  if (isFloat) return
  const inBuckets = zeroCount + sumOf(positive.counts) + sumOf(negative.counts)
  if (inBuckets === count || (Number.isNaN(value) && inBuckets < count)) return
  throw refuse('H8', `the native buckets count ${inBuckets}, and all together ${count}`)
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
