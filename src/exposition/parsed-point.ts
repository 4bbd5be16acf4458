import type { Exemplar } from '../model/exemplar.ts'
import type { MetricType } from '../model/descriptor.ts'
import { millisecondsOf, parseNumber } from './number-parser.ts'
import { brief, type ParseErrorCode } from './parse-error.ts'
import type { SamplePart } from './sample-part.ts'
import type { TextScanner } from './text-scanner.ts'

/** What a parser holds an exposition to. */
export interface ParseRules {
  readonly strict: boolean
  readonly openMetrics: boolean
}

/** What has been read of one series: the parts that occur once, and how far its buckets or quantiles have come. */
export class ParsedPoint {
  /** NaN for none. */
  timestampMs: number
  /** The line that was read last. */
  line = 0
  /** The number of the series, or of what was observed. */
  value: number = Number.NaN
  sum: number = Number.NaN
  hasValue = false
  hasSum = false
  /** NaN for none. */
  startTimestampMs: number = Number.NaN
  /** None, until there is one. */
  exemplars: Exemplar[] | undefined
  /** Buckets, quantiles or states that were read. */
  cells = 0
  lowestBound: number = Number.POSITIVE_INFINITY
  lastBound: number = Number.NEGATIVE_INFINITY
  lastCount = 0
  /** The cells of this point begin here; those before are of a point that it follows. */
  readonly firstCell: number

  constructor(timestampMs: number, firstCell: number) {
    this.timestampMs = timestampMs
    this.firstCell = firstCell
  }

  has(part: SamplePart): boolean {
    if (part === 'sum') return this.hasSum
    if (part === 'created') return !Number.isNaN(this.startTimestampMs)
    return (part === 'value' || part === 'count') && this.hasValue
  }

  /** Takes a part that occurs once. */
  set(part: SamplePart, value: number): void {
    if (part === 'created') this.startTimestampMs = millisecondsOf(value)
    else if (part === 'sum') {
      this.sum = value
      this.hasSum = true
    } else {
      this.value = value
      this.hasValue = true
    }
  }
}

/** The upper bound of a bucket, or the quantile, as a number; all ways to write it are one. */
export function parseBound(text: string, type: MetricType, scanner: TextScanner): number {
  const bound = parseNumber(text)
  if (type === 'summary') {
    if (bound !== undefined && bound >= 0 && bound <= 1) return bound + 0
    throw scanner.error('INVALID_QUANTILES', 'O12', `the quantile "${brief(text)}" is no number from 0 to 1`)
  }
  if (bound !== undefined && bound > Number.NEGATIVE_INFINITY) return bound + 0
  throw scanner.error('INVALID_BUCKETS', 'T7', `"${brief(text)}" is no upper bound`)
}

/** Holds one number against its type, in strict parsing. */
export function checkValue(
  type: MetricType,
  part: SamplePart,
  value: number,
  { openMetrics }: ParseRules,
  scanner: TextScanner,
): void {
  if (part === 'created' && !Number.isFinite(value))
    throw scanner.error('INVALID_TIMESTAMP', 'O14', 'the start timestamp is no number of seconds')
  if (part === 'state' && value !== 0 && value !== 1)
    throw scanner.error('INVALID_VALUE', 'O13', `a state is 0 or 1, not ${value}`)
  if (part === 'bucket' && !(value >= 0 && value < Number.POSITIVE_INFINITY))
    throw scanner.error('INVALID_BUCKETS', 'T7', `the count of a bucket is not ${value}`)
  if (!openMetrics) return
  if (type === 'counter' && part === 'value' && !(value >= 0))
    throw scanner.error('INVALID_VALUE', 'O9', `a counter is not ${value}`)
  if (type === 'info' && value !== 1) throw scanner.error('INVALID_VALUE', 'O13', `an info is 1, not ${value}`)
  if (part === 'bucket' && !Number.isInteger(value))
    throw scanner.error('INVALID_BUCKETS', 'O10', `the count of a bucket is an integer, not ${value}`)
  if (part === 'count' && !(Number.isInteger(value) && value >= 0))
    throw scanner.error('INVALID_VALUE', type === 'summary' ? 'O12' : 'O10', `a count is an integer, not ${value}`)
  if (part === 'quantile' && value < 0)
    throw scanner.error('INVALID_QUANTILES', 'O12', `the value of a quantile is not negative: ${value}`)
}

/** Holds a bucket or quantile against the one before, in strict parsing. */
export function checkOrder(
  point: ParsedPoint,
  part: SamplePart,
  bound: number,
  value: number,
  { openMetrics }: ParseRules,
  scanner: TextScanner,
): void {
  const isBucket = part === 'bucket'
  if (bound === point.lastBound)
    throw scanner.error(
      'DUPLICATE_SERIES',
      'T8',
      `${isBucket ? 'the bucket to' : 'the quantile'} ${bound} is there twice`,
    )
  if (bound < point.lastBound && (isBucket || !openMetrics)) {
    const code = isBucket ? 'INVALID_BUCKETS' : 'INVALID_QUANTILES'
    throw scanner.error(code, openMetrics ? 'O10' : 'T7', `${bound} comes behind ${point.lastBound}`)
  }
  if (isBucket && value < point.lastCount)
    throw scanner.error(
      'INVALID_BUCKETS',
      openMetrics ? 'O10' : 'T7',
      `${value} is less than ${point.lastCount} before`,
    )
}

/** Holds a series that is complete against its type, in strict parsing. */
export function checkPoint(
  point: ParsedPoint,
  type: MetricType,
  { openMetrics }: ParseRules,
  at: (code: ParseErrorCode, rule: string, what: string) => Error,
): void {
  if (type === 'summary' || type === 'stateset') return
  if (type !== 'histogram' && type !== 'gaugehistogram') {
    if (!point.hasValue) throw at('MISSING_SAMPLE', 'O9', 'a series has a start timestamp, but no value')
    return
  }
  const rule = openMetrics ? (type === 'histogram' ? 'O10' : 'O11') : 'T7'
  if (point.lastBound !== Number.POSITIVE_INFINITY) throw at('MISSING_SAMPLE', rule, 'a series has no bucket to +Inf')
  if (point.hasValue && point.value !== point.lastCount)
    throw at('INVALID_BUCKETS', rule, `the bucket to +Inf is ${point.lastCount}, the count ${point.value}`)
  if (!openMetrics) {
    if (!point.hasValue) throw at('MISSING_SAMPLE', rule, 'a series has no _count')
    return
  }
  if (point.hasValue !== point.hasSum)
    throw at('MISSING_SAMPLE', rule, 'a series has a count if and only if it has a sum')
  if (type === 'histogram' && point.hasSum && point.lowestBound < 0)
    throw at('INVALID_VALUE', rule, 'a histogram with negative buckets has no sum')
  if (type === 'gaugehistogram' && point.sum < 0 && point.lowestBound >= 0)
    throw at('INVALID_VALUE', rule, 'a sum is negative only with negative buckets')
}
