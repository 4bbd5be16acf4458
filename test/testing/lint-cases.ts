import { metricFamily, type MetricFamily } from 'narthex'
import type { LintRuleName } from 'narthex/testing'

/** A family, and which rules of the linter have something against it. */
export interface LintCase {
  readonly family: MetricFamily
  readonly breaks: readonly LintRuleName[]
}

/** Every rule from both sides: what it finds, and what comes near it and is good. */
export const lintCases: readonly LintCase[] = [
  named('good_seconds', 'gauge', []),
  named('good_total', 'counter', []),
  named('good_info', 'info', []),
  named('good_state', 'stateset', []),
  named('good_seconds_spread', 'histogram', []),
  named('good_bytes_spread', 'summary', []),
  named('good_spread_now', 'gaugehistogram', []),
  named('good_thing', 'unknown', []),

  named('not_told', 'gauge', ['missing-help'], { help: '' }),

  ...['minutes', 'hours', 'days', 'weeks', 'kelvins', 'fahrenheit', 'rankine', 'inches', 'yards', 'miles'].map((unit) =>
    named(`found_${unit}`, 'gauge', ['base-unit']),
  ),
  ...['bits', 'calories', 'pounds', 'ounces'].map((unit) => named(`found_${unit}`, 'gauge', ['base-unit'])),
  ...['amperes', 'bytes', 'celsius', 'grams', 'joules', 'kelvin', 'meters', 'metres', 'seconds', 'volts'].flatMap(
    (unit) => [named(`base_${unit}`, 'gauge', []), named(`prefixed_milli${unit}`, 'gauge', ['base-unit'])],
  ),
  ...['pico', 'nano', 'micro', 'centi', 'deci', 'deca', 'hecto', 'kilo', 'kibi', 'mega', 'mibi', 'giga', 'gibi'].map(
    (prefix) => named(`far_${prefix}bytes`, 'gauge', ['base-unit']),
  ),
  ...['tera', 'tebi', 'peta', 'pebi'].map((prefix) => named(`far_${prefix}bytes`, 'gauge', ['base-unit'])),
  ...['mebi', 'exa', 'exbi', 'femto'].map((prefix) => named(`farther_${prefix}bytes`, 'gauge', [])),
  named('milliminutes', 'gauge', ['base-unit']),
  named('milliseconds_spent_total', 'counter', ['base-unit']),
  named('wait_hours_spread', 'histogram', ['base-unit']),
  named('thermometers', 'gauge', []),
  named('kilo_bytes', 'gauge', []),
  named('loud_MILLISECONDS', 'gauge', []),
  named('odd_percent', 'gauge', []),
  named('odd_months', 'gauge', []),

  named('forgotten', 'counter', ['total-suffix']),
  named('inner_total_count_of', 'counter', ['total-suffix']),
  named('wrong_total', 'gauge', ['total-suffix']),
  named('spread_total', 'histogram', ['total-suffix']),
  named('sum_total', 'summary', ['total-suffix']),
  named('spread_now_total', 'gaugehistogram', ['total-suffix']),
  named('state_total', 'stateset', ['total-suffix']),
  named('perhaps_total', 'unknown', []),
  named('total', 'gauge', []),

  named('water_bucket', 'gauge', ['reserved-name']),
  named('water_bucket', 'summary', ['reserved-name']),
  named('water_bucket', 'histogram', []),
  named('water_bucket', 'gaugehistogram', []),
  named('water_bucket', 'unknown', []),
  named('user_count', 'gauge', ['reserved-name']),
  named('user_count', 'stateset', ['reserved-name']),
  named('user_count', 'summary', []),
  named('user_count', 'histogram', []),
  named('user_count', 'unknown', []),
  named('money_sum', 'gauge', ['reserved-name']),
  named('money_sum', 'counter', ['reserved-name', 'total-suffix']),
  named('money_sum', 'summary', []),
  named('bounded', 'gauge', ['reserved-name'], { labels: { le: '1' } }),
  named('bounded_spread', 'summary', ['reserved-name'], { labels: { le: '1' } }),
  named('bounded_thing', 'unknown', [], { labels: { le: '1', quantile: '0.5' } }),
  named('cut', 'gauge', ['reserved-name'], { labels: { quantile: '0.5' } }),
  named('cut_spread', 'histogram', ['reserved-name'], { labels: { quantile: '0.5' } }),

  ...['counter', 'gauge', 'histogram', 'summary'].flatMap((type) => [
    named(`what_${type}`, 'gauge', ['type-in-name']),
    named(`what_${type}_now`, 'unknown', ['type-in-name']),
    named(`what_${type}_total`, 'counter', ['type-in-name']),
    named(`${type}_of_what`, 'gauge', []),
    named(`what${type}`, 'gauge', []),
  ]),
  named('what_GAUGE', 'gauge', ['type-in-name']),
  named('what_gauge_histogram', 'gauge', ['type-in-name']),
  named('what_untyped', 'gauge', []),
  named('what_stateset', 'gauge', []),

  named('job:rate5', 'gauge', ['colon-in-name']),
  named(':leading', 'gauge', ['colon-in-name']),

  named('camelCase', 'gauge', ['camel-case']),
  named('camelCase_total', 'counter', ['camel-case']),
  named('Camel', 'gauge', []),
  named('ALL_CAPS', 'gauge', []),
  named('with_1A', 'gauge', []),
  named('told', 'gauge', ['camel-case'], { labels: { statusCode: '200' } }),
  named('told_caps', 'gauge', [], { labels: { STATUS: '200', status_code: '200' } }),

  ...['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'].flatMap((unit) => [
    named(`short_${unit}`, 'gauge', ['abbreviated-unit']),
    named(`short_${unit}_total`, 'counter', ['abbreviated-unit']),
    named(`${unit}_first`, 'gauge', []),
  ]),
  ...['min', 'hr', 'secs', 'kib', 'kg', 'km', 'cm', 'bps', 'ps'].map((unit) => named(`unknown_${unit}`, 'gauge', [])),
  named('loud_MS', 'gauge', ['abbreviated-unit']),
  named('mixed_kB', 'gauge', ['abbreviated-unit', 'camel-case']),
  named('many_ms_kb', 'gauge', ['abbreviated-unit']),
  named('mixed_ms_minutes', 'gauge', ['abbreviated-unit', 'base-unit']),

  named('twice', 'gauge', ['duplicate-series'], { more: [{ a: '1' }, { a: '2' }, { a: '1' }] }),
  named('twice_turned', 'gauge', ['duplicate-series'], {
    more: [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ],
  }),
  named('twice_empty', 'gauge', ['duplicate-series'], { more: [{ a: '' }] }),
  named('once', 'gauge', [], { more: [{ a: '1' }, { a: '2' }, { a: '1', b: '1' }] }),

  named('silent_ms', 'gauge', ['abbreviated-unit'], { silent: true }),
  named('several_bytes_hours', 'gauge', ['base-unit']),
  named('stateIs', 'stateset', ['camel-case']),
]

interface More {
  readonly help?: string
  /** Those of the one series. */
  readonly labels?: Readonly<Record<string, string>>
  /** Those of further series. */
  readonly more?: readonly Readonly<Record<string, string>>[]
  /** No series at all. */
  readonly silent?: boolean
}

function named(name: string, type: MetricFamily['type'], breaks: readonly LintRuleName[], more: More = {}): LintCase {
  const { help = 'Something.', labels = {}, silent = false } = more
  const sets = silent ? [] : [labels, ...(more.more ?? [])]
  const samples = <Value>(value: Value): { labels: Readonly<Record<string, string>>; value: Value }[] =>
    sets.map((each) => ({ labels: each, value }))
  const head = { name, help }
  switch (type) {
    case 'histogram':
    case 'gaugehistogram': {
      const buckets = [{ upperBound: Number.POSITIVE_INFINITY, count: 1 }]
      const family = metricFamily({ ...head, type, upperBounds: [], samples: samples({ count: 1, sum: 1, buckets }) })
      return { family, breaks }
    }
    case 'summary':
      return {
        family: metricFamily({ ...head, type, quantiles: [], samples: samples({ count: 1, sum: 1, quantiles: [] }) }),
        breaks,
      }
    case 'stateset':
      return { family: metricFamily({ ...head, type, states: ['on'], samples: samples({ on: true }) }), breaks }
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return { family: metricFamily({ ...head, type, samples: samples(1) }), breaks }
  }
}
