import { HIGHEST_SCHEMA, LOWEST_SCHEMA, octaveBounds } from '../model/native-bounds.ts'
import { exponent, HIGH_MANTISSA_BITS, highMantissa, lowMantissa, takeApart } from './float64.ts'

/** By schema less the lowest one, made when first asked for. */
const scales: NativeScale[] = []

/** The scale of a schema, from -4 to 8. */
export function scaleOf(schema: number): NativeScale {
  return (scales[schema - LOWEST_SCHEMA] ??= new NativeScale(schema))
}

/** The coarsest schema whose buckets grow by no more than `factor`, or else the finest (conformance H5). */
export function schemaFor(factor: number): number {
  let schema = LOWEST_SCHEMA
  for (let growth = 2 ** 16; growth > factor && schema < HIGHEST_SCHEMA; growth = Math.sqrt(growth)) schema++
  return schema
}

/** The bucket that holds the one of `index` once the resolution is half as fine. */
export function halvedIndex(index: number): number {
  return (index + 1) >> 1
}

const SMALLEST_EXPONENT = -1022
const LARGEST_EXPONENT = 1023
/** Subnormal numbers are read as so many bits larger. */
const SCALE_BITS = 54

/** Finds the bucket of a number in the buckets of a schema (conformance H2–H4), by its bits and without allocating. */
export class NativeScale {
  readonly schema: number
  /**
   * 2 to the power of it is the number of buckets to an octave, if there are several; of octaves to a bucket, if not.
   */
  readonly #fine: number
  readonly #coarse: number
  /** How many bits of a mantissa are not needed to know what {@link #first} knows. */
  readonly #otherBits: number
  /** By the first `fine + 1` bits of a mantissa: the first bound that is not below all mantissas with these bits. */
  readonly #first: Uint16Array
  /** The bounds of an octave, as the two halves of their mantissas. That of its end, 2, is above all mantissas. */
  readonly #highBounds: Int32Array
  readonly #lowBounds: Uint32Array

  constructor(schema: number) {
    this.schema = schema
    this.#fine = Math.max(0, schema)
    this.#coarse = Math.max(0, -schema)
    this.#otherBits = HIGH_MANTISSA_BITS - this.#fine - 1
    const bounds = octaveBounds(this.#fine)
    const cells = 2 ** (this.#fine + 1)
    this.#first = Uint16Array.from({ length: cells }, (_, cell) =>
      bounds.findIndex((bound) => bound >= 1 + cell / cells),
    )
    this.#highBounds = Int32Array.from(bounds, (bound) => Math.floor((bound - 1) * 2 ** HIGH_MANTISSA_BITS))
    this.#lowBounds = Uint32Array.from(bounds, (bound) => (((bound - 1) * 2 ** HIGH_MANTISSA_BITS) % 1) * 2 ** 32)
  }

  /** @param magnitude above 0, infinity included */
  indexOf(magnitude: number): number {
    takeApart(magnitude)
    const octave = exponent()
    if (octave < SMALLEST_EXPONENT) {
      takeApart(magnitude * 2 ** SCALE_BITS)
      return this.#indexIn(exponent() - SCALE_BITS)
    }
    if (octave > LARGEST_EXPONENT) return this.indexOf(Number.MAX_VALUE) + 1
    return this.#indexIn(octave)
  }

  /** The index of the number that was taken apart, in an octave. */
  #indexIn(octave: number): number {
    const mantissa = highMantissa()
    // Between two mantissas that differ in these bits there is one bound at most: no search, one comparison.
    let position = this.#first[mantissa >>> this.#otherBits]!
    const bound = this.#highBounds[position]!
    if (bound === mantissa && lowMantissa() > this.#lowBounds[position]!) position++
    // One more if the mantissa is above the bound. No `if`: no processor can know beforehand which it is.
    position += (bound - mantissa) >>> 31
    return ((octave << this.#fine) + position + (1 << this.#coarse) - 1) >> this.#coarse
  }
}
