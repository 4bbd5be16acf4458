import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import {
  Counter,
  counter,
  DEFAULT_BUCKETS,
  defaultRegistry,
  expose,
  Gauge,
  gauge,
  Histogram,
  histogram,
  metricFamily,
  Registry,
  Summary,
  summary,
} from 'narthex'
import { negotiate, parseText, writeOpenMetricsText } from 'narthex/exposition'
import { registerProcessMetrics } from 'narthex/process'
import { lint, valueOf } from 'narthex/testing'
import { refusal } from '../refusal.ts'

/*
 * What Prometheus' guide to writing client libraries asks for, and the rules for names, each by its number in
 * docs/conformance.md.
 */

const declared = { name: 'x', help: 'X.' }

test('CL1: a scrape calls collect of each registered collector, and nothing else does', async () => {
  const registry = new Registry()
  const [one, other] = [vi.fn<() => []>(() => []), vi.fn<() => []>(() => [])]
  registry.register({ collect: one })
  registry.register({ collect: other })
  expect(one).not.toHaveBeenCalled()
  await expose(registry)
  await expose(registry)
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([2, 2])
})

test('CL2: a collector is registered and unregistered, and may be in several registries', async () => {
  const [one, other] = [new Registry(), new Registry()]
  const requests = new Counter(declared)
  for (const registry of [one, other]) registry.register(requests)
  requests.inc()
  expect(await expose(one)).toBe(await expose(other))
  expect(one.unregister(requests)).toBe(true)
  expect([await expose(one), (await expose(other)) === '']).toEqual(['', false])
})

test('CL3: metrics go to the default registry by themselves, and to another where one is named', async () => {
  const registry = new Registry()
  const here = counter({ name: 'client_library_here', help: 'Here.' })
  counter({ name: 'client_library_there', help: 'There.', registry })
  const processMetrics = registerProcessMetrics()
  const exposition = await expose()
  processMetrics.stop()
  defaultRegistry.unregister(here)
  expect(exposition).toContain('\nprocess_cpu_seconds_total ')
  expect(exposition).toContain('client_library_here_total 0\n')
  expect(await expose(registry)).toBe(
    '# HELP client_library_there_total There.\n# TYPE client_library_there_total counter\nclient_library_there_total 0\n',
  )
})

test('CL4: what is recorded while a scrape waits is neither lost nor torn', async () => {
  const registry = new Registry()
  const seen = histogram({ ...declared, buckets: [1], registry })
  gauge({ name: 'slow', help: 'Slow.', collect: async () => await record(), registry })
  const record = async (): Promise<number> => {
    for (let i = 0; i < 100; i++) {
      seen.observe(i % 2)
      await Promise.resolve()
    }
    return 1
  }
  const [exposition] = await Promise.all([expose(registry), record()])
  expect(exposition).toContain('x_count 200\n')
  expect(exposition).toContain('x_bucket{le="1"} 200\nx_bucket{le="+Inf"} 200\nx_sum 100\n')
})

test('CL5: the names of the guide do what it says', () => {
  const labelNames = ['a'] as const
  const metrics = [Counter, Gauge, Histogram, Summary].map((Metric) => new Metric({ ...declared, labelNames }))
  for (const metric of metrics) {
    metric.labels('1')
    expect(metric.remove('1')).toBe(true)
    metric.labels('1')
    metric.clear()
    expect(metric.remove('1')).toBe(false)
  }
  const level = new Gauge(declared)
  level.inc()
  level.dec(3)
  expect(valueOf(level)).toBe(-2)
  level.set(7)
  expect(valueOf(level)).toBe(7)
  const before = Date.now() / 1000
  level.setToCurrentTime()
  expect(valueOf(level)).toBeGreaterThanOrEqual(before)
})

test('CL6: counter, gauge, histogram and summary are there', async () => {
  const registry = new Registry()
  for (const [i, declare] of [counter, gauge, histogram, summary].entries()) {
    declare({ name: `m${i}`, help: 'M.', registry })
  }
  expect((await registry.gather()).map(({ type }) => type)).toEqual(['counter', 'gauge', 'histogram', 'summary'])
})

test('CL7: a counter starts at 0, grows by 1 or by what is given, never falls, and counts exceptions', () => {
  const total = new Counter(declared)
  expect(valueOf(total)).toBe(0)
  total.inc()
  total.inc(2.5)
  for (const amount of [-1, Number.NaN]) expect(refusal(() => total.inc(amount)).code).toBe('NEGATIVE_INCREMENT')
  expect(() =>
    total.countExceptions(() => {
      throw new Error('deliberate')
    }),
  ).toThrow('deliberate')
  expect(valueOf(total)).toBe(4.5)
})

test('CL8: a gauge starts at 0, tracks what is in progress, and times in seconds', async () => {
  const level = new Gauge(declared)
  expect(valueOf(level)).toBe(0)
  const inside = level.trackInProgress(() => valueOf(level))
  expect([inside, valueOf(level)]).toEqual([1, 0])
  await level.time(async () => await new Promise((resolve) => setTimeout(resolve, 20)))
  expect(valueOf(level)).toBeGreaterThan(0.015)
  expect(valueOf(level)).toBeLessThan(10)
})

test('CL9: a summary starts at 0, has no quantiles unless asked, and keeps the label quantile for itself', async () => {
  const registry = new Registry()
  summary({ ...declared, registry })
  expect(await expose(registry)).toBe('# HELP x X.\n# TYPE x summary\nx_sum 0\nx_count 0\n')
  expect(refusal(() => new Summary({ ...declared, labelNames: ['quantile'] })).code).toBe('RESERVED_LABEL_NAME')
})

test('CL10: a histogram has the buckets of the other clients, cannot change them, and keeps the label le', async () => {
  const registry = new Registry()
  const bounds = [...DEFAULT_BUCKETS]
  const seen = histogram({ ...declared, buckets: bounds, registry })
  bounds.push(100)
  seen.observe(0.3)
  const lines = (await expose(registry)).split('\n').filter((line) => line.startsWith('x_bucket'))
  expect(lines.map((line) => /le="(.*)"/.exec(line)![1])).toEqual(
    '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf'.split(' '),
  )
  expect(refusal(() => new Histogram({ ...declared, labelNames: ['le'] })).code).toBe('RESERVED_LABEL_NAME')
})

test('CL11: timers are in seconds', async () => {
  const seen = new Histogram(declared)
  const timer = seen.startTimer()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const seconds = timer.end()
  expect(seconds).toBeGreaterThan(0.015)
  expect(seconds).toBeLessThan(10)
  expect(valueOf(seen)).toMatchObject({ sum: seconds, count: 1 })
})

test('CL12: the label names of a metric are fixed, those of a custom collector are its own', async () => {
  const total = new Counter({ ...declared, labelNames: ['a'] })
  expect(refusal(() => total.inc({ b: 1 } as never)).code).toBe('INVALID_LABELS')
  const registry = new Registry()
  const samples = [
    { labels: { a: '1' }, value: 1 },
    { labels: { b: '2' }, value: 2 },
  ]
  registry.register({ collect: () => [metricFamily({ ...declared, type: 'gauge', samples })] })
  expect(await expose(registry)).toBe('# HELP x X.\n# TYPE x gauge\nx{a="1"} 1\nx{b="2"} 2\n')
})

test('CL13: labels come by position and by name and give a series to keep, the same for the same labels', () => {
  const total = new Counter({ ...declared, labelNames: ['a', 'b'] })
  const kept = total.labels('1', '2')
  expect(total.labels({ b: '2', a: '1' })).toBe(kept)
  kept.inc()
  expect(valueOf(total, { a: '1', b: '2' })).toBe(1)
})

test('CL14: a metric without labels is exposed at once, one with labels once a series is asked for', async () => {
  const registry = new Registry()
  counter({ ...declared, registry })
  counter({ name: 'y', help: 'Y.', labelNames: ['a'], registry }).labels('1')
  const lines = (await expose(registry)).split('\n')
  expect(lines).toEqual(expect.arrayContaining(['x_total 0', 'y_total{a="1"} 0']))
})

test('CL15: there is no metric without a help text', () => {
  expect(refusal(() => new Gauge({ name: 'x', help: '' })).code).toBe('MISSING_HELP')
})

test('CL16: an exposition has one order, that of registration and of first use', async () => {
  const registry = new Registry()
  const total = counter({ name: 'b', help: 'B.', labelNames: ['i'], registry })
  counter({ name: 'a', help: 'A.', registry })
  for (const i of [3, 1, 2]) total.inc({ i })
  const first = await expose(registry)
  expect(first.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
    'b_total{i="3"} 1',
    'b_total{i="1"} 1',
    'b_total{i="2"} 1',
    'a_total 0',
    '',
  ])
  expect(await expose(registry)).toBe(first)
})

test('CL17: the process metrics can be switched off, and no value of theirs is NaN', async () => {
  const registry = new Registry()
  const running = registerProcessMetrics({ registry })
  expect(await expose(registry)).not.toMatch(/ NaN$/m)
  running.stop()
  expect(await expose(registry)).toBe('')
})

test('CL18: what is of the runtime begins with its name, what is of the process with process_', async () => {
  const registry = new Registry()
  const running = registerProcessMetrics({ registry })
  const names = (await registry.gather()).map(({ name }) => name)
  running.stop()
  expect(names.filter((name) => !/^(process|nodejs)_/.test(name))).toEqual([])
  expect(names.some((name) => name.startsWith('nodejs_'))).toBe(true)
})

test('CL19: the package depends on nothing', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as object
  expect(manifest).not.toHaveProperty('dependencies')
})

test('N2: label names that begin with two underscores are refused', () => {
  expect(refusal(() => new Counter({ ...declared, labelNames: ['__name__'] })).code).toBe('RESERVED_LABEL_NAME')
})

test('N3: a label value is any text that has a UTF-8; what has none becomes U+FFFD', async () => {
  const registry = new Registry()
  const requests = counter({ ...declared, labelNames: ['a'], registry })
  for (const value of ['', ' \t', 'é 😱', '\0', 'half \uD83D']) requests.inc({ a: value })
  const lines = (await expose(registry)).split('\n').filter((line) => line.startsWith('x'))
  expect(lines).toEqual(['', ' \t', 'é 😱', '\0', 'half \uFFFD'].map((value) => `x_total{a="${value}"} 1`))
})

test('N4: a series has each label once, those of the format too', () => {
  expect(refusal(() => new Gauge({ ...declared, labelNames: ['a', 'a'] })).code).toBe('DUPLICATE_LABEL_NAME')
  expect(refusal(() => new Histogram({ ...declared, labelNames: ['le'] })).code).toBe('RESERVED_LABEL_NAME')
  const buckets = [{ upperBound: Number.POSITIVE_INFINITY, count: 1 }]
  const samples = [{ labels: { le: '1' }, value: { count: 1, sum: 1, buckets } }]
  expect(refusal(() => metricFamily({ ...declared, type: 'histogram', upperBounds: [], samples })).code).toBe(
    'INVALID_FAMILY',
  )
  expect(() => parseText('x{a="1",a="1"} 1\n')).toThrow(expect.objectContaining({ rule: 'N4' }))
})

test('N5: a colon in a name is told by the linter', () => {
  expect(lint(new Gauge({ name: 'job:requests', help: 'X.' })).map(({ rule }) => rule)).toEqual(['colon-in-name'])
})

test('N6: a counter ends with _total, an info with _info, and units that are not base units are told', async () => {
  expect(new Counter(declared).descriptor.name).toBe('x_total')
  expect(lint(new Gauge({ name: 'age_minutes', help: 'X.' })).map(({ message }) => message)).toEqual([
    'is in minutes: use the base unit seconds',
  ])
})

test('N7: a name ends with its unit, before the suffix of its type, and an info and a state set have none', async () => {
  const registry = new Registry()
  counter({ name: 'x_bytes_total', help: 'X.', unit: 'bytes', registry })
  expect(await expose(registry, { format: 'openmetrics' })).toContain('# UNIT x_bytes bytes\n')
  expect(refusal(() => new Gauge({ ...declared, unit: 'seconds' })).code).toBe('INVALID_UNIT')
  const info = metricFamily({ name: 'x_bytes_info', help: 'X.', unit: 'bytes', type: 'info', samples: [] })
  expect(Buffer.concat([...writeOpenMetricsText([info])]).toString()).not.toContain('UNIT')
})

test('O20: who asks for no version of OpenMetrics gets 1.0.0', () => {
  expect(negotiate('application/openmetrics-text').contentType).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  )
})
