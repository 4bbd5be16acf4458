/** What a program may give as the value of a label; it is exposed as text. */
export type LabelValue = string | number | boolean

/** The pairs of one series at a scrape, in the order of the declaration. An absent label is not there. */
export type LabelSet = Readonly<Record<string, string>>

export function isLabelValue(value: unknown): value is LabelValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** What is exposed of a value: its text, with U+FFFD for what UTF-8 cannot say (a lone surrogate). */
export function textOf(value: LabelValue): string {
  return String(value).toWellFormed()
}

/** Whether something may be labels by name; an array is none. */
export function areByName(labels: unknown): labels is Readonly<Record<string, unknown>> {
  return typeof labels === 'object' && labels !== null && !Array.isArray(labels)
}
