import { expect, test } from 'vitest'
import { Counter } from '../metrics/counter.ts'
import { Histogram } from '../metrics/histogram.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { writePrometheusProtobuf } from './prometheus-protobuf.ts'
import { WrittenBlocks } from './written-blocks.ts'

test('what has not changed is the same block again', () => {
  const before = new WrittenBlocks()
  const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
  for (let i = 0; i < 1000; i++) counter.inc({ i })
  const first = written(counter.collect(), before)
  expect(first.length).toBe(5)
  expect(before.byteLength).toBeGreaterThan(10_000)
  const same = written(counter.collect(), before)
  expect(same.map((block, i) => block === first[i])).toEqual([true, true, true, true, true])
  counter.inc({ i: 300 })
  const one = written(counter.collect(), before)
  expect(one.map((block, i) => block === first[i])).toEqual([true, true, false, true, true])
  expect(Buffer.concat(one).equals(Buffer.concat(written(counter.collect())))).toBe(true)
})

test('native buckets, exemplars and start timestamps count as changes', () => {
  const before = new WrittenBlocks()
  const histogram = new Histogram({ name: 'h', help: 'H.', labelNames: ['i'], native: true, buckets: [1000] })
  for (let i = 0; i < 100; i++) histogram.observe({ i }, i)
  const steps = [
    () => histogram.observe({ i: 3 }, 7),
    // The same in the classic bucket and in the sum.
    () => histogram.observe({ i: 4 }, 0),
    () => histogram.labels('5').observe(0, { exemplar: { trace_id: 'a' } }),
    () => histogram.labels('5').observe(0, { exemplar: { trace_id: 'b' } }),
    () => histogram.remove({ i: 6 }),
    () => histogram.observe({ i: 'new' }, 6),
    () => histogram.clear(),
  ]
  written(histogram.collect(), before)
  for (const step of steps) {
    step()
    const families = histogram.collect()
    expect(Buffer.concat(written(families, before)).equals(Buffer.concat(written(families)))).toBe(true)
  }
})

test('another declaration under the same name is written afresh, and one that is gone is forgotten', () => {
  const before = new WrittenBlocks()
  const declared = (help: string, bounds: number[]): readonly MetricFamily[] => {
    const histogram = new Histogram({ name: 'h', help, labelNames: ['i'], buckets: bounds })
    for (let i = 0; i < 100; i++) histogram.observe({ i }, 100)
    return histogram.collect()
  }
  const one = declared('H.', [1, 2])
  for (const families of [one, declared('Other.', [1, 2]), declared('Other.', [1, 3]), one]) {
    expect(Buffer.concat(written(families, before)).equals(Buffer.concat(written(families)))).toBe(true)
  }
  expect(before.byteLength).toBeGreaterThan(0)
  written([], before)
  expect(before.byteLength).toBe(0)
})

test('no more is kept than the limit', () => {
  const before = new WrittenBlocks(1000)
  const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
  for (let i = 0; i < 1000; i++) counter.inc({ i })
  const fresh = Buffer.concat(written(counter.collect()))
  expect(Buffer.concat(written(counter.collect(), before)).equals(fresh)).toBe(true)
  expect(before.byteLength).toBe(0)
})

function written(families: readonly MetricFamily[], before?: WrittenBlocks): Uint8Array[] {
  return [...writePrometheusProtobuf(families, { before })].filter(({ length }) => length > 0)
}
