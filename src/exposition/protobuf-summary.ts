import type { SeriesChunk } from '../model/series-columns.ts'
import { METRIC, QUANTILE, SUMMARY } from './protobuf-messages.ts'
import { putTimestamp, wire } from './protobuf-parts.ts'
import { FIXED64, keyOf, LENGTH_DELIMITED, VARINT } from './protobuf-wire.ts'

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  summary: keyOf(METRIC.summary, LENGTH_DELIMITED),
  count: keyOf(SUMMARY.sampleCount, VARINT),
  sum: keyOf(SUMMARY.sampleSum, FIXED64),
  quantiles: keyOf(SUMMARY.quantile, LENGTH_DELIMITED),
  created: keyOf(SUMMARY.createdTimestamp, LENGTH_DELIMITED),
  quantile: keyOf(QUANTILE.quantile, FIXED64),
  value: keyOf(QUANTILE.value, FIXED64),
}))()

/** A key, a length, and twice a key and a number. */
const QUANTILE_BYTES = 20
/** What the format has no number for: from there on counts are left out, as those that are not whole. */
const TOO_LARGE = /* @__PURE__ */ (() => 2 ** 64)()

/** A row of count, sum and quantiles as the field of a metric. */
export function putSummary(at: number, quantiles: readonly number[], chunk: SeriesChunk, row: number): number {
  const { values } = chunk
  const place = row * (quantiles.length + 2)
  const count = values[place]!
  wire.reserve(at, quantiles.length * QUANTILE_BYTES + 64)
  const begin = wire.byte(at, KEYS.summary)
  at = begin + 1
  if (count >= 0 && count < TOO_LARGE && Number.isInteger(count)) at = wire.varint(wire.byte(at, KEYS.count), count)
  at = wire.double(wire.byte(at, KEYS.sum), values[place + 1]!)
  for (let i = 0; i < quantiles.length; i++) {
    at = wire.byte(wire.byte(at, KEYS.quantiles), QUANTILE_BYTES - 2)
    at = wire.double(wire.byte(at, KEYS.quantile), quantiles[i]! + 0)
    at = wire.double(wire.byte(at, KEYS.value), values[place + 2 + i]!)
  }
  return wire.close(begin, 1, putTimestamp(at, KEYS.created, chunk.startTimestampsMs?.[row] ?? Number.NaN))
}
