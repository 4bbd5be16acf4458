import { describe, expect, test } from 'vitest'
import { Gauge, Histogram, histogram, info, metricFamily, Registry, stateSet } from 'narthex'
import { registerProcessMetrics } from 'narthex/process'
import { lintCases } from '../../test/testing/lint-cases.ts'
import { lint } from './lint.ts'

test.each(lintCases.map((each) => [each.family.type, each.family.name, each.breaks, each.family] as const))(
  'to lint the %s %s finds %j',
  (_, name, breaks, family) => {
    const problems = lint([family])
    expect([...new Set(problems.map(({ rule }) => rule))].toSorted()).toEqual([...breaks].toSorted())
    expect(problems.every(({ metric }) => metric === name)).toBe(true)
  },
)

test('a message says what is wrong and what to do', () => {
  const messages = lint(lintCases.map(({ family }) => family)).map(({ metric, message }) => `${metric} ${message}`)
  expect(messages).toEqual(
    expect.arrayContaining([
      'not_told has no help text',
      'found_miles is in miles: use the base unit meters',
      'prefixed_millikelvin is in millikelvin: use the base unit kelvin',
      'forgotten is a counter: end its name in _total',
      'wrong_total is no counter but a gauge: its name must not end in _total',
      'user_count is a gauge: the suffix _count belongs to histogram, gaugehistogram, summary',
      'bounded is a gauge: the label le belongs to histogram, gaugehistogram',
      'what_gauge has a type in its name: leave out gauge',
      "job:rate5 has a ':' in its name: those are for recording rules",
      'camelCase is in camelCase: write its name in snake_case',
      'told has the label statusCode in camelCase: write it in snake_case',
      'short_ms abbreviates a unit: write out ms, as a base unit',
      'twice_turned has 2 series twice_turned{a="1",b="2"}',
    ]),
  )
})

describe('lint', () => {
  test('reads a metric at once', () => {
    expect(lint(new Gauge({ name: 'age_days', help: 'Age.' }))).toEqual([
      { metric: 'age_days', rule: 'base-unit', message: 'is in days: use the base unit seconds' },
    ])
    expect(lint(new Histogram({ name: 'latency_seconds', help: 'Latency.' }))).toEqual([])
  })

  test('reads all metrics of a registry', async () => {
    const registry = new Registry()
    info({ name: 'app', help: 'App.', registry }).set({ buildId: '7' })
    stateSet({ name: 'phase', help: 'Phase.', states: ['on'], registry })
    histogram({ name: 'took_ms', help: 'Time.', registry })
    expect((await lint(registry)).map(({ metric, rule }) => `${metric} ${rule}`)).toEqual([
      'app_info camel-case',
      'took_ms abbreviated-unit',
    ])
  })

  test('finds nothing in what narthex registers', async () => {
    const registry = new Registry()
    registerProcessMetrics({ registry })
    try {
      expect(await lint(registry)).toEqual([])
    } finally {
      registry.clear()
    }
  })

  test('names a unit that a name has twice once', () => {
    const family = metricFamily({ name: 'hours_and_hours', help: 'Hours.', type: 'gauge', samples: [] })
    expect(lint([family])).toHaveLength(1)
  })
})
