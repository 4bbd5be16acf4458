import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { Counter, counter } from './counter.ts'
import { Gauge, gauge } from './gauge.ts'
import { Histogram, histogram } from './histogram.ts'
import { StateSet } from './state-set.ts'
import { Summary, summary } from './summary.ts'

type Untyped = (...labels: never[]) => unknown

const DECLARED = { name: 'x', help: 'X.', labelNames: ['method', 'endpoint'] } as const
const METRICS = [
  ['counter', () => new Counter(DECLARED)],
  ['gauge', () => new Gauge(DECLARED)],
  ['histogram', () => new Histogram({ ...DECLARED, buckets: [1] })],
  ['summary', () => new Summary(DECLARED)],
  ['state set', () => new StateSet({ ...DECLARED, states: ['on', 'off'] })],
] as const

describe.each(METRICS)('the series of a %s', (_, make) => {
  test('is the same object for the same labels, by name in any order and by position', () => {
    const metric = make()
    const series = metric.labels('GET', '/')
    expect(metric.labels('GET', '/')).toBe(series)
    expect(metric.labels({ method: 'GET', endpoint: '/' })).toBe(series)
    expect(metric.labels({ endpoint: '/', method: 'GET' })).toBe(series)
    expect(metric.labels('/', 'GET')).not.toBe(series)
  })

  test('is the same for a number or boolean and for its text, whichever comes first', () => {
    const metric = make()
    expect(metric.labels(200, true)).toBe(metric.labels('200', 'true'))
    expect(metric.labels('404', 'false')).toBe(metric.labels(404, false))
    expect(metric.labels(0.5, -0)).toBe(metric.labels('0.5', '0'))
    expect(metric.labels('NaN', 'Infinity')).toBe(metric.labels(Number.NaN, Number.POSITIVE_INFINITY))
    expect(metric.labels('1e+21', '1e-7')).toBe(metric.labels(1e21, 1e-7))
  })

  test('is another one after it was removed', () => {
    const metric = make()
    const series = metric.labels('GET', '/')
    expect(metric.remove('GET', '/')).toBe(true)
    expect(metric.labels('GET', '/')).not.toBe(series)
  })

  test.each<[string, unknown[], string]>([
    ['a label is missing', [{ method: 'GET' }], 'the label endpoint is missing'],
    ['all labels are missing', [{}], 'the label method is missing'],
    ['a label is unknown', [{ method: 'GET', path: '/' }], 'the label "path" was given'],
    ['a label is one too many', [{ method: 'GET', endpoint: '/', status: 200 }], 'the label "status" was given'],
    ['too few values are given', ['GET'], '1 values were given'],
    ['too many values are given', ['GET', '/', 200], '3 values were given'],
    ['no values are given', [], '0 values were given'],
    ['null is given', [null], 'null was given instead of labels'],
    ['an array is given', [['GET', '/']], 'an array was given instead of labels'],
  ])('is refused, and none is made, where %s', (_, labels, said) => {
    const metric = make()
    for (const verb of ['labels', 'remove'] as const) {
      const error = refusal(() => (metric[verb] as Untyped)(...(labels as never[])))
      expect(error.code).toBe('INVALID_LABELS')
      expect(error.message).toContain(`${metric.descriptor.name} has the labels method, endpoint`)
      expect(error.message).toContain(said)
    }
    expect(metric.collect()[0]!.columns.rowCount).toBe(0)
  })

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { toString: () => '/' }, 'an object'],
    ['an array', ['/'], 'an array'],
    ['a date', new Date(0), 'an object'],
    ['a bigint', 5n, '5'],
    ['a symbol', Symbol('/'), 'a symbol'],
    ['a function', () => '/', 'a function'],
    ['a String object', Object('/'), 'an object'],
  ])('is refused, and none is made, where a value is %s', (_, value, said) => {
    const metric = make()
    const given = value as string
    for (const attempt of [
      () => metric.labels('GET', given),
      () => metric.labels({ method: 'GET', endpoint: given }),
      () => metric.remove('GET', given),
      () => metric.remove({ method: 'GET', endpoint: given }),
    ]) {
      const error = refusal(attempt)
      expect(error.code).toBe('INVALID_LABEL_VALUE')
      expect(error.message).toContain(`The label endpoint of ${metric.descriptor.name} was given ${said}`)
    }
    expect(metric.collect()[0]!.columns.rowCount).toBe(0)
  })
})

describe('recording with wrong labels is refused, and nothing is counted', () => {
  const wrong: readonly unknown[] = [
    { method: 'GET' },
    { method: 'GET', endpoint: '/', x: 1 },
    { method: null, endpoint: '/' },
    null,
    undefined,
    'GET',
    5,
    ['GET', '/'],
  ]

  test.each(wrong.map((labels) => [labels]))('%j', async (labels) => {
    const registry = new Registry()
    const [c, g, h, s] = [counter, gauge, histogram, summary].map((declare, i) =>
      declare({ ...DECLARED, name: `x${i}`, registry }),
    )
    const given = labels as { method: string; endpoint: string }
    for (const attempt of [
      () => (c as Counter<['method', 'endpoint']>).inc(given),
      () => (c as Counter<['method', 'endpoint']>).inc(given, 2),
      () => (g as Gauge<['method', 'endpoint']>).set(given, 2),
      () => (g as Gauge<['method', 'endpoint']>).inc(given),
      () => (g as Gauge<['method', 'endpoint']>).dec(given),
      () => (h as Histogram<['method', 'endpoint']>).observe(given, 2),
      () => (s as Summary<['method', 'endpoint']>).observe(given, 2),
    ]) {
      expect(refusal(attempt).code).toMatch(/^INVALID_(LABELS|LABEL_VALUE)$/)
    }
    for (const family of await registry.gather()) expect(family.columns.rowCount).toBe(0)
  })

  test('a text or an array whose length happens to be a label value', () => {
    const c = new Counter({ name: 'x', help: 'X.', labelNames: ['length'] })
    c.inc({ length: 1 })
    for (const given of ['x', ['x']]) {
      expect(refusal(() => c.inc(given as unknown as { length: number })).code).toBe('INVALID_LABELS')
    }
    expect(c.collect()[0]!.columns.chunks[0]!.values).toEqual(Float64Array.of(1))
  })

  test.each(['constructor', 'toString', 'hasOwnProperty'])('a missing label called %s is missing', (name) => {
    const c = new Counter({ name: 'x', help: 'X.', labelNames: [name] })
    expect(refusal(() => c.inc({}))).toMatchObject({
      code: 'INVALID_LABELS',
      message: expect.stringContaining(`the label ${name} is missing`),
    })
  })
})

describe('a metric without labels', () => {
  test('has one series, however it is asked for', async () => {
    const registry = new Registry()
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
    jobs.inc()
    jobs.labels().inc()
    jobs.labels({}).inc()
    expect(jobs.labels({})).toBe(jobs.labels())
    expect(await expose(registry)).toBe('# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 3\n')
  })

  test.each<[string, unknown[]]>([
    ['a label', [{ a: 'x' }]],
    ['a value', ['x']],
    ['null', [null]],
  ])('refuses %s', (_, labels) => {
    const jobs = new Counter({ name: 'jobs', help: 'Jobs done.' })
    const error = refusal(() => (jobs.labels as Untyped)(...(labels as never[])))
    expect(error.code).toBe('INVALID_LABELS')
    expect(error.message).toContain('jobs_total has no labels')
  })

  test('refuses labels where it records', async () => {
    const registry = new Registry()
    const [jobs, size] = [
      counter({ name: 'jobs', help: 'Jobs.', registry }),
      gauge({ name: 'size', help: 'Size.', registry }),
    ]
    expect(refusal(() => (jobs as Counter).inc({ a: 'x' })).message).toContain('jobs_total')
    expect(refusal(() => (size as Gauge).set({ a: 'x' }, 5)).message).toContain('size')
    expect(await expose(registry)).toContain('jobs_total 0\n')
    expect(await expose(registry)).toContain('size 0\n')
  })

  test('cannot be removed, and begins again from zero when it is cleared', async () => {
    const registry = new Registry()
    const slow = histogram({ name: 'slow', help: 'Slow.', buckets: [1], registry })
    const series = slow.labels()
    slow.observe(0.5)
    expect(slow.remove()).toBe(false)
    slow.clear()
    series.observe(5)
    expect(slow.labels()).toBe(series)
    expect(await expose(registry)).toBe(`# HELP slow Slow.
# TYPE slow histogram
slow_bucket{le="1"} 0
slow_bucket{le="+Inf"} 1
slow_sum 5
slow_count 1
`)
  })
})

describe('two label lists never share a series', () => {
  test.each<[string, string, string, string]>([
    ['x|', 'y', 'x', '|y'],
    ['x|', '', 'x', '|'],
    ['x,endpoint:y', 'z', 'x', 'y,endpoint:z'],
    ['', 'x', 'x', ''],
    ['a\0', 'b', 'a', '\0b'],
    ['","endpoint":"', '', '', '","endpoint":"'],
    ['é', 'x', 'e\u0301', 'x'],
    ['__proto__', 'x', 'constructor', 'x'],
    [' x', 'y', 'x', 'y'],
    ['X', 'y', 'x', 'y'],
    ['undefined', 'x', 'null', 'x'],
  ])('not (%j, %j) and (%j, %j)', async (a, b, c, d) => {
    const registry = new Registry()
    const x = counter({ ...DECLARED, registry })
    x.labels(a, b).inc(1)
    x.inc({ method: c, endpoint: d }, 2)
    const [family] = await registry.gather()
    expect(family!.columns.rowCount).toBe(2)
    expect([...family!.columns.chunks[0]!.values]).toEqual([1, 2])
  })

  test('save those that are written alike: a lone surrogate is U+FFFD, as UTF-8 has none', async () => {
    const registry = new Registry()
    const x = counter({ name: 'x', help: 'X.', labelNames: ['a'], registry })
    for (const a of ['\uD800', '\uDC00', '\uFFFD', '\uD800']) x.inc({ a })
    expect(await expose(registry)).toBe('# HELP x_total X.\n# TYPE x_total counter\nx_total{a="\uFFFD"} 4\n')
  })
})

test('what becomes of the labels object that a caller gave changes nothing', async () => {
  const registry = new Registry()
  const x = counter({ ...DECLARED, registry })
  const labels = { method: 'GET', endpoint: '/' }
  const series = x.labels(labels)
  x.inc(labels)
  labels.endpoint = '/other'
  x.inc(labels)
  series.inc()
  expect(await expose(registry)).toBe(`# HELP x_total X.
# TYPE x_total counter
x_total{method="GET",endpoint="/"} 2
x_total{method="GET",endpoint="/other"} 1
`)
})

test('labels may come from a frozen object, from one without a prototype, and from a class', async () => {
  class Labels {
    method = 'GET'
    get endpoint(): string {
      return '/'
    }
  }
  const registry = new Registry()
  const x = counter({ ...DECLARED, registry })
  x.inc(Object.freeze({ method: 'GET', endpoint: '/' }))
  x.inc(Object.assign(Object.create(null) as object, { method: 'GET', endpoint: '/' }))
  x.inc(Object.create({ method: 'GET', endpoint: '/' }) as { method: string; endpoint: string })
  expect(await expose(registry)).toContain('x_total{method="GET",endpoint="/"} 3\n')
  expect(refusal(() => x.inc(new Labels())).message).toContain('the label endpoint is missing')
})

describe('remove', () => {
  test('takes a series out of the exposition, and says whether there was one', async () => {
    const registry = new Registry()
    const x = counter({ ...DECLARED, registry })
    x.inc({ method: 'GET', endpoint: '/' })
    x.inc({ method: 'PUT', endpoint: '/' })
    x.inc({ method: 'POST', endpoint: '/' })
    expect(x.remove({ method: 'GET', endpoint: '/' })).toBe(true)
    expect(x.remove('PUT', '/')).toBe(true)
    expect(x.remove('PUT', '/')).toBe(false)
    expect(x.remove('PUT', 'never there')).toBe(false)
    expect(await expose(registry)).toContain('counter\nx_total{method="POST",endpoint="/"} 1\n')
  })

  test('leaves a series that somebody kept recording, unseen', async () => {
    const registry = new Registry()
    const x = counter({ ...DECLARED, registry })
    const removed = x.labels('GET', '/')
    removed.inc(5)
    x.remove('GET', '/')
    removed.inc()
    x.labels('GET', '/').inc()
    removed.inc()
    x.labels('PUT', '/').inc()
    expect(await expose(registry)).toBe(`# HELP x_total X.
# TYPE x_total counter
x_total{method="GET",endpoint="/"} 1
x_total{method="PUT",endpoint="/"} 1
`)
  })

  test('begins from zero when the labels come again', async () => {
    const registry = new Registry()
    const slow = histogram({ name: 'slow', help: 'Slow.', labelNames: ['a'], buckets: [1], registry })
    slow.observe({ a: 'x' }, 0.5)
    slow.remove({ a: 'x' })
    slow.labels('x')
    expect(await expose(registry)).toContain('slow_bucket{a="x",le="+Inf"} 0\nslow_sum{a="x"} 0\nslow_count{a="x"} 0\n')
  })
})

test('clear removes all series; those that somebody kept go on, unseen', async () => {
  const registry = new Registry()
  const x = counter({ ...DECLARED, registry })
  const kept = x.labels('GET', '/')
  x.labels('PUT', '/').inc()
  x.clear()
  kept.inc()
  expect(await expose(registry)).toBe('# HELP x_total X.\n# TYPE x_total counter\n')
  x.labels('GET', '/').inc(3)
  expect(await expose(registry)).toContain('x_total{method="GET",endpoint="/"} 3\n')
})
