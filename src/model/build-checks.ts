import { MetricError, shown } from '../errors.ts'
import type { Exemplar } from './exemplar.ts'
import { addsUp, OWN_LABELS, type MetricType } from './descriptor.ts'
import type { HistogramValue } from './histogram-value.ts'
import { HIGHEST_SCHEMA, LOWEST_SCHEMA } from './native-bounds.ts'
import type { NativeSide } from './native-buckets.ts'
import { isUtf8Name } from './names.ts'

/** The largest whole number that every reader of a timestamp takes. */
const LATEST_MS = Number.MAX_SAFE_INTEGER

/**
 * A label that stands on a line already costs Prometheus the whole scrape (conformance N4).
 *
 * @throws {MetricError} `INVALID_FAMILY`
 */
export function checkLabels(name: string, type: MetricType, labels: unknown): void {
  if (typeof labels !== 'object' || labels === null)
    throw invalid(`A sample of ${name} has the labels ${shown(labels)}, not an object.`)
  for (const [label, value] of Object.entries(labels)) {
    if (!isUtf8Name(label))
      throw invalid(`${shown(label)} cannot be a label of ${name}: a name is a text that is not empty.`)
    if (typeof value !== 'string') throw invalid(`The label ${label} of ${name} is ${shown(value)}, not a text.`)
    if (label === (type === 'stateset' ? name : OWN_LABELS[type]) || label === '__name__')
      throw invalid(`The ${type} ${name} writes the label ${label} itself (conformance N4).`)
  }
}

/** Prometheus refuses the whole scrape for a timestamp that it cannot read. @throws {MetricError} `INVALID_FAMILY` */
export function checkTimestamp(name: string, timestampMs: unknown): void {
  if (timestampMs === undefined) return
  if (typeof timestampMs !== 'number' || !(Math.abs(timestampMs) <= LATEST_MS))
    throw invalid(
      `A sample of ${name} has the timestamp ${shown(timestampMs)}, which is no time: milliseconds since 1970.`,
    )
}

/** @throws {MetricError} `INVALID_FAMILY` */
export function checkNumber(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalid(`A sample of ${name} has the value ${shown(value)}, not a number.`)
}

/** Only what adds up has a beginning. @throws {MetricError} `INVALID_FAMILY` */
export function checkStart(name: string, type: MetricType, startTimestampMs: unknown): void {
  if (startTimestampMs === undefined) return
  if (!addsUp(type)) throw invalid(`A sample of ${name} has a start timestamp: a ${type} has none.`)
  if (!Number.isFinite(startTimestampMs))
    throw invalid(`A sample of ${name} has the start timestamp ${shown(startTimestampMs)}, which is no time.`)
}

/** @throws {MetricError} `INVALID_FAMILY` */
export function checkExemplars(name: string, type: MetricType, exemplars: readonly Exemplar[]): void {
  if (exemplars.length === 0) return
  if (type !== 'counter' && type !== 'histogram' && type !== 'gaugehistogram')
    throw invalid(`A sample of ${name} has exemplars: a ${type} has none (conformance O17).`)
  if (type === 'counter' && exemplars.length > 1)
    throw invalid(`A sample of the counter ${name} has ${exemplars.length} exemplars: one at most (conformance O17).`)
  for (const exemplar of exemplars) checkExemplar(name, exemplar)
}

/**
 * The count is what the buckets count together: another one comes of buckets that were added up already.
 *
 * @throws {MetricError} `INVALID_FAMILY`
 */
export function checkCount(name: string, { buckets, count }: HistogramValue): void {
  const counted = buckets.reduce((total, bucket) => total + bucket.count, 0)
  // What is no whole number need not add up exactly.
  if (counted === count || !Number.isSafeInteger(counted) || !Number.isSafeInteger(count)) return
  throw invalid(
    `A sample of ${name} counts ${count}, but its buckets ${counted}: each bucket is counted alone, without those below.`,
  )
}

/**
 * Prometheus refuses the whole scrape, too, if the buckets count otherwise than the histogram (conformance H8).
 *
 * @throws {MetricError} `INVALID_FAMILY`
 */
export function checkNative(name: string, { buckets, sum, native }: HistogramValue): void {
  if (native === undefined) return
  const { schema, zeroThreshold, zeroCount } = native
  if (!Number.isInteger(schema) || schema < LOWEST_SCHEMA || schema > HIGHEST_SCHEMA)
    throw invalid(
      `A sample of ${name} has the schema ${shown(schema)}: it is from ${LOWEST_SCHEMA} to ${HIGHEST_SCHEMA}.`,
    )
  if (!(zeroThreshold >= 0) || !(zeroCount >= 0))
    throw invalid(`The zero bucket of a sample of ${name} has a threshold or a count below zero.`)
  checkSide(name, native.positive)
  checkSide(name, native.negative)
  const counted = buckets.reduce((total, { count }) => total + count, 0)
  const inBuckets = zeroCount + countOf(native.positive) + countOf(native.negative)
  // NaN is in no native bucket. What is no whole number need not add up exactly.
  const mayBeLess = Number.isNaN(sum) || !Number.isSafeInteger(counted) || !Number.isSafeInteger(inBuckets)
  if (!(inBuckets === counted || (mayBeLess && inBuckets < counted)))
    throw invalid(
      `The native buckets of a sample of ${name} count ${inBuckets}, and all together ${counted} (conformance H8).`,
    )
  for (const exemplar of native.exemplars) {
    checkExemplar(name, exemplar)
    if (exemplar.timestampMs === undefined)
      throw invalid(`An exemplar of the native histogram ${name} has no timestamp (conformance H12).`)
  }
}

function checkExemplar(name: string, { labels, value, timestampMs }: Exemplar): void {
  if (typeof value !== 'number') throw invalid(`An exemplar of ${name} has the value ${shown(value)}, not a number.`)
  if (timestampMs !== undefined && !Number.isFinite(timestampMs))
    throw invalid(`An exemplar of ${name} has the timestamp ${shown(timestampMs)}, which is no time.`)
  for (const [label, text] of Object.entries(labels)) {
    if (!isUtf8Name(label))
      throw invalid(`${shown(label)} cannot be a label of an exemplar of ${name}: a name is a text that is not empty.`)
    if (typeof text !== 'string')
      throw invalid(`The label ${label} of an exemplar of ${name} is ${shown(text)}, not a text.`)
  }
}

function checkSide(name: string, { indexes, counts }: NativeSide): void {
  const ascending = indexes.every((index, i) => i === 0 || index > indexes[i - 1]!)
  if (!ascending || indexes.length !== counts.length || !counts.every((count) => count >= 0))
    throw invalid(`The native buckets of a sample of ${name} are not ascending, each with a count.`)
}

function countOf({ counts }: NativeSide): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_FAMILY', message)
}
