import { runInNewContext } from 'node:vm'
import * as narthex from 'narthex'
import { stringUnion } from './string-union.mjs'

/**
 * What each code is for, and the shortest program that is refused with it. Such a program may use everything that
 * narthex exports, and the counter `requests` and the gauge `queue`, which have one label each, and the histogram
 * `slow`.
 *
 * @type {Record<string, { rule: string, program: string }>}
 */
const REFUSALS = {
  INVALID_METRIC_NAME: {
    rule: 'A metric name is made of letters, digits, `_` and `:`, does not begin with a digit, and is more than the suffix of its type. With `utf8: true` it is any text.',
    program: `counter({ name: 'no spaces', help: 'Not a name.' })`,
  },
  INVALID_LABEL_NAME: {
    rule: 'A label name is made of letters, digits and `_`, and does not begin with a digit; with `utf8: true` it is any text. `labelNames` is an array of them.',
    program: `counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['job-type'] })`,
  },
  RESERVED_LABEL_NAME: {
    rule: 'Labels that begin with `__` belong to Prometheus; `le`, `quantile` and the name of a state set belong to the format.',
    program: `histogram({ name: 'size_bytes', help: 'Size.', labelNames: ['le'] })`,
  },
  DUPLICATE_LABEL_NAME: {
    rule: 'A metric names each of its labels once, also where `utf8` names are written with underscores.',
    program: `counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue', 'queue'] })`,
  },
  MISSING_HELP: {
    rule: 'Every metric has a help text.',
    program: `counter({ name: 'jobs', help: '' })`,
  },
  INVALID_UNIT: {
    rule: 'The name of a metric that declares a unit ends with the unit (before `_total`). An info and a state set have none.',
    program: `gauge({ name: 'room_temperature', help: 'In the server room.', unit: 'celsius' })`,
  },
  INVALID_BUCKETS: {
    rule: 'Upper bounds are finite numbers that ascend, each once, and there is one at least, but for a native histogram. The bucket up to infinity is added by itself.',
    program: `histogram({ name: 'size_bytes', help: 'Size.', buckets: [1000, 10] })`,
  },
  INVALID_STATES: {
    rule: 'A state set has one state at least; states are texts that are not empty, each once.',
    program: `stateSet({ name: 'phase', help: 'Phase.', states: ['on', 'on'] })`,
  },
  INVALID_OPTION: {
    rule: 'Any other option that is not what it must be: `maxSeries`, what is `native` of a histogram, the `quantiles` of a summary and their window, the `path` and the `auth` of the scrapes, the `prefix` and the topics of the process metrics; and an option of an adapter, of `serveMetrics`, of the process metrics, of connections, of outgoing requests or of `expose` that there is not, with the nearest that there is. Also a registry, or anything else, in the place of options.',
    program: `counter({ name: 'jobs', help: 'Jobs done.', maxSeries: 0 })`,
  },
  INVALID_LABELS: {
    rule: 'A recording gives a value for every label of the metric, and for no other.',
    program: `requests.inc({ endpont: '/' })`,
  },
  INVALID_LABEL_VALUE: {
    rule: 'The value of a label is a string, a number or a boolean.',
    program: `requests.inc({ endpoint: undefined })`,
  },
  INVALID_AMOUNT: {
    rule: 'A counter is incremented by a number.',
    program: `requests.inc({ endpoint: '/' }, '1')`,
  },
  INVALID_VALUE: {
    rule: 'A gauge is set to a number, a histogram and a summary observe a number, a state set has the state that it is set to. NaN and the infinities are numbers.',
    program: `queue.set({ queue: 'mail' }, '3')`,
  },
  NEGATIVE_INCREMENT: {
    rule: 'A counter never falls: an amount is not negative, and not NaN.',
    program: `requests.inc({ endpoint: '/' }, -1)`,
  },
  DIFFERENT_DECLARATION: {
    rule: 'A name is declared again in the same way, or not at all. The message says what differs.',
    program: `counter({ name: 'requests', help: 'Requests.', labelNames: ['route'] })`,
  },
  NAME_CLASH: {
    rule: 'No two metrics of a registry may appear under one name in any exposition: not `slow` and `slow_count`, if `slow` is a histogram.',
    program: `counter({ name: 'slow_count', help: 'Slow requests.' })`,
  },
  INVALID_FAMILY: {
    rule: 'A family that a custom collector builds with `metricFamily` can be written: its names, help and label values, and samples that fit its buckets, quantiles or states.',
    program: `metricFamily({ name: 'queue', help: 'Waiting jobs.', type: 'gauge', samples: [{ labels: { queue: 3 }, value: 1 }] })`,
  },
}

/** docs/errors.md: every code, its rule, and a program that is refused with the message that it gets. */
export function errorsPage() {
  const codes = stringUnion(new URL('../src/errors.ts', import.meta.url), 'MetricErrorCode')
  const unknown = Object.keys(REFUSALS).filter((code) => !codes.includes(code))
  if (unknown.length > 0) throw new Error(`There are no such codes: ${unknown.join(', ')}`)
  return [
    '# Every error code',
    '',
    '<!-- Generated by `npm run docs`: the messages are those that the programs get. Do not edit. -->',
    '',
    'A wrong program is refused at once with a `MetricError`: nothing is registered, nothing is recorded. Its `code` is stable',
    'across versions, its `message` names the metric, what was given and the rule; match on the code.',
    '',
    'In the examples `requests` is a counter with the label `endpoint`, `queue` a gauge with the label `queue`, and `slow` a',
    'histogram without labels. Many of them do not compile either.',
    ...codes.flatMap(sectionOf),
    '',
  ].join('\n')
}

function sectionOf(code) {
  const refusal = REFUSALS[code]
  if (refusal === undefined) throw new Error(`${code} needs a rule and an example here`)
  return [
    '',
    `## ${code}`,
    '',
    refusal.rule,
    '',
    '```js',
    refusal.program,
    `// ${messageOf(code, refusal.program)}`,
    '```',
  ]
}

function messageOf(code, program) {
  try {
    run(program)
  } catch (error) {
    if (error instanceof narthex.MetricError && error.code === code) return error.message
    throw error
  }
  throw new Error(`${program} is not refused with ${code}`)
}

/** In a registry of its own, as the registry of the process. */
function run(program) {
  const registry = new narthex.Registry()
  const declare = (factory) => (options) => factory({ ...options, registry })
  const { counter, gauge, histogram, stateSet, metricFamily } = narthex
  runInNewContext(program, {
    counter: declare(counter),
    gauge: declare(gauge),
    histogram: declare(histogram),
    stateSet: declare(stateSet),
    metricFamily,
    requests: counter({ name: 'requests', help: 'Requests.', labelNames: ['endpoint'], registry }),
    queue: gauge({ name: 'queue', help: 'Waiting jobs.', labelNames: ['queue'], registry }),
    slow: histogram({ name: 'slow', help: 'Slow requests.', registry }),
  })
}
