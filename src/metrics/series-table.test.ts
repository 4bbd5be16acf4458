import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readText } from '../../test/conformance/text-reader.ts'
import { expose } from '../expose.ts'
import { samplesOf, type MetricFamily } from '../model/metric-family.ts'
import { Registry } from '../registry/registry.ts'
import { counter, type Counter, type CounterSeries } from './counter.ts'
import { Histogram } from './histogram.ts'

type Labels = readonly [a: string | number | boolean, b: string | number | boolean]

type Step =
  | {
      readonly do: 'inc' | 'inc by position' | 'keep' | 'remove' | 'remove by position'
      readonly labels: Labels
      readonly amount: number
    }
  | { readonly do: 'inc kept'; readonly which: number; readonly amount: number }
  /** Short-lived series: so many that the pool of label values is made anew. */
  | { readonly do: 'churn'; readonly series: number }
  /** So many series that they fill chunks. */
  | { readonly do: 'fill'; readonly series: number }
  | { readonly do: 'clear' | 'snapshot' }

const anyValue = fc.constantFrom(
  '',
  'x',
  '|',
  'x|',
  ',',
  '"',
  '\\',
  '\n',
  'é',
  '1',
  1,
  'true',
  true,
  '__proto__',
  0.5,
  '0.5',
)
const anyLabels: fc.Arbitrary<Labels> = fc.tuple(anyValue, anyValue)
const anyAmount = fc.integer({ min: 0, max: 1000 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('inc', 'inc by position', 'keep', 'remove', 'remove by position'),
      labels: anyLabels,
      amount: anyAmount,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('inc kept'), which: fc.nat(), amount: anyAmount }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('snapshot') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('churn'), series: fc.constantFrom(3, 1200) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill'), series: fc.constantFrom(20, 5000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear') }) },
) as fc.Arbitrary<Step>

describe('a metric behaves as a map from label sets to numbers', () => {
  test('through any mix of recording, keeping, removing, clearing and new series, and no picture of it ever changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const run = new Run()
        for (const step of steps) run.step(step)
        run.step({ do: 'snapshot' })
        for (const { family, expected } of run.snapshots) expect(shownBy(family)).toEqual(expected)
        const exposition = readText(await expose(run.registry))
        const read = exposition[0]!.samples.map(({ labels, value }) => [
          JSON.stringify(labels.map(([, each]) => each)),
          value,
        ])
        expect(new Map(read as [string, number][])).toEqual(run.snapshots.at(-1)!.expected)
        expect(read).toHaveLength(run.model.size)
      }),
      { numRuns: 60 },
    )
  })
})

/** The steps, done to a counter and to a plain map. */
class Run {
  readonly registry: Registry = new Registry()
  readonly metric: Counter<['a', 'b']> = counter({
    name: 'x',
    help: 'X.',
    labelNames: ['a', 'b'],
    registry: this.registry,
  })
  readonly model: Map<string, { value: number }> = new Map()
  readonly kept: { series: CounterSeries; cell: { value: number } }[] = []
  readonly snapshots: { family: MetricFamily; expected: Map<string, number> }[] = []
  #fresh = 0

  step(step: Step): void {
    switch (step.do) {
      case 'inc':
        this.metric.inc({ a: step.labels[0], b: step.labels[1] }, step.amount)
        this.#cell(step.labels).value += step.amount
        break
      case 'inc by position':
        this.metric.labels(...step.labels).inc(step.amount)
        this.#cell(step.labels).value += step.amount
        break
      case 'keep':
        this.kept.push({ series: this.metric.labels(...step.labels), cell: this.#cell(step.labels) })
        break
      case 'inc kept': {
        // Also one that was removed since: its cell is in no map any more, as its row is in no exposition.
        const kept = this.kept[step.which % this.kept.length]
        if (kept === undefined) break
        kept.series.inc(step.amount)
        kept.cell.value += step.amount
        break
      }
      case 'remove':
        expect(this.metric.remove({ a: step.labels[0], b: step.labels[1] })).toBe(this.model.delete(keyOf(step.labels)))
        break
      case 'remove by position':
        expect(this.metric.remove(...step.labels)).toBe(this.model.delete(keyOf(step.labels)))
        break
      case 'churn':
        for (let i = 0; i < step.series; i++) {
          const labels: Labels = ['passing', this.#fresh++]
          this.metric.labels(...labels).inc()
          this.metric.remove(...labels)
        }
        break
      case 'fill':
        for (let i = 0; i < step.series; i++) {
          const labels: Labels = ['filling', this.#fresh++]
          this.metric.inc({ a: labels[0], b: labels[1] })
          this.#cell(labels).value++
        }
        break
      case 'clear':
        this.metric.clear()
        this.model.clear()
        break
      case 'snapshot': {
        const expected = new Map([...this.model].map(([key, { value }]) => [key, value]))
        this.snapshots.push({ family: this.metric.collect()[0]!, expected })
      }
    }
  }

  #cell(labels: Labels): { value: number } {
    let cell = this.model.get(keyOf(labels))
    if (cell === undefined) this.model.set(keyOf(labels), (cell = { value: 0 }))
    return cell
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(labels.map(String))
}

function shownBy(family: MetricFamily): Map<string, number> {
  const shown = [...samplesOf(family)].map(
    ({ labels, value }) => [JSON.stringify(Object.values(labels)), value] as const,
  )
  const map = new Map(shown as [string, number][])
  expect(map.size).toBe(shown.length)
  return map
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
    expect(samples.filter(({ labels, value }) => labels['i'] !== String(value))).toEqual([])
  }
})
