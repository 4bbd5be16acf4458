/**
 * A sample value as text. Any parser reads what JavaScript prints, but for the infinities.
 */
export function formatValue(value: number): string {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

/**
 * An upper bound or a quantile as text. It is the value of a label, so the same number must have the same text as in
 * other clients: that of Go's `strconv.FormatFloat(x, 'g', -1, 64)`, with an exponent below −4 and from 6 on, signed
 * and of two digits at least (conformance O16).
 */
export function formatBound(bound: number): string {
  const size = Math.abs(bound)
  if (!Number.isFinite(bound) || bound === 0 || (size >= 1e-4 && size < 1e6)) return formatValue(bound)
  return bound.toExponential().replace(/(?<=e.)\d$/, '0$&')
}

/**
 * An upper bound or a quantile as OpenMetrics 1.0 wants it (conformance O16): as {@link formatBound}, but a whole
 * number without exponent ends with `.0`.
 */
export function formatCanonicalBound(bound: number): string {
  const text = formatBound(bound)
  return Number.isInteger(bound) && !text.includes('e') ? `${text}.0` : text
}

/** A timestamp as the Prometheus text formats have it: whole milliseconds (conformance T6). */
export function formatMilliseconds(timestampMs: number): string {
  return String(Math.round(timestampMs))
}

/** A timestamp as OpenMetrics has it: seconds, with three decimals at most (conformance O14), and no exponent (P10). */
export function formatSeconds(timestampMs: number): string {
  const seconds = Math.round(timestampMs) / 1000
  return Math.abs(seconds) < 1e21 ? String(seconds) : String(BigInt(seconds))
}
