import { MetricError, shown } from '../errors.ts'
import { schemaFor } from './native-scale.ts'
import type { NativeRules } from './live-native-buckets.ts'

/** How a native histogram chooses its buckets. */
export interface NativeHistogramOptions {
  /**
   * A bucket is at most so many times as wide as the one before, 1.1 by default; more than 1. The nearest power below
   * it that the format has is taken: 1.09 for 1.1, 1.19 for 1.2, 2 for 2.
   */
  readonly factor?: number
  /**
   * More populated buckets than these, 160 by default, are fought in the way of `minResetIntervalSeconds`; 0 for no
   * limit.
   */
  readonly maxBuckets?: number
  /**
   * With too many buckets, a series begins again from zero if it is so old, 3600 seconds by default. If it is not, it
   * has wider buckets until it is. 0 for never.
   */
  readonly minResetIntervalSeconds?: number
  /** What is not further from zero is counted in the zero bucket: 2 ** -128 by default. 0 for zero alone. */
  readonly zeroThreshold?: number
  /** How far the zero bucket may be widened against too many buckets: 0 by default, for not at all. */
  readonly maxZeroThreshold?: number
}

/**
 * The defaults of the specification (conformance H6); the zero bucket is not widened by default, as in the Go client.
 */
const DEFAULTS: Required<NativeHistogramOptions> = /* @__PURE__ */ (() => ({
  factor: 1.1,
  maxBuckets: 160,
  minResetIntervalSeconds: 3600,
  zeroThreshold: 2 ** -128,
  maxZeroThreshold: 0,
}))()

/** @throws {MetricError} `INVALID_OPTION` if a number is not one that its option may have */
export function checkedNative(given: unknown, name: string): NativeRules | undefined {
  if (given === undefined || given === false) return undefined
  if (given !== true && (typeof given !== 'object' || given === null))
    throw invalid(`native of the histogram ${name} must be true, false or its options, not ${shown(given)}.`)
  const options = { ...DEFAULTS, ...withoutUndefined(given === true ? {} : given) }
  const { factor, maxBuckets, minResetIntervalSeconds, zeroThreshold, maxZeroThreshold } = options
  if (!Number.isFinite(factor) || !(factor > 1)) throw wrong('factor', 'a number above 1', factor, name)
  if (!Number.isInteger(maxBuckets) || maxBuckets < 0)
    throw wrong('maxBuckets', 'a positive integer, or 0 for no limit', maxBuckets, name)
  checkNotNegative('minResetIntervalSeconds', minResetIntervalSeconds, name)
  checkNotNegative('zeroThreshold', zeroThreshold, name)
  checkNotNegative('maxZeroThreshold', maxZeroThreshold, name)
  if (maxZeroThreshold !== 0 && maxZeroThreshold < zeroThreshold)
    throw wrong('maxZeroThreshold', `no less than the zeroThreshold ${zeroThreshold}, or 0`, maxZeroThreshold, name)
  return {
    schema: schemaFor(factor),
    maxBuckets: maxBuckets === 0 ? Number.POSITIVE_INFINITY : maxBuckets,
    minResetIntervalMs: minResetIntervalSeconds === 0 ? Number.POSITIVE_INFINITY : minResetIntervalSeconds * 1000,
    zeroThreshold,
    maxZeroThreshold,
  }
}

function withoutUndefined(options: NativeHistogramOptions): NativeHistogramOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function checkNotNegative(option: string, value: unknown, name: string): void {
  if (!Number.isFinite(value) || (value as number) < 0) throw wrong(option, 'a number, 0 or above', value, name)
}

function wrong(option: string, rule: string, value: unknown, name: string): MetricError {
  return invalid(`native.${option} of the histogram ${name} must be ${rule}, not ${shown(value)}.`)
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_OPTION', message)
}
