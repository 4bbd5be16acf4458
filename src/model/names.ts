/** Whether `name` may name a metric or a label where names are UTF-8 (conformance N1): any text that is not empty. */
export function isUtf8Name(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name.isWellFormed()
}

/** Whether every server accepts `name` for a metric: letters, digits, `_` and `:`, no digit first (conformance N1). */
export function isMetricName(name: unknown): name is string {
  return isUtf8Name(name) && underscored(name) === name
}

/** The same for a label, without `:`; reserved names (see {@link isReservedLabelName}) included. */
export function isLabelName(name: unknown): name is string {
  return isUtf8Name(name) && underscoredLabel(name) === name
}

/** Names beginning with two underscores belong to Prometheus itself. */
export function isReservedLabelName(name: string): boolean {
  return name.startsWith('__')
}

/**
 * The name of a metric as servers without UTF-8 names get it: an underscore for every other code point (conformance
 * U2).
 */
export function underscored(name: string): string {
  return name.replaceAll(/^\d|[^\w:]/gu, '_')
}

/** The same of a label, where a colon is none of the characters, either (conformance U5). */
export function underscoredLabel(name: string): string {
  return underscored(name).replaceAll(':', '_')
}
