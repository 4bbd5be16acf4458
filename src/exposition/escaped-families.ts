import { expositionNames } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { isLabelName, isMetricName, isReservedLabelName } from '../model/names.ts'
import { escapeLabelName, escapeName, type Escaping } from './name-escaping.ts'

/**
 * Families as an exposition can have them in which names are escaped; those whose names every server accepts are the
 * same objects.
 *
 * Names that meet when they are escaped would cost the whole scrape, or lose a family. Declared metrics cannot, as far
 * as underscores go: they are refused at registration. Of others, a name that is legal keeps it, and the first of those
 * that are escaped; the next is escaped as `values`, which tells all names apart.
 */
export function escapedFamilies(families: Iterable<MetricFamily>, escaping: Escaping): Iterable<MetricFamily> {
  if (escaping === 'allow-utf-8') return families
  const all = [...families]
  if (all.every(isLegal)) return all
  const taken = new Set<string>()
  for (const family of all) if (hasLegalName(family)) for (const name of expositionNames(family)) taken.add(name)
  return all.map((family) => (isLegal(family) ? family : escapedFamily(family, escaping, taken)))
}

/** By the list of label names of a metric, which stays: the name of the metric, once both are known to be legal. */
const legalNames = new WeakMap<readonly string[], string>()

function isLegal(family: MetricFamily): boolean {
  const { name, labelNames } = family
  if (legalNames.get(labelNames) === name) return true
  if (!hasLegalName(family) || !labelNames.every(isLabelName)) return false
  if (Object.isFrozen(labelNames)) legalNames.set(labelNames, name)
  return true
}

/** The name of a state set is that of a label, too. */
function hasLegalName({ name, type }: MetricFamily): boolean {
  return type === 'stateset' ? isLabelName(name) : isMetricName(name)
}

/** @param taken the names that other families have; those of this one are added */
function escapedFamily(family: MetricFamily, escaping: Escaping, taken: Set<string>): MetricFamily {
  const labelNames = escapedLabelNames(family.labelNames, escaping)
  const { type } = family
  if (hasLegalName(family)) {
    const meetsLabel = type === 'stateset' && labelNames.includes(family.name)
    return { ...family, labelNames: meetsLabel ? escapedList(family.labelNames, escaping, family.name) : labelNames }
  }
  const escape = type === 'stateset' ? escapeLabelName : escapeName
  const meets = (name: string): boolean =>
    expositionNames({ name, type }).some((each) => taken.has(each)) ||
    (type === 'stateset' && (labelNames.includes(name) || isReservedLabelName(name)))
  const name = firstFree(escape(family.name, escaping), escape(family.name, 'values'), meets)
  for (const each of expositionNames({ name, type })) taken.add(each)
  return { ...family, name, labelNames }
}

/** By list of names, as the metric has it: the same list again, by which a writer knows that nothing has changed. */
const escapedLists: Readonly<Record<Escaping, WeakMap<readonly string[], readonly string[]>>> = {
  underscores: new WeakMap(),
  'allow-utf-8': new WeakMap(),
  dots: new WeakMap(),
  values: new WeakMap(),
}

function escapedLabelNames(names: readonly string[], escaping: Escaping): readonly string[] {
  const known = escapedLists[escaping].get(names)
  if (known !== undefined) return known
  const escaped = escapedList(names, escaping)
  escapedLists[escaping].set(names, escaped)
  return escaped
}

/** @param own a label that the family has besides */
function escapedList(names: readonly string[], escaping: Escaping, own?: string): readonly string[] {
  const taken = new Set([own, ...names.filter(isLabelName)])
  const meets = (name: string): boolean => taken.has(name) || isReservedLabelName(name)
  return names.map((name) => {
    if (isLabelName(name)) return name
    const free = firstFree(escapeLabelName(name, escaping), escapeLabelName(name, 'values'), meets)
    taken.add(free)
    return free
  })
}

/** Of two ways to write a name the first that is free; more underscores only if somebody took both. */
function firstFree(name: string, otherwise: string, meets: (name: string) => boolean): string {
  if (!meets(name)) return name
  let free = otherwise
  while (meets(free)) free += '_'
  return free
}
