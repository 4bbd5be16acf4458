import type { Exemplar } from '../model/exemplar.ts'
import { LOWEST_SCHEMA, nativeUpperBound } from '../model/native-bounds.ts'
import type { NativeBuckets, NativeSide } from '../model/native-buckets.ts'
import { BucketCounts } from './bucket-counts.ts'
import { NativeExemplars } from './native-exemplars.ts'
import { halvedIndex, scaleOf, type NativeScale } from './native-scale.ts'

/** What a native histogram was declared with, checked. */
export interface NativeRules {
  /** From -4 to 8. */
  readonly schema: number
  readonly zeroThreshold: number
  /** The zero bucket is never widened beyond. */
  readonly maxZeroThreshold: number
  /** Infinite for no limit. */
  readonly maxBuckets: number
  /** Infinite for no reset. */
  readonly minResetIntervalMs: number
}

const NO_BUCKETS: NativeSide = /* @__PURE__ */ (() => ({ indexes: new Int32Array(), counts: new Float64Array() }))()

const NO_EXEMPLARS: readonly Exemplar[] = []

/** The native buckets of one series while it is being recorded into. Knows no clock: whoever records says the time. */
export class LiveNativeBuckets {
  readonly #rules: NativeRules
  #scale: NativeScale
  #zeroThreshold: number
  #zeroCount = 0
  readonly #positive: BucketCounts = new BucketCounts()
  /** Most histograms never see a number below zero. */
  #negative: BucketCounts | undefined
  /** Most histograms never have an exemplar. */
  #exemplars: NativeExemplars | undefined
  #beganMs: number
  /** When the series has to begin again because its buckets were widened; infinite if they were not. */
  resetDueMs: number = Number.POSITIVE_INFINITY
  #snapshot: NativeBuckets | undefined

  /** @param nowMs from when on the series counts */
  constructor(rules: NativeRules, nowMs: number) {
    this.#rules = rules
    this.#scale = scaleOf(rules.schema)
    this.#zeroThreshold = rules.zeroThreshold
    this.#beganMs = nowMs
  }

  /**
   * Counts a value in its bucket; NaN has none (conformance H7, H8).
   *
   * @returns whether there are more buckets than there may be: then {@link mustReset} and {@link shrink} are to be
   * asked
   */
  observe(value: number): boolean {
    this.#snapshot = undefined
    const magnitude = Math.abs(value)
    if (magnitude > this.#zeroThreshold) {
      const index = this.#scale.indexOf(magnitude)
      const side = value > 0 ? this.#positive : (this.#negative ??= new BucketCounts())
      return side.increment(index) && this.#bucketCount > this.#rules.maxBuckets
    }
    if (magnitude <= this.#zeroThreshold) this.#zeroCount++
    return false
  }

  /** Whether too many buckets are a reason to begin again: the first of the three ways out (conformance H9). */
  mustReset(nowMs: number): boolean {
    return this.resetDueMs === Number.POSITIVE_INFINITY && nowMs - this.#beganMs >= this.#rules.minResetIntervalMs
  }

  /** Forgets everything. @param nowMs from when on the series counts */
  reset(nowMs: number): void {
    this.#scale = scaleOf(this.#rules.schema)
    this.#zeroThreshold = this.#rules.zeroThreshold
    this.#zeroCount = 0
    this.#positive.clear()
    this.#negative = undefined
    this.#exemplars = undefined
    this.#beganMs = nowMs
    this.resetDueMs = Number.POSITIVE_INFINITY
    this.#snapshot = undefined
  }

  /**
   * Widens buckets until there are as many as there may be, or none can be widened: the zero bucket, as long as it may
   * be, and then all others (conformance H9). What that has cost comes back with the reset that is due from now on.
   */
  shrink(): void {
    this.#snapshot = undefined
    this.resetDueMs = this.#beganMs + this.#rules.minResetIntervalMs
    while (this.#bucketCount > this.#rules.maxBuckets && (this.#widenZero() || this.#halveResolution()));
  }

  /** Takes an exemplar, with its timestamp, of a value that was observed. */
  takeExemplar(exemplar: Exemplar): void {
    this.#exemplars ??= new NativeExemplars()
    this.#exemplars.add(exemplar)
  }

  /** The same object as long as nothing is observed, and the exemplars stay. */
  snapshot(nowMs: number): NativeBuckets {
    const exemplars = this.#exemplars?.at(nowMs) ?? NO_EXEMPLARS
    this.#snapshot ??= {
      schema: this.#scale.schema,
      zeroThreshold: this.#zeroThreshold,
      zeroCount: this.#zeroCount,
      positive: this.#positive.snapshot(),
      negative: this.#negative?.snapshot() ?? NO_BUCKETS,
      exemplars,
    }
    if (this.#snapshot.exemplars !== exemplars) this.#snapshot = { ...this.#snapshot, exemplars }
    return this.#snapshot
  }

  get #bucketCount(): number {
    return this.#positive.size + (this.#negative?.size ?? 0)
  }

  /** Takes the buckets next to zero, one on each side at most, into the zero bucket. @returns whether it did */
  #widenZero(): boolean {
    const least = Math.min(this.#positive.least, this.#negative?.least ?? Number.POSITIVE_INFINITY)
    const bound = nativeUpperBound(least, this.#scale.schema)
    if (bound > this.#rules.maxZeroThreshold) return false
    this.#zeroThreshold = bound
    this.#zeroCount += this.#positive.remove(least) + (this.#negative?.remove(least) ?? 0)
    return true
  }

  #halveResolution(): boolean {
    if (this.#scale.schema === LOWEST_SCHEMA) return false
    this.#scale = scaleOf(this.#scale.schema - 1)
    this.#positive.reindex(halvedIndex)
    this.#negative?.reindex(halvedIndex)
    return true
  }
}
