import type { Exemplar } from '../model/exemplar.ts'
import { longest } from './byte-writer.ts'
import { EXEMPLAR, LABEL_PAIR, TIMESTAMP } from './protobuf-messages.ts'
import { isTime } from './protobuf-time.ts'
import { FIXED64, keyOf, LENGTH_DELIMITED, VARINT } from './protobuf-wire.ts'
import { WireWriter } from './wire-writer.ts'

/** One for all: a block is written in one go and copied out. */
export const wire: WireWriter = new WireWriter()

const LABEL_KEY = keyOf(EXEMPLAR.label, LENGTH_DELIMITED)
const NAME_KEY = keyOf(LABEL_PAIR.name, LENGTH_DELIMITED)
const LABEL_VALUE_KEY = keyOf(LABEL_PAIR.value, LENGTH_DELIMITED)
const VALUE_KEY = keyOf(EXEMPLAR.value, FIXED64)
const TIMESTAMP_KEY = keyOf(EXEMPLAR.timestamp, LENGTH_DELIMITED)
const SECONDS_KEY = keyOf(TIMESTAMP.seconds, VARINT)
const NANOS_KEY = keyOf(TIMESTAMP.nanos, VARINT)
/** What stands around a label, and in an exemplar besides its labels, at most; a start timestamp may follow. */
const EXEMPLAR_BYTES = 128

/** A field that is a timestamp; nothing if there is no such time. */
export function putTimestamp(at: number, key: number, timestampMs: number): number {
  if (!isTime(timestampMs)) return at
  const begin = wire.byte(at, key)
  let seconds = Math.floor(timestampMs / 1000)
  let nanos = Math.round((timestampMs - seconds * 1000) * 1e6)
  // The division may have been rounded to the second that follows, and the nanoseconds as well.
  if (nanos < 0) {
    seconds--
    nanos += 1e9
  } else if (nanos === 1e9) {
    seconds++
    nanos = 0
  }
  at = begin + 1
  if (seconds !== 0) at = wire.int64(wire.byte(at, SECONDS_KEY), seconds)
  if (nanos !== 0) at = wire.varint(wire.byte(at, NANOS_KEY), nanos)
  return wire.close(begin, 1, at)
}

/** A field that is an exemplar. Makes room for itself, and for what little may follow. */
export function putExemplar(at: number, key: number, { labels, value, timestampMs }: Exemplar): number {
  wire.reserve(at, EXEMPLAR_BYTES)
  // Not a byte: that of field 16 takes two.
  const begin = wire.varint(at, key)
  at = begin + 1
  for (const name of Object.keys(labels)) {
    const text = labels[name]!
    wire.reserve(at, longest(name) + longest(text) + EXEMPLAR_BYTES)
    const label = wire.byte(at, LABEL_KEY)
    const end = wire.text(wire.byte(label + 1, NAME_KEY), name)
    at = wire.close(label, 1, wire.text(wire.byte(end, LABEL_VALUE_KEY), text))
  }
  wire.reserve(at, EXEMPLAR_BYTES)
  at = wire.double(wire.byte(at, VALUE_KEY), value)
  if (timestampMs !== undefined) at = putTimestamp(at, TIMESTAMP_KEY, timestampMs)
  return wire.close(begin, 1, at)
}
