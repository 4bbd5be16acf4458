import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hostileText } from '../../test/conformance/any-family.ts'
import { refusal } from '../../test/refusal.ts'
import { samplesOf } from '../model/metric-family.ts'
import { Counter } from './counter.ts'
import { Gauge } from './gauge.ts'
import { Histogram } from './histogram.ts'
import type { LabelNames } from './labels.ts'
import { Summary } from './summary.ts'

afterEach(() => void vi.unstubAllGlobals())

/** Label names that no other metric has: code that was generated once is kept. */
let lists = 0
const unused = (...names: readonly string[]): string[] => [...names, `list${lists++}`]

function forbidCodeGeneration(): void {
  vi.stubGlobal('Function', () => {
    throw new EvalError('Code generation from strings disallowed for this context')
  })
}

const PLATFORMS = [
  ['where code is generated', () => {}],
  ['where code may not be generated', forbidCodeGeneration],
] as const

test('where code may not be generated, none is', () => {
  forbidCodeGeneration()
  const counter = new Counter({ name: 'x', help: 'X.', labelNames: unused('a') })
  expect(counter.labels === Counter.prototype.labels).toBe(true)
  vi.unstubAllGlobals()
  const generated = new Counter({ name: 'x', help: 'X.', labelNames: unused('a') })
  expect(generated.labels === Counter.prototype.labels).toBe(false)
})

describe.each(PLATFORMS)('%s', (_, prepare) => {
  test('every verb records in the series of its labels, whatever these are called and hold', () => {
    const anyName = fc.constantFrom(
      'length',
      'constructor',
      'labels',
      'value',
      'value0',
      'step0',
      'row',
      'slots',
      'return',
    )
    const anyValue = fc.oneof(fc.constantFrom('a', 'b', '1', 'true'), fc.integer({ max: 3 }), fc.boolean(), hostileText)
    const anyRecordings = fc.uniqueArray(anyName, { minLength: 1, maxLength: 4 }).chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.array(fc.tuple(fc.array(anyValue, { minLength: names.length, maxLength: names.length }), fc.nat(9)), {
          maxLength: 40,
        }),
      ),
    )
    fc.assert(
      fc.property(anyRecordings, ([names, recordings]) => {
        prepare()
        const labelNames: LabelNames = unused(...names)
        const counter = new Counter({ name: 'c', help: 'C.', labelNames })
        const gauge = new Gauge({ name: 'g', help: 'G.', labelNames })
        const last = new Gauge({ name: 'l', help: 'L.', labelNames })
        const histogram = new Histogram({ name: 'h', help: 'H.', labelNames, buckets: [4] })
        const summary = new Summary({ name: 's', help: 'S.', labelNames })
        const sums = new Map<string, number>()
        const lasts = new Map<string, number>()
        for (const [values, amount] of recordings) {
          const all = [...values, 'same']
          const labels = Object.fromEntries(labelNames.map((name, i) => [name, all[i]!]))
          counter.inc(labels, amount)
          counter.inc(labels)
          counter.labels(...all).inc(amount)
          gauge.inc(labels, amount)
          gauge.dec(labels)
          last.set(labels, amount)
          histogram.observe(labels, amount)
          summary.observe(labels, amount)
          const key = JSON.stringify(all.map((value) => String(value).toWellFormed()))
          sums.set(key, (sums.get(key) ?? 0) + amount)
          lasts.set(key, amount)
        }
        const counts = new Map<string, number>()
        for (const [values] of recordings) {
          const key = JSON.stringify([...values, 'same'].map((value) => String(value).toWellFormed()))
          counts.set(key, (counts.get(key) ?? 0) + 1)
        }
        const shown = (metric: Counter | Gauge | Histogram | Summary): Map<string, unknown> =>
          new Map(
            [...samplesOf(metric.collect()[0]!)].map(({ labels, value }) => [
              JSON.stringify(labelNames.map((name) => labels[name])),
              typeof value === 'number' ? value : [value['count'], value['sum']],
            ]),
          )
        const expected = (of: (key: string) => unknown): Map<string, unknown> =>
          new Map([...sums.keys()].map((key) => [key, of(key)]))
        const observed = expected((key) => [counts.get(key), sums.get(key)])
        expect(shown(counter)).toEqual(expected((key) => sums.get(key)! * 2 + counts.get(key)!))
        expect(shown(gauge)).toEqual(expected((key) => sums.get(key)! - counts.get(key)!))
        expect(shown(last)).toEqual(expected((key) => lasts.get(key)))
        expect(shown(histogram)).toEqual(observed)
        expect(shown(summary)).toEqual(observed)
      }),
      { numRuns: 40 },
    )
  })

  test('what is wrong is refused, and nothing is recorded', () => {
    prepare()
    const [a, b] = unused('a') as [string, string]
    const counter: Counter = new Counter({ name: 'c', help: 'C.', labelNames: [a, b] })
    const gauge: Gauge = new Gauge({ name: 'g', help: 'G.', labelNames: [a, b] })
    const labels = { [a]: 'x', [b]: 'y' }
    counter.inc(labels)
    gauge.set(labels, 1)
    expect(refusal(() => counter.inc(labels, -1)).code).toBe('NEGATIVE_INCREMENT')
    expect(refusal(() => counter.inc(labels, Number.NaN)).code).toBe('NEGATIVE_INCREMENT')
    expect(refusal(() => counter.inc(labels, '1' as never)).code).toBe('INVALID_AMOUNT')
    expect(refusal(() => gauge.inc(labels, null as never)).code).toBe('INVALID_VALUE')
    for (const wrong of [{ [a]: 'x' }, { ...labels, c: 'z' }, { [a]: 'x', c: 'y' }, 'x', ['x', 'y'], null, 5]) {
      expect(refusal(() => counter.inc(wrong as never)).code).toBe('INVALID_LABELS')
      expect(refusal(() => gauge.set(wrong as never, 5)).code).toBe('INVALID_LABELS')
    }
    expect(refusal(() => counter.inc({ [a]: 'x', [b]: undefined } as never)).code).toBe('INVALID_LABEL_VALUE')
    for (const wrong of [[], ['x'], ['x', 'y', 'z'], ['x', undefined]])
      expect(() => counter.labels(...(wrong as string[]))).toThrow(/^c_total has the labels|^The label/)
    expect([...samplesOf(counter.collect()[0]!)].map(({ value }) => value)).toEqual([1])
    expect([...samplesOf(gauge.collect()[0]!)].map(({ value }) => value)).toEqual([1])
  })

  test('a gauge takes NaN and infinities, by name as by series', () => {
    prepare()
    const [a, b] = unused('a') as [string, string]
    const gauge: Gauge = new Gauge({ name: 'g', help: 'G.', labelNames: [a, b] })
    const labels = { [a]: 'x', [b]: 'y' }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      gauge.set(labels, value)
      expect([...samplesOf(gauge.collect()[0]!)][0]!.value).toBe(value)
    }
  })

  test('label sets stay apart where very many are possible', () => {
    prepare()
    const labelNames = unused(...Array.from({ length: 15 }, (__, i) => `l${i}`))
    const counter = new Counter({ name: 'c', help: 'C.', labelNames })
    const valuesOf = (i: number): string[] => labelNames.map((__, position) => `${(i * (position + 7)) % 61}`)
    for (let round = 0; round < 2; round++) for (let i = 0; i < 61; i++) counter.labels(...valuesOf(i)).inc(i)
    const samples = [...samplesOf(counter.collect()[0]!)]
    expect(samples.map(({ value }) => value)).toEqual(Array.from({ length: 61 }, (__, i) => 2 * i))
  })
})
