/**
 * The schemas that servers take: from buckets 65536 times as wide as the one before to ones wider by 0.27% (conformance
 * H1).
 */
export const LOWEST_SCHEMA = -4
export const HIGHEST_SCHEMA = 8

/** By schema, made when first asked for. */
const octaves: Float64Array[] = []

/**
 * The upper bound of a bucket of a native histogram: `2 ** (index / 2 ** schema)` (conformance H2).
 * That of the bucket which holds the largest number is the largest number, that of the next is infinite (conformance
 * H3).
 *
 * The bounds between powers of two are those of the Prometheus server, bit for bit, see
 * docs/decisions/0009-native-bucket-bounds.md.
 *
 * @example
 * ```ts
 * import { nativeUpperBound } from 'narthex'
 *
 * console.log(nativeUpperBound(0, 3), nativeUpperBound(8, 3)) // 1 2
 * console.log(nativeUpperBound(1, 3)) // 1.0905077326652577
 * ```
 */
export function nativeUpperBound(index: number, schema: number): number {
  if (schema <= 0) return scaled(1, index * 2 ** -schema)
  const perOctave = 2 ** schema
  const octave = Math.floor(index / perOctave)
  return scaled(octaveBounds(schema)[index - octave * perOctave]!, octave)
}

/** The bounds from 1 to 2, both included, of a schema above 0: `2 ** schema + 1` of them. */
export function octaveBounds(schema: number): Float64Array {
  return (octaves[schema] ??= Float64Array.from({ length: 2 ** schema + 1 }, (_, k) => powerOfTwo(k / 2 ** schema)))
}

/**
 * 2 to the power of a fraction: the product of the roots of two that its binary digits stand for, the greatest first.
 * With 2/√2 for √2, which rounds to the number below, and in this order, every product rounds to the bound of the
 * server. Only operations that IEEE 754 defines to the last bit: not `**`, which differs from platform to platform.
 */
function powerOfTwo(fraction: number): number {
  if (fraction === 1) return 2
  let product = 1
  let root = 2 / Math.SQRT2
  let exact = Math.SQRT2
  for (let digit = 0.5, rest = fraction; rest > 0; digit /= 2) {
    if (rest >= digit) {
      product *= root
      rest -= digit
    }
    root = exact = Math.sqrt(exact)
  }
  return product
}

function scaled(bound: number, exponent: number): number {
  if (exponent === 1024 && bound === 1) return Number.MAX_VALUE
  return bound * 2 ** exponent
}
