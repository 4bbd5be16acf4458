import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NativeExemplars } from './native-exemplars.ts'

const MINUTE_MS = 60_000

test('up to ten are all kept, in the order of their values', () => {
  expect(valuesOf(after([3, 1, 2, -1, 0, 1e9, 5, 4, 0.5, 7]))).toEqual([-1, 0, 0.5, 1, 2, 3, 4, 5, 7, 1e9])
})

test('an eleventh takes the place of the older one of the two that are closest in ratio', () => {
  const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
  // 1e6 and 2e6 are the closest, and 30 comes between others.
  expect(valuesOf(after([...powers, 2e6, 30]))).toEqual([1, 10, 30, 100, 1e3, 1e4, 1e5, 2e6, 1e7, 1e8])
  expect(valuesOf(after([2e6, ...powers, 30]))).toEqual([1, 10, 30, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8])
  // The new one itself is close to another.
  expect(valuesOf(after([...powers, 1e9, 110]))).toEqual([1, 10, 110, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])
  expect(valuesOf(after([...powers, 1e9, 90]))).toEqual([1, 10, 90, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])
})

test('zero and the infinities have their places, too, and equal values are closest', () => {
  const values = [-Infinity, -1e300, -1, -1e-300, 0, 1e-300, 1, 1e300, Infinity, 1e-10]
  expect(valuesOf(after([...values, Infinity]))).toEqual(values.toSorted((a, b) => a - b))
  expect(valuesOf(after([...values, 0]))).toEqual(values.toSorted((a, b) => a - b))
})

test('one of more than five minutes ago goes, and leaves its place to others', () => {
  const exemplars = after([1, 2, 3])
  const young = exemplars.at(5 * MINUTE_MS)
  expect(young.map(({ value }) => value)).toEqual([1, 2, 3])
  expect(exemplars.at(5 * MINUTE_MS)).toBe(young)
  expect(exemplars.at(5 * MINUTE_MS + 2).map(({ value }) => value)).toEqual([3])
  exemplars.add({ labels: {}, value: 9, timestampMs: 10 * MINUTE_MS + 3 })
  expect(exemplars.at(10 * MINUTE_MS + 3).map(({ value }) => value)).toEqual([9])
})

test('one of a clock that was set back goes, too, rather than outlast those that come', () => {
  const exemplars = new NativeExemplars()
  exemplars.add({ labels: {}, value: 1, timestampMs: 60 * MINUTE_MS })
  exemplars.add({ labels: {}, value: 2, timestampMs: 0 })
  expect(valuesOf(exemplars)).toEqual([2])
})

test('however many come, there are ten at most, the last among them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.nat(2000),
      (values, stepMs) => {
        const exemplars = new NativeExemplars()
        for (const [i, value] of values.entries()) {
          const exemplar = { labels: { i: `${i}` }, value, timestampMs: i * stepMs }
          exemplars.add(exemplar)
          const kept = exemplars.at(i * stepMs)
          expect(kept).toContain(exemplar)
          expect(kept).toHaveLength(Math.min(10, i + 1))
          expect(kept).toEqual(kept.toSorted((a, b) => (a.value === b.value ? 0 : a.value - b.value)))
        }
      },
    ),
  )
})

test('they are spread over all magnitudes, though most observations are of one', () => {
  const exemplars = new NativeExemplars()
  for (let i = 0; i < 2000; i++) {
    const value = i % 20 === 0 ? 10 ** (i / 400) : 1 + (i % 7) / 1000
    exemplars.add({ labels: {}, value, timestampMs: i * 100 })
  }
  expect(valuesOf(exemplars).filter((value) => value > 1.01).length).toBeGreaterThanOrEqual(8)
})

function after(values: readonly number[]): NativeExemplars {
  const exemplars = new NativeExemplars()
  for (const [timestampMs, value] of values.entries()) exemplars.add({ labels: {}, value, timestampMs })
  return exemplars
}

function valuesOf(exemplars: NativeExemplars): number[] {
  return exemplars.at(0).map(({ value }) => value)
}
