import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NONE } from './series-slots.ts'
import { SeriesIndex } from './series-index.ts'
import { SeriesTable } from './series-table.ts'

test('rows stay found through any mix of new, removed and cleared label sets', () => {
  const anyKey = fc.tuple(fc.nat(40), fc.nat(3))
  const anyStep = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), key: anyKey }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), key: anyKey }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key: anyKey }) },
  )
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 150, size: 'max' }), (steps) => {
      const index = new SeriesIndex(['a', 'b'], new SeriesTable(1, 2))
      const model = new Map<string, number>()
      for (const { do: what, key } of steps) {
        const there = model.get(key.join())
        if (what === 'clear') {
          index.clear()
          model.clear()
        } else if (what === 'remove' && there !== undefined) {
          index.remove(there)
          model.delete(key.join())
        } else if (what === 'add' && there === undefined) model.set(key.join(), index.add(key))
      }
      for (let a = 0; a <= 40; a++) {
        for (let b = 0; b <= 3; b++) expect(index.finder.byPosition([a, b])).toBe(model.get(`${a},${b}`) ?? NONE)
      }
      expect(index.table.size).toBe(model.size)
    }),
  )
})

test('the texts of removed label sets do not pile up, and the others stay found', () => {
  const index = new SeriesIndex(['a', 'b'], new SeriesTable(1, 2))
  const kept = ['x', 'y', 'z'].map((value) => ({ value, row: index.add([value, 'kept']) }))
  for (let i = 0; i < 20_000; i++) index.remove(index.add([`passing ${i}`, i]))
  expect(index.pool.texts.length).toBeLessThan(5000)
  expect(index.slots.length).toBeLessThan(5000)
  for (const { value, row } of kept) expect(index.finder.byName({ b: 'kept', a: value })).toBe(row)
  expect(index.finder.byName({ a: 'passing 5', b: 5 })).toBe(NONE)
})

test('a cleared index has forgotten its texts', () => {
  const index = new SeriesIndex(['a'], new SeriesTable(1, 1))
  for (let i = 0; i < 100; i++) index.add([`v${i}`])
  index.clear()
  expect(index.pool.texts).toEqual([''])
  expect(index.finder.byPosition(['v5'])).toBe(NONE)
  expect(index.add(['v5'])).toBe(0)
})
