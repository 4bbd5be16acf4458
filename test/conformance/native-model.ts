/**
 * A native histogram in plain arithmetic of big numbers, written from the specification: it keeps every observation and
 * works out the buckets anew each time. Slow, and without a table of bounds.
 */
export class NativeModel {
  readonly #settings: NativeSettings
  #observed: number[] = []
  readonly #indexes: Map<number, number>[] = []
  #schema: number
  #zeroThreshold: number
  #dueMs = Number.POSITIVE_INFINITY
  beganMs: number

  constructor(settings: NativeSettings, nowMs: number) {
    this.#settings = settings
    this.#schema = exactSchema(settings.factor)
    this.#zeroThreshold = settings.zeroThreshold
    this.beganMs = nowMs
  }

  observe(value: number, nowMs: number): void {
    this.passTime(nowMs)
    this.#observed.push(value)
    if (!this.#isFull) return
    const { minResetIntervalMs } = this.#settings
    const scheduled = this.#dueMs !== Number.POSITIVE_INFINITY
    if (minResetIntervalMs > 0 && !scheduled && nowMs - this.beganMs >= minResetIntervalMs) {
      this.#beginAgain(nowMs)
      this.#observed.push(value)
      return
    }
    if (minResetIntervalMs > 0) this.#dueMs = this.beganMs + minResetIntervalMs
    while (this.#isFull) {
      if (this.#widenZero()) continue
      if (this.#schema === -4) return
      this.#schema--
    }
  }

  /** The reset that was scheduled, at its time. */
  passTime(nowMs: number): void {
    if (nowMs >= this.#dueMs) this.#beginAgain(this.#dueMs)
  }

  get observed(): readonly number[] {
    return this.#observed
  }

  get buckets(): ModelBuckets {
    const positive = new Map<number, number>()
    const negative = new Map<number, number>()
    let zeroCount = 0
    for (const value of this.#observed) {
      if (Number.isNaN(value)) continue
      const magnitude = Math.abs(value)
      if (magnitude <= this.#zeroThreshold) {
        zeroCount++
        continue
      }
      const side = value > 0 ? positive : negative
      const index = this.#indexOf(magnitude)
      side.set(index, (side.get(index) ?? 0) + 1)
    }
    return {
      schema: this.#schema,
      zeroThreshold: this.#zeroThreshold,
      zeroCount,
      positive: [...positive].toSorted(([a], [b]) => a - b),
      negative: [...negative].toSorted(([a], [b]) => a - b),
    }
  }

  /** Remembered, as powers of big numbers take their time. */
  #indexOf(magnitude: number): number {
    const indexes = (this.#indexes[this.#schema + 4] ??= new Map<number, number>())
    const index = indexes.get(magnitude) ?? exactIndex(magnitude, this.#schema)
    indexes.set(magnitude, index)
    return index
  }

  get #isFull(): boolean {
    const { maxBuckets } = this.#settings
    const { positive, negative } = this.buckets
    return maxBuckets > 0 && positive.length + negative.length > maxBuckets
  }

  #beginAgain(nowMs: number): void {
    this.#observed = []
    this.#schema = exactSchema(this.#settings.factor)
    this.#zeroThreshold = this.#settings.zeroThreshold
    this.#dueMs = Number.POSITIVE_INFINITY
    this.beganMs = nowMs
  }

  #widenZero(): boolean {
    const { positive, negative } = this.buckets
    const bound = nearestBound(Math.min(...[...positive, ...negative].map(([index]) => index)), this.#schema)
    if (bound > this.#settings.maxZeroThreshold) return false
    this.#zeroThreshold = bound
    return true
  }
}

export interface NativeSettings {
  readonly factor: number
  /** 0 for no limit. */
  readonly maxBuckets: number
  /** 0 for never. */
  readonly minResetIntervalMs: number
  readonly zeroThreshold: number
  readonly maxZeroThreshold: number
}

export interface ModelBuckets {
  readonly schema: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  /** Index and count. */
  readonly positive: readonly (readonly [number, number])[]
  readonly negative: readonly (readonly [number, number])[]
}

/**
 * The least index whose bound, `2 ** (index / 2 ** schema)`, is not below a magnitude (H2); infinity is beyond all
 * numbers (H3).
 */
export function exactIndex(magnitude: number, schema: number): number {
  if (magnitude === Number.POSITIVE_INFINITY) return exactIndex(Number.MAX_VALUE, schema) + 1
  const [steps, exponent] = fractionOf(magnitude)
  if (schema < 0) return Math.ceil((ceilLog2(steps) + exponent) / 2 ** -schema) + 0 // not -0
  const perOctave = 2 ** schema
  return ceilLog2(steps ** BigInt(perOctave)) + exponent * perOctave
}

/** The least schema whose growth, `2 ** (2 ** -schema)`, is not above a factor (H5). */
export function exactSchema(factor: number): number {
  const [steps, exponent] = fractionOf(factor)
  for (let schema = -4; schema < 8; schema++) {
    const perOctave = 2 ** Math.max(0, schema)
    const doublings = 2 ** Math.max(0, -schema)
    // factor ** perOctave >= 2 ** doublings, without fractions: the exponent of a factor may be negative, its power
    // not.
    const left = steps ** BigInt(perOctave)
    const shift = BigInt(doublings - exponent * perOctave)
    if (shift <= 0n || left >= 1n << shift) return schema
  }
  return 8
}

/** The number nearest to a bound. */
function nearestBound(index: number, schema: number): number {
  const perOctave = 2 ** Math.max(0, schema)
  const exponents = schema < 0 ? index * 2 ** -schema : index
  if (exponents === 1024 * perOctave) return Number.MAX_VALUE
  if (exponents > 1024 * perOctave) return Number.POSITIVE_INFINITY
  const octave = Math.floor(exponents / perOctave)
  const power = 1n << BigInt(52 * perOctave + (exponents - octave * perOctave))
  let [low, high] = [1n << 52n, 1n << 53n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (middle ** BigInt(perOctave) <= power) low = middle
    else high = middle
  }
  const isNearerToHigh = (low + high) ** BigInt(perOctave) <= power << BigInt(perOctave)
  return (Number(isNearerToHigh ? high : low) / 2 ** 52) * 2 ** octave
}

/** A number as a whole one times a power of two. */
function fractionOf(number: number): [steps: bigint, exponent: number] {
  let exponent = 0
  let scaled = number
  while (scaled < 2 ** 52) {
    scaled *= 2
    exponent--
  }
  while (scaled >= 2 ** 53) {
    scaled /= 2
    exponent++
  }
  return [BigInt(scaled), exponent]
}

function ceilLog2(number: bigint): number {
  return number === 1n ? 0 : (number - 1n).toString(2).length
}
