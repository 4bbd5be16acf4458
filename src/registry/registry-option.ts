import { MetricError, shown } from '../errors.ts'

/**
 * Refuses what is given in the place of a registry. Not by `instanceof`: that of another copy of narthex is one. That
 * of another client has no `gather`.
 *
 * @throws {MetricError} `INVALID_OPTION`
 */
export function checkRegistry(registry: unknown): void {
  if (registry === undefined || isRegistry(registry)) return
  throw new MetricError('INVALID_OPTION', `registry must be a Registry of narthex, not ${shown(registry)}.`)
}

function isRegistry(given: unknown): boolean {
  return typeof (given as { readonly gather?: unknown } | null)?.gather === 'function'
}
