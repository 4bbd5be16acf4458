/** A number and its two halves: writing one is reading the other, without allocating. */
const float = /* @__PURE__ */ new Float64Array(1)
const halves = /* @__PURE__ */ (() => new Uint32Array(float.buffer))()
/** Which half has the sign, the exponent and the first bits of the mantissa. */
const HIGH = /* @__PURE__ */ (() => new Uint8Array(Uint32Array.of(1).buffer)[0]!)()
const LOW = /* @__PURE__ */ (() => 1 - HIGH)()

/** Bits of the mantissa in the first half. */
export const HIGH_MANTISSA_BITS = 20
const HIGH_MANTISSA = 0x000f_ffff
const BIAS = 1023

/*
 * The bits of one number are read in turn, as nothing that holds them all is free. The number is never put together
 * from halves again: reading what was written in two pieces waits until both are in memory.
 */

/** Takes the number whose bits are read next. @param magnitude not below 0 */
export function takeApart(magnitude: number): void {
  float[0] = magnitude
}

/** The exponent `e`: `2 ** e <= number < 2 ** (e + 1)`. For 0 and subnormal numbers -1023, for infinity 1024. */
export function exponent(): number {
  return (halves[HIGH]! >>> HIGH_MANTISSA_BITS) - BIAS
}

/** The first bits of the mantissa, {@link HIGH_MANTISSA_BITS} of them, without the one before the point. */
export function highMantissa(): number {
  return halves[HIGH]! & HIGH_MANTISSA
}

/** The other 32 bits of the mantissa. */
export function lowMantissa(): number {
  return halves[LOW]!
}
