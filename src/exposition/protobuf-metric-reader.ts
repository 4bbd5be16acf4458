import { isUtf8Name } from '../model/names.ts'
import { readExemplar, readTimestamp } from './protobuf-exemplar-reader.ts'
import { readHistogram } from './protobuf-histogram-reader.ts'
import { readLabelPair, type ReadLabelPair } from './protobuf-label-reader.ts'
import { COUNTER, METRIC, QUANTILE, SUMMARY } from './protobuf-messages.ts'
import type { ProtobufMetric } from './protobuf-metric.ts'
import type { WireReader } from './wire-reader.ts'

const pair: ReadLabelPair = { name: '', value: '' }

/**
 * Reads the field of a family that is a metric. What is not known is skipped: a later version may have more.
 *
 * @param kind the field that has the value of the type; other values are noted and skipped
 */
export function readMetric(reader: WireReader, metric: ProtobufMetric, kind: number): void {
  metric.clear(reader.place)
  reader.line++
  const outer = reader.enter()
  for (let seen = 0; reader.nextUpTo(METRIC.histogram);) {
    const { field } = reader
    if (field === METRIC.label) readLabel(reader, metric)
    else {
      seen = reader.once(seen)
      if (field === METRIC.timestampMs) metric.timestampMs = readSampleTime(reader)
      else {
        metric.kinds |= 1 << field
        if (field === kind) readValue(reader, metric)
        else reader.skip()
      }
    }
  }
  reader.leave(outer)
}

function readValue(reader: WireReader, metric: ProtobufMetric): void {
  if (reader.field === METRIC.histogram) readHistogram(reader, metric)
  else if (reader.field === METRIC.summary) readSummary(reader, metric)
  else readScalar(reader, metric)
}

/** A counter, a gauge, or one that is untyped. */
function readScalar(reader: WireReader, metric: ProtobufMetric): void {
  const last = reader.field === METRIC.counter ? COUNTER.createdTimestamp : COUNTER.value
  const outer = reader.enter()
  for (let seen = 0; reader.nextUpTo(last);) {
    seen = reader.once(seen)
    if (reader.field === COUNTER.value) metric.value = reader.double()
    else if (reader.field === COUNTER.exemplar) metric.exemplar = readExemplar(reader)
    else metric.startTimestampMs = readTimestamp(reader)
  }
  reader.leave(outer)
}

function readSummary(reader: WireReader, metric: ProtobufMetric): void {
  const outer = reader.enter()
  for (let seen = 0; reader.nextUpTo(SUMMARY.createdTimestamp);) {
    if (reader.field === SUMMARY.quantile) {
      readQuantile(reader, metric)
      continue
    }
    seen = reader.once(seen)
    if (reader.field === SUMMARY.sampleCount) metric.count = reader.unsigned()
    else if (reader.field === SUMMARY.sampleSum) metric.value = reader.double()
    else metric.startTimestampMs = readTimestamp(reader)
  }
  reader.leave(outer)
}

function readQuantile(reader: WireReader, metric: ProtobufMetric): void {
  const { place } = reader
  const outer = reader.enter()
  let quantile = 0
  let value = 0
  for (let seen = 0; reader.nextUpTo(QUANTILE.value);) {
    seen = reader.once(seen)
    if (reader.field === QUANTILE.quantile) quantile = reader.double()
    else value = reader.double()
  }
  reader.leave(outer)
  if (!(quantile >= 0 && quantile <= 1))
    throw reader.error('INVALID_QUANTILES', 'O12', `the quantile ${quantile} is no number from 0 to 1`, place)
  const last = metric.bounds.at(-1)
  if (reader.strict && last !== undefined && quantile <= last)
    throw reader.error('INVALID_QUANTILES', 'T7', `the quantile ${quantile} comes behind ${last}`, place)
  metric.bounds.push(quantile + 0)
  metric.numbers.push(value)
}

function readLabel(reader: WireReader, { labels, checkedNames }: ProtobufMetric): void {
  const { place } = reader
  readLabelPair(reader, pair)
  const { name, value } = pair
  // Mostly the labels of a metric are called as those of the one before.
  const at = labels.length
  if (checkedNames[at] !== name) {
    if (!isUtf8Name(name)) throw reader.error('INVALID_NAME', 'N1', 'a label has no name', place)
    checkedNames[at] = name
  }
  labels.names.push(name)
  labels.values.push(value)
  labels.places.push(place)
}

function readSampleTime(reader: WireReader): number {
  const timestampMs = reader.int64()
  if (Number.isSafeInteger(timestampMs)) return timestampMs
  throw reader.error('INVALID_TIMESTAMP', 'T6', `the timestamp ${timestampMs} is too far away`)
}
