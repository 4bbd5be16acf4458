import { describe, expect, test } from 'vitest'
import { exposeText, lint, type LintRuleName } from 'narthex/testing'
import { lintCases, type LintCase } from '../testing/lint-cases.ts'
import { checkMetrics } from './promtool.ts'
import { isMissing } from './real-parts.ts'

/** Where promtool may say something else, as rules by the name and type of the family, and why we do not. */
const DIFFERENCES: readonly { family: string; promtool: readonly LintRuleName[]; reason: string }[] = [
  ...['twice', 'twice_turned', 'twice_empty'].map((name) => ({
    family: `gauge ${name}`,
    promtool: [],
    reason: 'promtool 2.42 lacks the rule; newer ones have it',
  })),
  { family: 'gauge silent_ms', promtool: [], reason: 'promtool is not shown a family without series' },
  {
    family: 'gauge several_bytes_hours',
    promtool: [],
    reason: 'of several units in a name promtool judges one, which one is by chance; we judge each',
  },
]

/** Which rule of ours a finding of promtool is. */
const RULE_BY_FINDING: readonly [RegExp, LintRuleName][] = [
  [/help/, 'missing-help'],
  [/base unit/, 'base-unit'],
  [/"_total"/, 'total-suffix'],
  [/"_(bucket|count|sum)"|"(le|quantile)" label/, 'reserved-name'],
  [/include type/, 'type-in-name'],
  [/':'/, 'colon-in-name'],
  [/camelCase/, 'camel-case'],
  [/abbreviated/, 'abbreviated-unit'],
  [/unique/, 'duplicate-series'],
]

describe.skipIf(isMissing('promtool'))('the linter, beside promtool', () => {
  const findings = isMissing('promtool') ? new Map<LintCase, readonly string[]>() : promtoolFindings()

  test.each(lintCases.map((each) => [nameOf(each), each] as const))('finds the same in the %s', (name, lintCase) => {
    const theirs = findings.get(lintCase)!
    const problems = lint([lintCase.family])
    const ourRules = unique(problems.map(({ rule }) => rule))
    const theirRules = unique(theirs.map(ruleOf))
    const difference = DIFFERENCES.find(({ family }) => family === name)
    expect([ourRules, ...(difference === undefined ? [] : [difference.promtool])]).toContainEqual(theirRules)

    // What promtool puts in quotes (the unit, the suffix, the type) our message names, too.
    for (const finding of theirs) {
      const messages = problems.filter(({ rule }) => rule === ruleOf(finding)).map(({ message }) => message)
      const named = [...finding.matchAll(/"([^"]+)"|'([^']+)'/g)].map((quoted) => quoted[1] ?? quoted[2]!)
      expect(messages.filter((message) => named.every((word) => message.includes(word)))).not.toEqual([])
    }
  })

  test('differs in what is listed, and the list names families that there are', () => {
    const names = lintCases.map(nameOf)
    expect(DIFFERENCES.filter(({ family }) => !names.includes(family))).toEqual([])
  })
})

/** What promtool says about each case, in as few expositions as there are families of one name. */
function promtoolFindings(): Map<LintCase, readonly string[]> {
  const expositions: Map<string, LintCase>[] = []
  for (const lintCase of lintCases) {
    let exposition = expositions.find((each) => !each.has(lintCase.family.name))
    if (exposition === undefined) expositions.push((exposition = new Map()))
    exposition.set(lintCase.family.name, lintCase)
  }
  const found = new Map<LintCase, string[]>(lintCases.map((lintCase) => [lintCase, []]))
  for (const cases of expositions) {
    const { code, findings } = checkMetrics(exposeText([...cases.values()].map(({ family }) => family)))
    if (code !== 0 && code !== 3) throw new Error(`promtool ended with ${code}: ${findings.join('; ')}`)
    for (const finding of findings) {
      const [name = '', ...words] = finding.split(' ')
      found.get(cases.get(name)!)!.push(words.join(' '))
    }
  }
  return found
}

function ruleOf(finding: string): LintRuleName {
  const rule = RULE_BY_FINDING.find(([pattern]) => pattern.test(finding))
  if (rule === undefined) throw new Error(`promtool has a rule that the linter has not: ${finding}`)
  return rule[1]
}

function nameOf({ family }: LintCase): string {
  return `${family.type} ${family.name}`
}

function unique(rules: readonly LintRuleName[]): readonly LintRuleName[] {
  return [...new Set(rules)].toSorted()
}
