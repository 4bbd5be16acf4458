/** A number and its two halves: writing one is reading the other, without allocating. */
const float = /* @__PURE__ */ new Float64Array(1)
const halves = /* @__PURE__ */ new Uint32Array(float.buffer)
/** Which half has the sign, the exponent and the first bits of the mantissa. */
const HIGH = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

const MANTISSA_BITS = 0xf_ffff
const EXPONENT_OF_ONE = 0x3ff0_0000
const BIAS = 1023
/** Below it, numbers have fewer bits: they are scaled up first. */
const SMALLEST_NORMAL = 2 ** -1022
const SCALE_BITS = 54
const SCALE = 2 ** SCALE_BITS

/** The exponent `e` of a finite number above 0: `2 ** e <= magnitude < 2 ** (e + 1)`. */
export function exponentOf(magnitude: number): number {
  if (magnitude < SMALLEST_NORMAL) {
    float[0] = magnitude * SCALE
    return (halves[HIGH]! >>> 20) - BIAS - SCALE_BITS
  }
  float[0] = magnitude
  return (halves[HIGH]! >>> 20) - BIAS
}

/** The mantissa, from 1 to below 2, of the number that {@link exponentOf} was asked for last. */
export function lastMantissa(): number {
  halves[HIGH] = (halves[HIGH]! & MANTISSA_BITS) | EXPONENT_OF_ONE
  return float[0]!
}

/** The first bits of that mantissa behind its 1, at most 20 of them. */
export function lastMantissaBits(count: number): number {
  return (halves[HIGH]! & MANTISSA_BITS) >>> (20 - count)
}
