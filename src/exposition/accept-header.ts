/** One of the media types that a scraper accepts. */
export interface AcceptedType {
  /** In lower case, with a star for what is left open. */
  readonly type: string
  /** By name in lower case; the weight is not among them. */
  readonly parameters: ReadonlyMap<string, string>
  /** From 0, which is a refusal, to 1. */
  readonly weight: number
  /** Which one it is in the header. */
  readonly place: number
}

/**
 * The parts of an `Accept` header (RFC 9110, 12.5.1) as they stand there. A part whose weight is nonsense is left out;
 * other nonsense names a media type that nobody has.
 */
export function acceptedTypes(header: string): AcceptedType[] {
  const types: AcceptedType[] = []
  for (const [place, part] of splitAt(',', header).entries()) {
    const [type = '', ...rest] = splitAt(';', part)
    const parameters = new Map<string, string>()
    for (const parameter of rest) {
      const equals = parameter.indexOf('=')
      if (equals === -1) continue
      const name = parameter.slice(0, equals).trim().toLowerCase()
      // Of a parameter that comes twice, the first counts.
      if (!parameters.has(name)) parameters.set(name, unquoted(parameter.slice(equals + 1).trim()))
    }
    const weight = Number(parameters.get('q') ?? 1)
    parameters.delete('q')
    if (weight >= 0 && weight <= 1) types.push({ type: type.trim().toLowerCase(), parameters, weight, place })
  }
  return types
}

/** The parts between separators, but for those that stand in quotes. */
function splitAt(separator: string, text: string): string[] {
  const parts: string[] = []
  let from = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') quoted = !quoted
    else if (quoted && character === '\\') at++
    else if (character === separator && !quoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
    : value
}
