import { expect, test } from 'vitest'
import { BoundTable } from './bound-table.ts'

test('of a bound that comes twice in a row, the first counts', () => {
  const table = new BoundTable()
  table.add([1, 1], [5, 7], 2)
  expect(table.bounds()).toEqual([1])
  expect(Array.from(table.table([1], 0)!)).toEqual([5, Number.NaN, Number.NaN])
})

test('rows of other bounds have a place for each, and NaN where they say nothing', () => {
  const table = new BoundTable()
  table.add([2, 4], [20, 40], 2)
  table.add([1, 4, 8], [1, 4, 8], 2)
  expect(table.isUniform).toBe(false)
  expect(table.bounds()).toEqual([1, 2, 4])
  const { NaN: none } = Number
  expect(Array.from(table.table([1, 2, 4], 1)!)).toEqual([none, none, 20, 40, none, none, 1, none, 4, none])
})

test('rows of the same bounds have them in the order in which they came, if that ascends', () => {
  const table = new BoundTable()
  for (const numbers of [
    [1, 2],
    [3, 4],
  ])
    table.add([0.5, 0.9], numbers, 2)
  expect(table.isUniform).toBe(true)
  expect(table.bounds()).toEqual([0.5, 0.9])
})
