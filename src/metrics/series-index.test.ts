import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NONE } from './series-slots.ts'
import { SeriesIndex } from './series-index.ts'
import { SeriesTable } from './series-table.ts'

/**
 * By how many values the labels have, and from which of the label sets on they are there before: with the first the
 * index stays dense, with the next two it becomes sparse, and dense again; the last is direct, and is no more when it
 * has grown.
 */
describe.each([
  ['few', [40, 3], [0, 0]],
  ['many', [60, 60], [0, 0]],
  ['very many', [2000, 50, 400], [0, 0, 0]],
  ['many values, most label sets being there', [90, 130], [66, 66]],
])('where labels have %s values', (_, counts, before) => {
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
        const model = new Map<string, readonly number[]>()
        const asked = new Map<string, readonly number[]>()
        const add = (key: readonly number[]): void => {
          asked.set(key.join(), key)
          if (!model.has(key.join())) {
            index.add(key)
            model.set(key.join(), key)
          }
        }
        for (let a = 0; a < before[0]!; a++) for (let b = 0; b < before[1]!; b++) if ((a ^ b) % 9 > 0) add([a, b])
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
            index.remove(index.byPosition(there))
            model.delete(gone!)
          }
        }
        const rows = new Set<number>()
        for (const [key, values] of asked) {
          const row = index.byPosition(values)
          if (row !== NONE) rows.add(row)
          expect(row === NONE ? undefined : textsAt(index, row)).toEqual(
            model.has(key) ? values.map(String) : undefined,
          )
        }
        expect(rows.size).toBe(model.size)
        expect(index.table.size).toBe(model.size)
      }),
      { numRuns: before[0]! > 0 ? 8 : 60 },
    )
  })
})

test('an index becomes sparse where few label sets are there of those that could be, and dense when more are', () => {
  const index = indexOf(2)
  const add = (a: number, b: number): void => void index.add([a, b])
  for (let i = 0; i < 20; i++) add(i, i)
  expect(index.dense).toBe(true)
  for (let i = 20; i < 100; i++) add(i, i)
  expect(index.dense).toBe(false)
  for (let a = 0; a < 100; a++) for (let b = 0; b < 100; b++) if (a !== b) add(a, b)
  expect(index.dense).toBe(true)
  for (let a = 0; a < 100; a++) {
    for (let b = 0; b < 100; b++) expect(index.byPosition([a, b])).not.toBe(NONE)
  }
  expect(index.byPosition([100, 0])).toBe(NONE)
})

test('a row is its slot where most label sets are there, and is not when they are not', () => {
  const index = indexOf(2)
  for (let a = 0; a < 80; a++) for (let b = 0; b < 40; b++) index.add([a, b])
  expect(index.direct).toBe(false)
  for (let a = 0; a < 80; a++) for (let b = 40; b < 80; b++) index.add([a, b])
  expect(index.direct).toBe(true)
  index.remove(index.byPosition([7, 7]))
  expect(index.byPosition([7, 7])).toBe(NONE)
  expect(index.add([7, 7])).toBe(index.byPosition([7, 7]))
  for (let i = 0; i < 200; i++) index.add([`only ${i}`, `once ${i}`])
  expect(index.direct).toBe(false)
  const rows = new Set<number>()
  for (let a = 0; a < 80; a++) for (let b = 0; b < 80; b++) rows.add(index.byPosition([a, b]))
  expect(rows).not.toContain(NONE)
  expect(rows.size).toBe(6400)
  // No row is left over from the slots that had no series.
  expect(index.table.rowCount).toBe(6600)
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

function textsAt({ table, texts }: SeriesIndex, row: number): string[] {
  const { labelIds, at } = table.idsAt(row)
  return Array.from(labelIds.subarray(at, at + table.labelCount), (id) => texts[id]!)
}

function indexOf(labels: number): SeriesIndex {
  const index = new SeriesIndex(['a', 'b', 'c'].slice(0, labels), new SeriesTable(1, labels))
  index.directFrom = 4000
  return index
}
