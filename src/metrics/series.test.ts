import { describe, expect, test } from 'vitest'
import { samplesOf } from '../model/metric-family.ts'
import { Counter } from './counter.ts'
import { Histogram } from './histogram.ts'

const ROWS = 20_000

describe('a series that somebody keeps', () => {
  test('goes on recording in its place however many series come after it', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    const kept = Array.from({ length: ROWS }, (_, i) => {
      const series = counter.labels(i)
      series.inc()
      return series
    })
    for (const [i, series] of kept.entries()) series.inc(i)
    for (const { labels, value } of samplesOf(counter.collect()[0]!)) expect(value).toBe(Number(labels['i']) + 1)
    for (const i of [0, 7, 8, 4095, 4096, ROWS - 1]) expect(counter.labels(i)).toBe(kept[i])
  })

  test('is the same when it is asked for after others, in any order', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 100; i++) counter.inc({ i })
    const late = counter.labels(50)
    const first = counter.labels(0)
    for (let i = 100; i < ROWS; i++) counter.inc({ i })
    late.inc(50)
    first.inc(10)
    expect(counter.labels(50)).toBe(late)
    const values = new Map([...samplesOf(counter.collect()[0]!)].map(({ labels, value }) => [labels['i'], value]))
    expect(values.get('50')).toBe(51)
    expect(values.get('0')).toBe(11)
    expect(values.get('49')).toBe(1)
  })

  test('records into its own row, whatever the width of the row', () => {
    const histogram = new Histogram({ name: 'x', help: 'X.', labelNames: ['i'], buckets: [1, 2, 3] })
    const kept = Array.from({ length: 3000 }, (_, i) => histogram.labels(i))
    for (const [i, series] of kept.entries()) series.observe(i % 5)
    for (const { labels, value } of samplesOf(histogram.collect()[0]!)) {
      expect(value).toMatchObject({ count: 1, sum: Number(labels['i']) % 5 })
    }
  })
})

describe('a series that was removed', () => {
  test('does not touch the series that has its place now', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    const removed = counter.labels('removed')
    counter.remove('removed')
    const next = counter.labels('next')
    removed.inc(100)
    next.inc()
    expect([...samplesOf(counter.collect()[0]!)]).toMatchObject([{ labels: { i: 'next' }, value: 1 }])
  })

  test('still refuses what it refused', () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    const removed = counter.labels('removed')
    counter.clear()
    expect(() => removed.inc(-1)).toThrow('x_total cannot be incremented by -1')
    expect(() => removed.inc()).not.toThrow()
  })
})
