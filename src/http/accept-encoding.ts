/** How a body may be encoded, the best first: the order among those that a scraper weighs alike. */
export const CODINGS = ['zstd', 'gzip', 'identity'] as const
export type Coding = (typeof CODINGS)[number]

/**
 * The coding that an `Accept-Encoding` header prefers among those that are `available` (conformance U8): the heaviest,
 * and of equals the first of {@link CODINGS}. Who does not mention `identity` takes it if there is nothing else. `*`
 * stands for gzip, which everybody reads, and not for zstd.
 */
export function preferredCoding(header: string | undefined, available: readonly Coding[]): Coding {
  const weights = weightsOf(header ?? '')
  const weightOf = (coding: Coding): number => {
    if (coding === 'gzip') return weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0
    return weights.get(coding) ?? 0
  }
  let best: Coding = 'identity'
  let heaviest = 0
  for (const coding of CODINGS) {
    if (!(weightOf(coding) > heaviest) || !available.includes(coding)) continue
    best = coding
    heaviest = weightOf(coding)
  }
  return best
}

/** By lower-case name; one without a weight weighs 1. */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((each) => each.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  return weights
}
