import { lint, type LintProblem } from './lint.ts'
import { isProduction } from './production.ts'
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
 * `NODE_ENV` is `production`. Call it when the service has declared its metrics; it asks them, as a scrape does. The
 * adapters warn of declarations by themselves, but do not ask custom collectors for their families.
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
  for (const warning of warnings(registry, await lint(registry))) warn(warning)
}

/** The problems as lines, without those that were told of that registry before. */
export function* warnings(registry: Gatherer, problems: readonly LintProblem[]): Generator<string, void, undefined> {
  const known = told.get(registry) ?? new Set<string>()
  told.set(registry, known)
  for (const { metric, rule, message } of problems) {
    const warning = `narthex: ${metric} ${message} (${rule})`
    if (known.has(warning)) continue
    known.add(warning)
    yield warning
  }
}
