import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NONE } from './series-slots.ts'
import { SeriesIndex } from './series-index.ts'
import { SeriesTable } from './series-table.ts'

/** By how many values the labels have: with the first the index stays dense, with the others it becomes sparse, and dense again. */
describe.each([
  ['few', [40, 3]],
  ['many', [60, 60]],
  ['very many', [2000, 50, 400]],
])('where labels have %s values', (_, counts) => {
  test('rows stay found through any mix of new, removed and cleared label sets', () => {
    const anyKey = fc.tuple(...counts.map((count) => fc.nat(count)))
    const anyStep = fc.oneof(
      { weight: 60, arbitrary: fc.record({ do: fc.constant('add' as const), key: anyKey }) },
      { weight: 20, arbitrary: fc.record({ do: fc.constant('remove' as const), key: anyKey }) },
      { weight: 20, arbitrary: fc.record({ do: fc.constant('remove last' as const), key: anyKey }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('fill' as const), key: anyKey }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key: anyKey }) },
    )
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 150, size: 'max' }), (steps) => {
        const index = indexOf(counts.length)
        const model = new Map<string, number>()
        const asked = new Map<string, readonly number[]>()
        const add = (key: readonly number[]): void => {
          asked.set(key.join(), key)
          if (!model.has(key.join())) model.set(key.join(), index.add(key))
        }
        for (const { do: what, key } of steps) {
          asked.set(key.join(), key)
          const gone = what === 'remove last' ? [...model.keys()].at(-1) : key.join()
          const there = model.get(gone ?? '')
          if (what === 'clear') {
            index.clear()
            model.clear()
          } else if (what === 'add') add(key)
          else if (what === 'fill') for (let i = 0; i < 40; i++) add([i, ...key.slice(1)])
          else if (there !== undefined) {
            index.remove(there)
            model.delete(gone!)
          }
        }
        for (const [key, values] of asked) expect(index.byPosition(values)).toBe(model.get(key) ?? NONE)
        expect(index.table.size).toBe(model.size)
        expect(new Set(model.values()).size).toBe(model.size)
      }),
      { numRuns: 60 },
    )
  })
})

test('an index becomes sparse where few label sets are there of those that could be, and dense when more are', () => {
  const index = indexOf(2)
  const rows = new Map<string, number>()
  const add = (a: number, b: number): void => void rows.set(`${a},${b}`, index.add([a, b]))
  for (let i = 0; i < 20; i++) add(i, i)
  expect(index.dense).toBe(true)
  for (let i = 20; i < 100; i++) add(i, i)
  expect(index.dense).toBe(false)
  for (let a = 0; a < 100; a++) for (let b = 0; b < 100; b++) if (a !== b) add(a, b)
  expect(index.dense).toBe(true)
  for (let a = 0; a < 100; a++) {
    for (let b = 0; b < 100; b++) expect(index.byPosition([a, b])).toBe(rows.get(`${a},${b}`))
  }
  expect(index.byPosition([100, 0])).toBe(NONE)
})

test('values without bound take no more memory than label sets', () => {
  const index = indexOf(3)
  for (let i = 0; i < 5000; i++) {
    index.add([`user ${i}`, `path ${i}`, i % 7])
    expect(index.rows.length).toBeLessThanOrEqual(1024 + 8 * index.table.size)
  }
})

test('the texts of removed label sets do not pile up, and the others stay found', () => {
  const index = indexOf(2)
  const kept = ['x', 'y', 'z'].map((value) => ({ value, row: index.add([value, 'kept']) }))
  for (let i = 0; i < 20_000; i++) index.remove(index.add([`passing ${i}`, i]))
  expect(index.texts.length).toBeLessThan(5000)
  expect(index.rows.length).toBeLessThan(5000)
  for (const { value, row } of kept) expect(index.byName({ b: 'kept', a: value })).toBe(row)
  expect(index.byName({ a: 'passing 5', b: 5 })).toBe(NONE)
})

test('a cleared index has forgotten its texts', () => {
  const index = indexOf(1)
  for (let i = 0; i < 100; i++) index.add([`v${i}`])
  index.clear()
  expect(index.texts).toEqual([''])
  expect(index.byPosition(['v5'])).toBe(NONE)
  expect(index.add(['v5'])).toBe(0)
})

function indexOf(labels: number): SeriesIndex {
  return new SeriesIndex(['a', 'b', 'c'].slice(0, labels), new SeriesTable(1, labels))
}
