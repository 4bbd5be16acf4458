import { MetricError, shown } from '../errors.ts'
import type { NamingName } from './request-naming.ts'

/** What the option `naming` asks for, of `namings`. @throws {MetricError} `INVALID_OPTION` */
export function chosenNaming<Naming>(
  namings: Readonly<Record<NamingName, Naming>>,
  naming: NamingName = 'seeds',
): Naming {
  if (Object.hasOwn(namings, naming)) return namings[naming]
  const known = Object.keys(namings).join(', ')
  throw new MetricError('INVALID_OPTION', `The naming can be one of: ${known}; not ${shown(naming)}.`)
}

/** What names begin with, given the option `prefix`; with its underscore, or empty. */
export function chosenPrefix(prefix: string | undefined, naming: { readonly prefix: string }): string {
  if (prefix === undefined) return naming.prefix
  return prefix === '' ? '' : `${prefix}_`
}
