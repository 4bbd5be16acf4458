import { HIGHEST_SCHEMA, LOWEST_SCHEMA, octaveBounds } from '../model/native-bounds.ts'
import { exponentOf, lastMantissa, lastMantissaBits } from './float64.ts'

/** Where to look for a mantissa among the bounds from 1 to 2. */
interface Octave {
  readonly bounds: Float64Array
  /** By the first `schema + 1` bits of a mantissa: the first bound that is not below all mantissas with these bits. */
  readonly first: Uint16Array
}

/** By schema, made when first asked for. */
const octaves: Octave[] = []

/**
 * The index of the bucket that holds a number above 0 (conformance H2–H4), infinity included. Nothing is allocated.
 *
 * @param magnitude not 0, not NaN
 */
export function nativeIndex(magnitude: number, schema: number): number {
  if (magnitude > Number.MAX_VALUE) return nativeIndex(Number.MAX_VALUE, schema) + 1
  const exponent = exponentOf(magnitude)
  if (schema <= 0) {
    const ceiling = lastMantissa() === 1 ? exponent : exponent + 1
    return (ceiling + (1 << -schema) - 1) >> -schema
  }
  const { bounds, first } = (octaves[schema] ??= octave(schema))
  // Between two mantissas that differ in these bits there is one bound at most: no search, two comparisons.
  let position = first[lastMantissaBits(schema + 1)]!
  if (lastMantissa() > bounds[position]!) position++
  return (exponent << schema) + position
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

function octave(schema: number): Octave {
  const bounds = octaveBounds(schema)
  const cells = 2 ** (schema + 1)
  const first = Uint16Array.from({ length: cells }, (_, cell) => bounds.findIndex((bound) => bound >= 1 + cell / cells))
  return { bounds, first }
}
