import type { LabelValue } from '../model/label-set.ts'

/** Label names in the order of the declaration. */
export type LabelNames = readonly string[]

/** Label values by name: every declared name, and no other. */
export type LabelsByName<Names extends LabelNames> = Names extends readonly []
  ? Readonly<Record<string, never>>
  : { readonly [Name in Names[number]]: LabelValue }

/** Label values by position: as many as there are names, in their order. */
export type LabelsByPosition<Names extends LabelNames> = { readonly [Position in keyof Names]: LabelValue }

/** What `labels(…)` and `remove(…)` take. */
export type LabelArguments<Names extends LabelNames> = readonly [labels: LabelsByName<Names>] | LabelsByPosition<Names>

/**
 * What a recording verb takes: its own arguments on a metric without labels, and the labels before them on a metric
 * with. `Names` of unknown length (a metric passed around as `Counter`) allows both, and is checked at run time.
 */
export type RecordingArguments<Names extends LabelNames, Own extends readonly unknown[]> = Names extends readonly []
  ? Own
  : number extends Names['length']
    ? Own | readonly [labels: LabelsByName<Names>, ...own: Own]
    : readonly [labels: LabelsByName<Names>, ...own: Own]
