import type { Exemplar } from '../model/exemplar.ts'
import { longest } from './byte-writer.ts'
import { EXEMPLAR, LABEL_PAIR, TIMESTAMP } from './protobuf-messages.ts'
import { isTime } from './protobuf-time.ts'
import { FIXED64, keyOf, LENGTH_DELIMITED, VARINT } from './protobuf-wire.ts'
import { WireWriter } from './wire-writer.ts'

/** One for all: a block is written in one go and copied out. */
export const wire: WireWriter = /* @__PURE__ */ new WireWriter()

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  label: keyOf(EXEMPLAR.label, LENGTH_DELIMITED),
  name: keyOf(LABEL_PAIR.name, LENGTH_DELIMITED),
  labelValue: keyOf(LABEL_PAIR.value, LENGTH_DELIMITED),
  value: keyOf(EXEMPLAR.value, FIXED64),
  timestamp: keyOf(EXEMPLAR.timestamp, LENGTH_DELIMITED),
  seconds: keyOf(TIMESTAMP.seconds, VARINT),
  nanos: keyOf(TIMESTAMP.nanos, VARINT),
}))()

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
  if (seconds !== 0) at = wire.int64(wire.byte(at, KEYS.seconds), seconds)
  if (nanos !== 0) at = wire.varint(wire.byte(at, KEYS.nanos), nanos)
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
    const label = wire.byte(at, KEYS.label)
    const end = wire.text(wire.byte(label + 1, KEYS.name), name)
    at = wire.close(label, 1, wire.text(wire.byte(end, KEYS.labelValue), text))
  }
  wire.reserve(at, EXEMPLAR_BYTES)
  at = wire.double(wire.byte(at, KEYS.value), value)
  if (timestampMs !== undefined) at = putTimestamp(at, KEYS.timestamp, timestampMs)
  return wire.close(begin, 1, at)
}
