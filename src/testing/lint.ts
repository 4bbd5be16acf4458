import type { MetricFamily } from '../model/metric-family.ts'
import { abbreviatedUnit } from './rules/abbreviated-unit.ts'
import { baseUnit } from './rules/base-unit.ts'
import { camelCase } from './rules/camel-case.ts'
import { colonInName } from './rules/colon-in-name.ts'
import { duplicateSeries } from './rules/duplicate-series.ts'
import { missingHelp } from './rules/missing-help.ts'
import { reservedName } from './rules/reserved-name.ts'
import type { LintRule } from './rules/rule.ts'
import { totalSuffix } from './rules/total-suffix.ts'
import { typeInName } from './rules/type-in-name.ts'
import { readFamilies, type Gatherer, type Readable } from './source.ts'

/** The rules of the linter: those of `promtool check metrics`. */
export type LintRuleName =
  | 'missing-help'
  | 'base-unit'
  | 'total-suffix'
  | 'reserved-name'
  | 'type-in-name'
  | 'colon-in-name'
  | 'camel-case'
  | 'abbreviated-unit'
  | 'duplicate-series'

/** What a rule has against a family. */
export interface LintProblem {
  /** The name of the family. */
  readonly metric: string
  readonly rule: LintRuleName
  /** What is wrong and what to do, to be read after the name: "is in minutes: use the base unit seconds". */
  readonly message: string
}

/**
 * Holds metrics against the naming rules of Prometheus: the nine that `promtool check metrics` knows.
 * A registry answers later; a metric and families at once.
 *
 * @example
 * ```ts
 * import { gauge, Registry } from 'narthex'
 * import { lint } from 'narthex/testing'
 *
 * const registry = new Registry()
 * gauge({ name: 'cache_age_minutes', help: 'Since the last load.', registry })
 * for (const { metric, rule, message } of await lint(registry)) console.log(`${metric} ${message} (${rule})`)
 * // cache_age_minutes is in minutes: use the base unit seconds (base-unit)
 * ```
 */
export function lint(source: Gatherer): Promise<readonly LintProblem[]>
export function lint(source: Readable): readonly LintProblem[]
export function lint(source: Gatherer | Readable): readonly LintProblem[] | Promise<readonly LintProblem[]>
export function lint(source: Gatherer | Readable): readonly LintProblem[] | Promise<readonly LintProblem[]> {
  return readFamilies(source, (families) => families.flatMap(problemsOf))
}

const RULES: Readonly<Record<LintRuleName, LintRule>> = {
  'missing-help': missingHelp,
  'base-unit': baseUnit,
  'total-suffix': totalSuffix,
  'reserved-name': reservedName,
  'type-in-name': typeInName,
  'colon-in-name': colonInName,
  'camel-case': camelCase,
  'abbreviated-unit': abbreviatedUnit,
  'duplicate-series': duplicateSeries,
}

function problemsOf(family: MetricFamily): LintProblem[] {
  return (Object.entries(RULES) as [LintRuleName, LintRule][]).flatMap(([rule, check]) =>
    check(family).map((message) => ({ metric: family.name, rule, message })),
  )
}
