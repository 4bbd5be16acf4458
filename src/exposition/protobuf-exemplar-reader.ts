import { shown } from '../errors.ts'
import type { Exemplar } from '../model/exemplar.ts'
import { isUtf8Name } from '../model/names.ts'
import { readLabelPair, type ReadLabelPair } from './protobuf-label-reader.ts'
import { EXEMPLAR, TIMESTAMP } from './protobuf-messages.ts'
import { isTime } from './protobuf-time.ts'
import type { WireReader } from './wire-reader.ts'

const pair: ReadLabelPair = { name: '', value: '' }

/** Reads a field that is an exemplar. */
export function readExemplar(reader: WireReader): Exemplar {
  const outer = reader.enter()
  const labels = new Map<string, string>()
  let value = 0
  let timestampMs = Number.NaN
  for (let seen = 0; reader.nextUpTo(EXEMPLAR.timestamp);) {
    if (reader.field === EXEMPLAR.label) {
      readLabel(reader, labels)
      continue
    }
    seen = reader.once(seen)
    if (reader.field === EXEMPLAR.value) value = reader.double()
    else timestampMs = readTimestamp(reader)
  }
  reader.leave(outer)
  const set = Object.fromEntries(labels)
  return Number.isNaN(timestampMs) ? { labels: set, value } : { labels: set, value, timestampMs }
}

/** Reads a field that is a timestamp, in milliseconds; NaN where a lenient reader finds none that there is. */
export function readTimestamp(reader: WireReader): number {
  const { place } = reader
  const outer = reader.enter()
  let seconds = 0
  let nanos = 0
  for (let seen = 0; reader.nextUpTo(TIMESTAMP.nanos);) {
    seen = reader.once(seen)
    if (reader.field === TIMESTAMP.seconds) seconds = reader.int64()
    else nanos = reader.int64()
  }
  reader.leave(outer)
  const timestampMs = seconds * 1000 + nanos / 1e6
  if (nanos >= 0 && nanos < 1e9 && isTime(timestampMs)) return timestampMs
  if (!reader.strict) return Number.NaN
  throw reader.error('INVALID_TIMESTAMP', 'B2', `${seconds} s and ${nanos} ns are no time`, place)
}

function readLabel(reader: WireReader, labels: Map<string, string>): void {
  const { place } = reader
  readLabelPair(reader, pair)
  const { name, value } = pair
  if (!isUtf8Name(name)) throw reader.error('INVALID_NAME', 'N1', 'a label of an exemplar has no name', place)
  if (reader.strict && labels.has(name))
    throw reader.error('INVALID_EXEMPLAR', 'N4', `the label ${shown(name)} is there twice`, place)
  labels.set(name, value)
}
