/** What a program may give as the value of a label; it is exposed as text. */
export type LabelValue = string | number | boolean

/** The pairs of one series at a scrape, in the order of the declaration. An absent label is not there. */
export type LabelSet = Readonly<Record<string, string>>

export function isLabelValue(value: unknown): value is LabelValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
