import type { MetricFamily } from '../model/metric-family.ts'
import { ABSENT, REMOVED, type SeriesChunk } from '../model/series-columns.ts'
import { encode, longest, pieceOf, type Piece } from './byte-writer.ts'
import { putHistogram } from './protobuf-histogram.ts'
import { COUNTER, FAMILY, LABEL_PAIR, METRIC } from './protobuf-messages.ts'
import { putExemplar, putTimestamp, wire } from './protobuf-parts.ts'
import { putSummary } from './protobuf-summary.ts'
import { FIXED64, joined, keyOf, LENGTH_DELIMITED, VARINT, varintLength, varintOf } from './protobuf-wire.ts'

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  metric: keyOf(FAMILY.metric, LENGTH_DELIMITED),
  label: keyOf(METRIC.label, LENGTH_DELIMITED),
  counter: keyOf(METRIC.counter, LENGTH_DELIMITED),
  gauge: keyOf(METRIC.gauge, LENGTH_DELIMITED),
  untyped: keyOf(METRIC.untyped, LENGTH_DELIMITED),
  timestamp: keyOf(METRIC.timestampMs, VARINT),
  value: keyOf(COUNTER.value, FIXED64),
  exemplar: keyOf(COUNTER.exemplar, LENGTH_DELIMITED),
  created: keyOf(COUNTER.createdTimestamp, LENGTH_DELIMITED),
}))()

/** Bytes of a row at most, less those of labels, exemplars and composite values. */
const ROW_BYTES = 128
/** Those of a label around its name and value. */
const LABEL_BYTES = 16
/** In place of a column: the label that tells the state. */
const STATE = -1

/** A label of all series of a family: where its ids are, and what is the same in all its pairs. */
interface LabelColumn {
  readonly column: number
  /** The field of the name, and the key of the value. */
  readonly name: Piece
}

/**
 * Writes the rows of one family: each is a field of the family, a message; that of a state set is one for each state.
 */
export class ProtobufRows {
  readonly #family: MetricFamily
  readonly #labels: readonly LabelColumn[]
  readonly #states: readonly string[]
  /** What the names of labels and the state take in a row. */
  readonly #fixedBytes: number
  /** What the length of the last row took: that of the next one mostly takes as much. */
  #lengthBytes = 1

  constructor(family: MetricFamily) {
    this.#family = family
    this.#labels = labelColumns(family)
    this.#states = family.type === 'stateset' ? family.states : ['']
    const longestState = this.#states.reduce((most, state) => Math.max(most, longest(state)), 0)
    this.#fixedBytes = this.#labels.reduce((sum, { name }) => sum + name.length + LABEL_BYTES, longestState + ROW_BYTES)
  }

  /** Writes the row of a chunk at `at`. @returns where the next one goes */
  write(at: number, chunk: SeriesChunk, row: number): number {
    const { labelNames, columns } = this.#family
    const ids = chunk.labelIds
    const from = row * labelNames.length
    if (ids[from] === REMOVED) return at
    let bytes = this.#fixedBytes
    for (let i = from; i < from + labelNames.length; i++) {
      if (ids[i] !== ABSENT) bytes += longest(columns.labelValues[ids[i]!]!)
    }
    for (let i = 0; i < this.#states.length; i++) {
      wire.reserve(at, bytes)
      const begin = wire.byte(at, KEYS.metric)
      at = this.#putLabels(begin + this.#lengthBytes, ids, from, i)
      at = this.#putValue(at, chunk, row, i)
      if (chunk.timestampsMs !== undefined) at = putSampleTime(at, chunk.timestampsMs[row]!)
      const end = wire.close(begin, this.#lengthBytes, at)
      this.#lengthBytes += end - at
      at = end
    }
    return at
  }

  #putLabels(at: number, ids: Uint32Array, from: number, state: number): number {
    const { labelValues } = this.#family.columns
    for (let i = 0; i < this.#labels.length; i++) {
      const { column, name } = this.#labels[i]!
      if (column === STATE) {
        at = putLabel(at, name, this.#states[state]!)
        continue
      }
      const id = ids[from + column]!
      if (id !== ABSENT) at = putLabel(at, name, labelValues[id]!)
    }
    return at
  }

  #putValue(at: number, chunk: SeriesChunk, row: number, state: number): number {
    const family = this.#family
    const place = row * family.columns.width
    switch (family.type) {
      case 'counter':
        return putCounter(at, chunk, row, chunk.values[place]!)
      case 'gauge':
      case 'info':
        return putScalar(at, KEYS.gauge, chunk.values[place]!)
      case 'stateset':
        return putScalar(at, KEYS.gauge, chunk.values[place + state]!)
      case 'unknown':
        return putScalar(at, KEYS.untyped, chunk.values[place]!)
      case 'summary':
        return putSummary(at, family.quantiles, chunk, row)
      case 'histogram':
      case 'gaugehistogram':
        return putHistogram(at, family, chunk, row)
    }
  }
}

/** The labels in the order of their names (conformance B4), with that of a state set among them. */
function labelColumns(family: MetricFamily): LabelColumn[] {
  const labels = family.labelNames.map((name, column) => ({ column, bytes: encode(name) }))
  if (family.type === 'stateset') labels.push({ column: STATE, bytes: encode(family.name) })
  return labels
    .toSorted((a, b) => inOrder(a.bytes, b.bytes))
    .map(({ column, bytes }) => ({ column, name: pieceOf(labelStart(bytes)) }))
}

/** By bytes, which is by code points. */
function inOrder(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length)
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return one[i]! - other[i]!
  return one.length - other.length
}

/** The field of a label's name, and the key of its value. */
function labelStart(name: Uint8Array): Uint8Array {
  return joined([keyOf(LABEL_PAIR.name, LENGTH_DELIMITED), ...varintOf(name.length)], name, [
    keyOf(LABEL_PAIR.value, LENGTH_DELIMITED),
  ])
}

function putLabel(at: number, name: Piece, value: string): number {
  const { bytes } = wire
  const { length } = value
  // Mostly a value has as many bytes as characters; then nothing has to be known before it is copied.
  let end = wire.varint(wire.byte(at, KEYS.label), name.length + varintLength(length) + length)
  end = wire.varint(wire.piece(end, name), length)
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i)
    if (code > 127) return putEncodedLabel(at, name, encode(value))
    bytes[end + i] = code
  }
  return end + length
}

function putEncodedLabel(at: number, name: Piece, value: Uint8Array): number {
  const length = name.length + varintLength(value.length) + value.length
  return wire.data(wire.piece(wire.varint(wire.byte(at, KEYS.label), length), name), value)
}

function putScalar(at: number, key: number, value: number): number {
  wire.bytes[at] = key
  wire.bytes[at + 1] = 9
  wire.bytes[at + 2] = KEYS.value
  return wire.double(at + 3, value)
}

function putCounter(at: number, chunk: SeriesChunk, row: number, value: number): number {
  const exemplar = chunk.exemplars?.[row]?.[0]
  const startMs = chunk.startTimestampsMs?.[row] ?? Number.NaN
  if (exemplar === undefined && Number.isNaN(startMs)) return putScalar(at, KEYS.counter, value)
  const begin = wire.byte(at, KEYS.counter)
  at = wire.double(wire.byte(begin + 1, KEYS.value), value)
  if (exemplar !== undefined) at = putExemplar(at, KEYS.exemplar, exemplar)
  return wire.close(begin, 1, putTimestamp(at, KEYS.created, startMs))
}

/** In milliseconds, unlike all other times (conformance B4). */
function putSampleTime(at: number, timestampMs: number): number {
  const whole = Math.round(timestampMs)
  return Number.isSafeInteger(whole) ? wire.int64(wire.byte(at, KEYS.timestamp), whole) : at
}
