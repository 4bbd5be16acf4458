import { lint } from './lint.ts'
import type { Gatherer } from './source.ts'

/** What {@link warnOnLint} takes. */
export interface LintWarningOptions {
  /** Told each problem; by default a line on the console. */
  readonly onWarning?: (message: string) => void
}

/** What was told of each registry. */
const told = new WeakMap<Gatherer, Set<string>>()

/**
 * Warns of what {@link lint} finds in a registry: once for each problem, however often it is called, and never where
 * `NODE_ENV` is `production`. Call it when the service has declared its metrics; it asks them, as a scrape does.
 *
 * @example
 * ```ts
 * import { defaultRegistry, histogram } from 'narthex'
 * import { warnOnLint } from 'narthex/testing'
 *
 * histogram({ name: 'query_ms', help: 'Queries.' })
 * await warnOnLint(defaultRegistry, { onWarning: (message) => console.log(message) })
 * await warnOnLint(defaultRegistry, { onWarning: (message) => console.log(message) })
 * // narthex: query_ms abbreviates a unit: write out ms, as a base unit (abbreviated-unit)
 * ```
 */
export async function warnOnLint(registry: Gatherer, options: LintWarningOptions = {}): Promise<void> {
  if (isProduction()) return
  const warn = options.onWarning ?? ((message: string): void => console.warn(message))
  const known = told.get(registry) ?? new Set<string>()
  told.set(registry, known)
  for (const { metric, rule, message } of await lint(registry)) {
    const warning = `narthex: ${metric} ${message} (${rule})`
    if (known.has(warning)) continue
    known.add(warning)
    warn(warning)
  }
}

/** Not every platform has a `process`. */
function isProduction(): boolean {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } }
  return process?.env?.['NODE_ENV'] === 'production'
}
