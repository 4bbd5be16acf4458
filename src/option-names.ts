import { isArray, MetricError, shown } from './errors.ts'

/**
 * Refuses an option that there is not, and names the nearest that there is. TypeScript does so while it compiles;
 * without it, a misspelt option would be one that was left out. What is `undefined` was left out, whatever it is
 * called.
 *
 * Refuses what is given in the place of options, too, such as a registry, an application or a port: they have no such
 * options, and would be options that were left out.
 *
 * Not asked by the metric types, which would carry it into every bundle.
 *
 * @param taker what takes the options, as the end of "no option of …"
 * @param known has a property for each option
 * @throws {MetricError} `INVALID_OPTION`
 */
export function checkOptionNames(taker: string, given: unknown, known: Readonly<Record<string, unknown>>): void {
  if (!isOptions(given)) {
    const other = typeof given === 'object' && given !== null && 'gather' in given ? 'a registry' : shown(given)
    throw new MetricError('INVALID_OPTION', `The options of ${taker} must be an object with their names, not ${other}.`)
  }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || Object.hasOwn(known, name)) continue
    const names = Object.keys(known)
    const nearest = nearestOf(name, names)
    const hint = nearest === undefined ? `they are: ${names.join(', ')}` : `the nearest is ${nearest}`
    throw new MetricError('INVALID_OPTION', `No option of ${taker} is called ${shown(name)}; ${hint}.`)
  }
}

function isOptions(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !isArray(given) && !('gather' in given)
}

/** `undefined` if none is near enough to have been meant. */
function nearestOf(given: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = 2 + Math.floor(given.length / 4)
  for (const name of names) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = name
  }
  return nearest
}

/** How many characters have to be put in, left out or replaced (Levenshtein). */
function editDistance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 0; i < one.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < other.length; j++) {
      const replaced = before[j]! + (one[i] === other[j] ? 0 : 1)
      row.push(Math.min(replaced, before[j + 1]! + 1, row[j]! + 1))
    }
    before = row
  }
  return before[other.length]!
}
