import type { MetricFamily } from '../../model/metric-family.ts'

/** A rule of the linter: what it has against a family, a message for each find; none, when the family is good. */
export type LintRule = (family: MetricFamily) => readonly string[]
