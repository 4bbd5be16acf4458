import fc from 'fast-check'
import {
  counter,
  histogram,
  Registry,
  type Counter,
  type CounterSeries,
  type Histogram,
  type HistogramSeries,
} from 'narthex'

export type Labels = readonly [a: string | number | boolean, b: string | number | boolean]

/** Something that a program does to its metrics. */
export type Step =
  | {
      readonly do: 'record' | 'record by position' | 'keep' | 'remove' | 'remove by position'
      readonly labels: Labels
      readonly amount: number
    }
  | { readonly do: 'record to a kept one'; readonly which: number; readonly amount: number }
  /** Short-lived series: many of them let the pool of label values be made anew. */
  | { readonly do: 'churn'; readonly series: number }
  /** Many of them fill chunks. */
  | { readonly do: 'fill'; readonly series: number }
  | { readonly do: 'clear' | 'scrape' }

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

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('record', 'record by position', 'keep', 'remove', 'remove by position'),
      labels: anyLabels,
      amount: anyAmount,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('record to a kept one'), which: fc.nat(), amount: anyAmount }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('scrape') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('churn'), series: fc.constantFrom(3, 1200) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill'), series: fc.constantFrom(20, 600, 4200) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear') }) },
)

interface Cell {
  count: number
  sum: number
}

/** A counter and a histogram, and what they should be worth: a plain map from label sets to numbers. */
export class MeteredMap {
  readonly registry: Registry = new Registry()
  readonly counter: Counter<['a', 'b']>
  readonly histogram: Histogram<['a', 'b']>
  readonly #cells = new Map<string, Cell>()
  readonly #kept: { count: CounterSeries; sizes: HistogramSeries; cell: Cell }[] = []
  #fresh = 0

  constructor() {
    const declared = { help: 'Of any labels.', labelNames: ['a', 'b'], registry: this.registry } as const
    this.counter = counter({ ...declared, name: 'any' })
    this.histogram = histogram({ ...declared, name: 'any_size', buckets: [10, 500] })
  }

  /** What is expected of the metrics now: a line per series, in alphabetical order, as {@link lineOf} makes it. */
  expected(): string {
    return inOrder([...this.#cells].map(([key, { count, sum }]) => lineOf(key, count, sum)))
  }

  /** @returns whether the metrics answered as the map did; a scrape is the caller's to do */
  take(step: Step): boolean {
    switch (step.do) {
      case 'record':
        this.counter.inc({ a: step.labels[0], b: step.labels[1] }, step.amount)
        this.histogram.observe({ a: step.labels[0], b: step.labels[1] }, step.amount)
        return this.#record(this.#cell(step.labels), step.amount)
      case 'record by position':
        this.counter.labels(...step.labels).inc(step.amount)
        this.histogram.labels(...step.labels).observe(step.amount)
        return this.#record(this.#cell(step.labels), step.amount)
      case 'keep': {
        const [count, sizes] = [this.counter.labels(...step.labels), this.histogram.labels(...step.labels)]
        this.#kept.push({ count, sizes, cell: this.#cell(step.labels) })
        return true
      }
      case 'record to a kept one': {
        // Also to one that was removed since: its cell is in the map no more, as its row is in no exposition.
        const kept = this.#kept[step.which % this.#kept.length]
        if (kept === undefined) return true
        kept.count.inc(step.amount)
        kept.sizes.observe(step.amount)
        return this.#record(kept.cell, step.amount)
      }
      case 'remove':
      case 'remove by position': {
        const labels = step.do === 'remove' ? ([{ a: step.labels[0], b: step.labels[1] }] as const) : step.labels
        const there = this.#cells.delete(keyOf(step.labels))
        return this.counter.remove(...labels) === there && this.histogram.remove(...labels) === there
      }
      case 'churn':
        for (let i = 0; i < step.series; i++) {
          const labels: Labels = ['passing', this.#fresh++]
          this.take({ do: 'record by position', labels, amount: 1 })
          this.take({ do: 'remove by position', labels, amount: 0 })
        }
        return true
      case 'fill':
        for (let i = 0; i < step.series; i++) {
          this.take({ do: 'record', labels: ['filling', this.#fresh++], amount: i })
        }
        return true
      case 'clear':
        this.counter.clear()
        this.histogram.clear()
        this.#cells.clear()
        return true
      case 'scrape':
        return true
    }
  }

  #record(cell: Cell, amount: number): true {
    cell.sum += amount
    cell.count++
    return true
  }

  #cell(labels: Labels): Cell {
    let cell = this.#cells.get(keyOf(labels))
    if (cell === undefined) this.#cells.set(keyOf(labels), (cell = { sum: 0, count: 0 }))
    return cell
  }
}

/** A series: its label values, the count of the histogram, its sum, which is the value of the counter. */
export function lineOf(labelValues: string, count: number, sum: number): string {
  return `${labelValues} ${count} ${sum}`
}

export function inOrder(lines: readonly string[]): string {
  return lines.toSorted().join('\n')
}

function keyOf(labels: Labels): string {
  return JSON.stringify(labels.map(String))
}
