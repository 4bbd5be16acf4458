import { describe, expect, test } from 'vitest'
import {
  counter,
  expose,
  gauge,
  Histogram,
  histogram,
  metricFamily,
  Registry,
  samplesOf,
  Summary,
  summary,
  type LabelValue,
} from 'narthex'
import { refusal } from '../refusal.ts'
import { readText } from './text-reader.ts'

/*
 * What was found wrong in the metrics clients on npm (prom-client 15.1.3, @prometheus-io/client 0.16.1,
 * @platformatic/prom-client 1.0.0), each as a promise that narthex keeps.
 *
 * Shown elsewhere: garbage collection is counted by every entry that is observed
 * (src/process/garbage-collection.test.ts), and no scrape resets the delay of the event loop
 * (src/process/event-loop-delay.test.ts).
 *
 * And that a value is in the window of a summary once (src/metrics/summary.quantiles.test.ts). Default labels, which
 * stuck to the store or took the place of empty ones, have no counterpart here: a registry adds no labels.
 */

describe('two label lists share no series', () => {
  test.each([
    ['the separator of a key stands in a value', { a: 'x|', b: '' }, { a: 'x', b: '|' }],
    ['a value looks like a piece of a key', { a: 'x,b:y', b: 'z' }, { a: 'x', b: 'y,b:z' }],
  ])('where %s', async (_, one, other) => {
    const registry = new Registry()
    const x = counter({ name: 'x', help: 'X.', labelNames: ['a', 'b'], registry })
    x.inc(one, 1)
    x.inc(other, 2)
    const [family] = readText(await expose(registry))
    expect(family!.samples.map(({ labels, value }) => [Object.fromEntries(labels), value])).toEqual([
      [one, 1],
      [other, 2],
    ])
  })
})

describe('an absent value is no value', () => {
  test.each([[undefined], [null]])(
    '%s is refused, and is neither an empty text nor the text of its name',
    async (value) => {
      const registry = new Registry()
      const x = counter({ name: 'x', help: 'X.', labelNames: ['a'], registry })
      x.inc({ a: '' })
      x.inc({ a: String(value) }, 2)
      expect(refusal(() => x.inc({ a: value as unknown as string })).code).toBe('INVALID_LABEL_VALUE')
      expect(refusal(() => x.inc({} as { a: string })).code).toBe('INVALID_LABELS')
      expect(await expose(registry)).toBe(
        `# HELP x_total X.\n# TYPE x_total counter\nx_total{a=""} 1\nx_total{a="${value}"} 2\n`,
      )
    },
  )
})

describe('no label value makes a scrape unreadable', () => {
  test.each<[string, unknown]>([
    ['an array', ['a"b']],
    ['an object', { toString: () => 'a"\nb' }],
    ['a String object', Object('a"b')],
  ])('%s is refused instead of being written unescaped', async (_, value) => {
    const registry = new Registry()
    const x = counter({ name: 'x', help: 'X.', labelNames: ['a'], registry })
    expect(refusal(() => x.inc({ a: value as LabelValue })).code).toBe('INVALID_LABEL_VALUE')
    expect(readText(await expose(registry))[0]!.samples).toEqual([])
  })

  test('numbers and booleans are written as their text', async () => {
    const registry = new Registry()
    const x = counter({ name: 'x', help: 'X.', labelNames: ['a'], registry })
    x.inc({ a: 200 })
    x.inc({ a: false })
    expect(await expose(registry)).toContain('x_total{a="200"} 1\nx_total{a="false"} 1\n')
  })
})

test('a caller that changes its labels object makes no second line of a series', async () => {
  const registry = new Registry()
  const x = counter({ name: 'x', help: 'X.', labelNames: ['a'], registry })
  const labels = { a: 'one' }
  x.inc(labels)
  labels.a = 'two'
  x.inc({ a: 'one' })
  x.inc(labels)
  expect(await expose(registry)).toBe(
    '# HELP x_total X.\n# TYPE x_total counter\nx_total{a="one"} 2\nx_total{a="two"} 1\n',
  )
})

describe('the name of a counter', () => {
  test('is not changed by a scrape, so its names stay taken', async () => {
    const registry = new Registry()
    const total = counter({ name: 'foo_total', help: 'Foo.', registry })
    await expose(registry)
    await expose(registry, { names: ['foo_total'] })
    expect(counter({ name: 'foo_total', help: 'Foo.', registry })).toBe(total)
    expect(counter({ name: 'foo', help: 'Foo.', registry })).toBe(total)
    expect(refusal(() => gauge({ name: 'foo', help: 'Foo.', registry })).code).toBe('NAME_CLASH')
    expect(readText(await expose(registry)).map(({ name }) => name)).toEqual(['foo_total'])
  })

  test('has its suffix once, also when it is asked for alone and before any scrape', async () => {
    const registry = new Registry()
    counter({ name: 'foo_total', help: 'Foo.', registry })
    expect(await expose(registry, { names: ['foo_total'] })).toBe(
      '# HELP foo_total Foo.\n# TYPE foo_total counter\nfoo_total 0\n',
    )
  })
})

test('a help keeps its quotes in the text format, where they are not escaped', async () => {
  const registry = new Registry()
  gauge({ name: 'x', help: 'A "quoted" \\ help\nof two lines', registry })
  expect(await expose(registry)).toContain(String.raw`# HELP x A "quoted" \\ help\nof two lines` + '\n')
  expect(readText(await expose(registry))[0]!.help).toBe('A "quoted" \\ help\nof two lines')
})

describe('an OpenMetrics exposition', () => {
  test('changes no name: the family is written once, and its name stays taken', async () => {
    const registry = new Registry()
    counter({ name: 'x_total', help: 'X.', registry }).inc(2)
    const openmetrics = '# TYPE x counter\n# HELP x X.\nx_total 2\n# EOF\n'
    expect(await expose(registry, { format: 'openmetrics' })).toBe(openmetrics)
    expect(await expose(registry)).toBe('# HELP x_total X.\n# TYPE x_total counter\nx_total 2\n')
    expect(refusal(() => gauge({ name: 'x', help: 'Another.', registry })).code).toBe('NAME_CLASH')
    expect(await expose(registry, { format: 'openmetrics', names: ['x_total'] })).toBe(openmetrics)
  })

  test('escapes the quotes of a help', async () => {
    const registry = new Registry()
    counter({ name: 'x', help: 'Says "x".', registry })
    expect(await expose(registry, { format: 'openmetrics' })).toContain('# HELP x Says \\"x\\".\n')
  })
})

describe('buckets that would count wrongly are refused at declaration', () => {
  test.each([
    ['unsorted', [1, 5, 2]],
    ['there twice', [1, 1, 2]],
    ['infinite, as narthex adds that one', [1, Number.POSITIVE_INFINITY]],
    ['NaN', [Number.NaN]],
  ])('%s', async (_, buckets) => {
    const registry = new Registry()
    expect(refusal(() => histogram({ name: 'x', help: 'X.', buckets, registry })).code).toBe('INVALID_BUCKETS')
    expect(await expose(registry)).toBe('')
  })
})

test('an observation is counted once', () => {
  const value = (metric: Summary | Histogram): unknown => [...samplesOf(metric.collect()[0]!)][0]!.value
  const [plain, buckets] = [
    new Summary({ name: 'x', help: 'X.' }),
    new Histogram({ name: 'y', help: 'Y.', buckets: [1, 2, 3] }),
  ]
  plain.observe(2)
  buckets.observe(2)
  expect(value(plain)).toMatchObject({ count: 1, sum: 2 })
  expect(value(buckets)).toMatchObject({
    count: 1,
    sum: 2,
    buckets: [{ count: 0 }, { count: 1 }, { count: 0 }, { count: 0 }],
  })
})

test('one callback that fails does not fail the scrape', async () => {
  const registry = new Registry({ onWarning: () => {} })
  gauge({
    name: 'broken',
    help: 'Broken.',
    collect: () => {
      throw new Error('broken')
    },
    registry,
  })
  gauge({ name: 'rejecting', help: 'Broken.', collect: () => Promise.reject(new Error('broken')), registry })
  gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
  expect(await expose(registry)).toMatch(
    /^# HELP healthy Well.\n# TYPE healthy gauge\nhealthy 1\n# HELP narthex_collector_failures_total /,
  )
})

test('NaN does not poison a counter', async () => {
  const registry = new Registry()
  const x = counter({ name: 'x', help: 'X.', registry })
  x.inc(5)
  expect(refusal(() => x.inc(Number.NaN)).code).toBe('NEGATIVE_INCREMENT')
  expect(await expose(registry)).toContain('x_total 5\n')
})

test('what was gathered stays what it was', async () => {
  const registry = new Registry()
  const x = summary({ name: 'x', help: 'X.', labelNames: ['a'], registry })
  x.observe({ a: '1' }, 5)
  const [family] = await registry.gather()
  const before = structuredClone([...samplesOf(family!)])
  x.observe({ a: '1' }, 5)
  x.remove({ a: '1' })
  x.observe({ a: '2' }, 7)
  x.clear()
  expect([...samplesOf(family!)]).toEqual(before)
})

test('reading the rows of a scrape changes nothing of the next one', async () => {
  const registry = new Registry()
  const x = counter({ name: 'x', help: 'X.', labelNames: ['z'], registry })
  x.inc({ z: '' })
  const text = await expose(registry)
  for (const family of await registry.gather()) {
    for (const sample of samplesOf(family)) {
      const labels = sample.labels as Record<string, string>
      labels['z'] = 'changed'
      labels['more'] = 'added'
    }
  }
  expect(await expose(registry)).toBe(text)
  expect(text).toContain('x_total{z=""} 1\n')
})

test('a scrape is always a promise, whether anybody has to be waited for or not', async () => {
  const registry = new Registry()
  const plain: unknown = registry.gather()
  expect(plain).toBeInstanceOf(Promise)
  gauge({ name: 'x', help: 'X.', collect: async () => 1, registry })
  registry.register({ collect: () => [metricFamily({ name: 'y', help: 'Y.', type: 'gauge', samples: [] })] })
  const asked: unknown = registry.gather()
  expect(asked).toBeInstanceOf(Promise)
  await Promise.all([plain, asked])
})
