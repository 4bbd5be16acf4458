import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  counter,
  Gauge,
  gauge,
  histogram,
  info,
  Registry,
  stateSet,
  summary,
  type Collector,
  type Counter,
  type CounterSeries,
  type Histogram,
  type MetricFamily,
  type StateSet,
  type Summary,
} from 'narthex'
import { refusal } from '../refusal.ts'

const registry = new Registry({ onWarning: () => {} })

describe('a metric of any labels', () => {
  test('fits where its type stands without them', () => {
    const count = (metric: Counter): string => metric.descriptor.name
    expect(count(counter({ name: 'a', help: 'A.', registry }))).toBe('a_total')
    expect(count(counter({ name: 'b', help: 'B.', labelNames: ['x'], registry }))).toBe('b_total')
    expect(count(counter({ name: 'c', help: 'C.', labelNames: ['x', 'y'], registry }))).toBe('c_total')

    const gauges: Gauge[] = [
      gauge({ name: 'd', help: 'D.', registry }),
      gauge({ name: 'e', help: 'E.', labelNames: ['x'], registry }),
    ]
    const histograms: Histogram[] = [histogram({ name: 'f', help: 'F.', labelNames: ['x'], registry })]
    const summaries: Summary[] = [summary({ name: 'g', help: 'G.', labelNames: ['x'], registry })]
    const sets: StateSet[] = [stateSet({ name: 'h', help: 'H.', labelNames: ['x'], states: ['on'], registry })]
    const collectors: Collector[] = [
      ...gauges,
      ...histograms,
      ...summaries,
      ...sets,
      info({ name: 'i', help: 'I.', registry }),
    ]
    for (const collector of collectors)
      expectTypeOf(collector.collect()).toExtend<readonly MetricFamily[] | PromiseLike<readonly MetricFamily[]>>()
  })

  test('can be recorded to there, checked at run time', () => {
    const count = (metric: Counter, labels: Record<string, string>): void => metric.inc(labels, 2)
    const requests = counter({ name: 'requests', help: 'Requests.', labelNames: ['endpoint'], registry })
    count(requests, { endpoint: '/' })
    expect(refusal(() => count(requests, { path: '/' })).code).toBe('INVALID_LABELS')
  })

  test('does not fit where another type stands', () => {
    // @ts-expect-error a gauge is no counter
    const wrong: Counter = gauge({ name: 'not_a_counter', help: 'A gauge.', registry })
    expect(wrong).toBeInstanceOf(Gauge)
  })
})

describe('a metric of some labels', () => {
  test('does not fit where other labels are asked for', () => {
    const metric = counter({ name: 'of_a', help: 'A.', labelNames: ['a'], registry })
    const same: Counter<readonly ['a']> = metric
    // @ts-expect-error its label is called a
    const wrong: Counter<readonly ['b']> = metric
    expect(wrong).toBe(same)
  })

  test('fits where its labels are written as an array that is not constant', () => {
    const count = (metric: Counter<['a', 'b']>): void => metric.inc({ a: 1, b: 2 })
    const metric = counter({ name: 'of_a_and_b', help: 'A.', labelNames: ['a', 'b'], registry })
    count(metric)
    // @ts-expect-error it has a second label
    const wrong: Counter<['a']> = metric
    expect(wrong.labels({ a: 1, b: 2 } as never)).toBe(metric.labels(1, 2))
  })

  test('has series of its own type', () => {
    const metric = counter({ name: 'typed', help: 'Typed.', labelNames: ['a'], registry })
    expectTypeOf(metric.labels('x')).toEqualTypeOf<CounterSeries>()
    // @ts-expect-error a counter cannot be set
    expect(() => metric.labels('x').set(5)).toThrow(TypeError)
  })
})

describe('what a function returns', () => {
  const slow = histogram({ name: 'slow', help: 'Slow.', labelNames: ['a'], registry }).labels('x')

  test('is what timing it returns: a value or a promise', async () => {
    expectTypeOf(slow.time(() => 5)).toEqualTypeOf<number>()
    expectTypeOf(slow.time(async () => 'rows')).toEqualTypeOf<Promise<string>>()
    expect(await slow.time(async () => 'rows')).toBe('rows')
  })

  test('is what tracking it and counting its exceptions return', () => {
    expectTypeOf(
      gauge({ name: 'in_progress', help: 'Calls.', registry }).trackInProgress(() => 5),
    ).toEqualTypeOf<number>()
    expectTypeOf(
      counter({ name: 'failures', help: 'Failures.', registry }).countExceptions(() => 'rows'),
    ).toEqualTypeOf<string>()
  })
})

describe('the states of a state set', () => {
  const phase = stateSet({ name: 'phase', help: 'Phase.', states: ['starting', 'running'], registry })

  test('are the only ones that compile', () => {
    phase.set('running')
    phase.labels().set('starting')
    // @ts-expect-error there is no such state
    expect(refusal(() => phase.set('stopped')).code).toBe('INVALID_VALUE')
    // @ts-expect-error there is no such state
    expect(refusal(() => phase.labels().set('stopped')).code).toBe('INVALID_VALUE')
  })

  test('are one at least', () => {
    // @ts-expect-error there must be a first state
    expect(refusal(() => stateSet({ name: 'none', help: 'None.', states: [], registry })).code).toBe('INVALID_STATES')
  })
})

describe('a callback', () => {
  test('answers a number, or a promise of one', async () => {
    gauge({ name: 'now', help: 'Now.', collect: () => 5, registry })
    gauge({ name: 'later', help: 'Later.', collect: async () => 5, registry })
    // @ts-expect-error a text is no number
    gauge({ name: 'text', help: 'Text.', collect: () => '5', registry })
    const shown = await registry.gather({ names: ['now', 'later', 'text'] })
    expect(shown.map(({ name }) => name)).toEqual(['now', 'later'])
  })

  test('answers label sets and numbers where there are labels', async () => {
    const declared = { help: 'Waiting jobs.', labelNames: ['queue'], registry } as const
    gauge({ ...declared, name: 'array', collect: () => [[{ queue: 'mail' }, 5]] })
    gauge({ ...declared, name: 'map', collect: async () => new Map([[{ queue: 'mail' }, 5]]) })
    // @ts-expect-error its label is called otherwise
    gauge({ ...declared, name: 'other', collect: () => [[{ topic: 'mail' }, 5]] })
    // @ts-expect-error a number does not say of which series it is
    gauge({ ...declared, name: 'number', collect: () => 5 })
    const shown = await registry.gather({ names: ['array', 'map', 'other', 'number'] })
    expect(shown.map(({ name }) => name)).toEqual(['array', 'map'])
  })
})

test('an info takes texts, numbers and booleans by any name', () => {
  const app = info({ name: 'app', help: 'App.', registry })
  app.set({ version: '1', build: 5, debug: false })
  // @ts-expect-error null is no label value
  expect(refusal(() => app.set({ version: null })).code).toBe('INVALID_LABEL_VALUE')
})

test('a declaration needs a name and a help', () => {
  // @ts-expect-error the help is missing
  expect(refusal(() => counter({ name: 'x', registry })).code).toBe('MISSING_HELP')
  // @ts-expect-error the name is missing
  expect(refusal(() => counter({ help: 'X.', registry })).code).toBe('INVALID_METRIC_NAME')
  // @ts-expect-error there is no such option
  counter({ name: 'x', help: 'X.', labels: ['a'], registry })
})
