import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyStep, inOrder, lineOf, MeteredMap } from '../../test/conformance/metric-steps.ts'
import { readText } from '../../test/conformance/text-reader.ts'
import { expose } from '../expose.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import { Registry } from '../registry/registry.ts'
import { counter, type CounterSeries } from './counter.ts'
import { Histogram } from './histogram.ts'

test('metrics behave as a map from label sets to numbers, through any mix of recording, keeping, removing, clearing and new series', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
      const metrics = new MeteredMap()
      const scrapes: { counts: MetricFamily; sizes: MetricFamily; expected: string }[] = []
      for (const step of [...steps, { do: 'scrape' } as const]) {
        expect(metrics.take(step)).toBe(true)
        if (step.do !== 'scrape') continue
        const [counts, sizes] = [metrics.counter.collect()[0]!, metrics.histogram.collect()[0]!]
        scrapes.push({ counts, sizes, expected: metrics.expected() })
      }
      // At the end: whatever came after it, no picture of the metrics has changed.
      for (const { counts, sizes, expected } of scrapes) expect(shownBy(counts, sizes)).toBe(expected)
      expect(readBack(await expose(metrics.registry))).toBe(metrics.expected())
    }),
    { numRuns: 20 },
  )
}, 20_000)

function shownBy(counts: MetricFamily, sizes: MetricFamily): string {
  const values = new Map(
    [...samplesOf(counts)].map(({ labels, value }) => [JSON.stringify(Object.values(labels)), value]),
  )
  const lines = [...samplesOf(sizes)].map(({ labels, value }) => {
    const key = JSON.stringify(Object.values(labels))
    const { count, sum } = value as HistogramValue
    return values.get(key) === sum ? lineOf(key, count, sum) : `the counter of ${key} has another sum`
  })
  return values.size === lines.length ? inOrder(lines) : 'the counter has other series than the histogram'
}

/** The same out of an exposition. */
function readBack(exposition: string): string {
  const [sums, sizes] = readText(exposition)
  const counts = sizes!.samples.filter(({ name }) => name === 'any_size_count')
  expect(counts.map(({ labels }) => labels)).toEqual(sums!.samples.map(({ labels }) => labels))
  return inOrder(
    sums!.samples.map(({ labels, value }, i) =>
      lineOf(JSON.stringify(labels.map(([, text]) => text)), counts[i]!.value, value),
    ),
  )
}

test('a picture of a histogram stays what it was, too', () => {
  const histogram = new Histogram({ name: 'x', help: 'X.', labelNames: ['i'], buckets: [1, 2, 3] })
  const pictures: { family: MetricFamily; rows: string }[] = []
  const take = (): void => {
    const family = histogram.collect()[0]!
    pictures.push({ family, rows: JSON.stringify([...samplesOf(family)]) })
  }
  // A chunk of five columns has room for 512 rows.
  for (let i = 0; i < 1300; i++) {
    histogram.observe({ i }, i % 5)
    if (i % 100 === 0) take()
  }
  for (let i = 0; i < 1300; i += 2) {
    histogram.remove({ i })
    if (i % 100 === 0) take()
  }
  for (let i = 0; i < 2000; i++) {
    histogram.observe({ i: `new ${i}` }, 2)
    if (i % 3 === 0) histogram.remove({ i: `new ${i}` })
    if (i % 200 === 0) take()
  }
  histogram.clear()
  histogram.observe({ i: 'last' }, 1)
  take()
  expect(new Set(pictures.map(({ rows }) => rows)).size).toBe(pictures.length)
  for (const { family, rows } of pictures) expect(JSON.stringify([...samplesOf(family)])).toBe(rows)
})

test('a series goes on counting, and a picture stays what it was, while rows are moved', () => {
  const metric = counter({ name: 'x', help: 'X.', labelNames: ['a', 'b'], registry: new Registry() })
  const expected = new Map<string, number>()
  const kept: { series: CounterSeries; a: number; b: number }[] = []
  const pictures: { family: MetricFamily; values: Map<string, number> }[] = []
  const add = (a: number, b: number, amount: number): void =>
    void expected.set(`${a},${b}`, (expected.get(`${a},${b}`) ?? 0) + amount)
  // So many that the slots become the rows, which happens again when there are more values.
  for (let a = 0; a < 450; a++) {
    for (let b = 0; b < 400; b++) {
      metric.inc({ a, b })
      add(a, b, 1)
    }
    kept.push({ series: metric.labels(a, a % 7), a, b: a % 7 })
    for (const { series, a: first, b: second } of kept.slice(-9)) {
      series.inc(2)
      add(first, second, 2)
    }
    if (a % 100 === 99) pictures.push({ family: metric.collect()[0]!, values: new Map(expected) })
  }
  // Few of the label sets that there could be now: the rows are moved together.
  for (let i = 500; i < 1400; i++) {
    metric.inc({ a: i, b: i })
    add(i, i, 1)
  }
  pictures.push({ family: metric.collect()[0]!, values: new Map(expected) })
  for (const { family, values } of pictures) {
    const shown = [...samplesOf(family)].map(({ labels, value }) => [`${labels['a']},${labels['b']}`, value] as const)
    expect(shown.length).toBe(values.size)
    expect(shown.filter(([key, value]) => values.get(key) !== value)).toEqual([])
  }
  expect(kept.filter(({ series, a, b }) => metric.labels(a, b) !== series)).toEqual([])
})

test('a picture keeps its labels when the pool of label values is made anew', () => {
  const metric = counter({ name: 'x', help: 'X.', labelNames: ['i'], registry: new Registry() })
  // More than a chunk: the first one is not written to any more after the picture was taken.
  for (let i = 0; i < 6000; i++) metric.inc({ i }, i)
  for (let i = 0; i < 100; i++) metric.remove({ i })
  const [before] = metric.collect()
  const texts = before!.columns.labelValues
  for (let i = 0; metric.collect()[0]!.columns.labelValues === texts; i++) {
    metric.inc({ i: `passing ${i}` })
    metric.remove({ i: `passing ${i}` })
  }
  for (const family of [before!, ...metric.collect()]) {
    const samples = [...samplesOf(family)]
    expect(samples).toHaveLength(5900)
    expect(samples.filter(({ labels, value }) => Number(labels['i']) !== value)).toEqual([])
  }
})

test('pictures share the numbers that are the same, and only these', () => {
  const jobs = counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['i'], registry: new Registry() })
  for (let i = 0; i < 10_000; i++) jobs.inc({ i })
  const numbers = (): Float64Array[] => jobs.collect()[0]!.columns.chunks.map(({ values }) => values)
  const first = numbers()
  expect(first.length).toBeGreaterThan(2)
  expect(numbers().map((values, i) => values === first[i])).toEqual(first.map(() => true))

  jobs.inc({ i: 0 })
  const second = numbers()
  expect(second.map((values, i) => values === first[i])).toEqual(first.map((_, i) => i > 0))
  expect([first[0]![0], second[0]![0]]).toEqual([1, 2])

  jobs.inc({ i: 'one more' })
  expect(numbers().at(-1)!.length).toBe(second.at(-1)!.length + 1)
})
