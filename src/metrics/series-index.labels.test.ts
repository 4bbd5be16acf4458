import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText } from '../../test/conformance/any-family.ts'
import { SeriesIndex } from './series-index.ts'
import { NONE } from './series-slots.ts'
import { SeriesTable } from './series-table.ts'

describe('an index', () => {
  test('finds a row by name and by position, whatever the labels are called and hold', () => {
    const anyName = fc.oneof(
      fc.constantFrom(
        'length',
        'constructor',
        'labels',
        'pool',
        'row',
        'slot',
        'id0',
        'where',
        'chunks',
        'return',
        'class',
        'arguments',
      ),
      fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
    )
    const anyLabels = fc.uniqueArray(anyName, { minLength: 1, maxLength: 10 }).chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.uniqueArray(fc.tuple(...names.map(() => fc.oneof(fc.constantFrom('a', 'b'), hostileText))), {
          maxLength: 30,
          selector: (values) => JSON.stringify(values.map((value) => value.toWellFormed())),
        }),
      ),
    )
    fc.assert(
      fc.property(anyLabels, ([names, lists]) => {
        const index = new SeriesIndex(names, new SeriesTable(1, names.length))
        const wellFormed = lists.map((values) => values.map((value) => value.toWellFormed()))
        const rows = wellFormed.map((values) => {
          expect(index.byPosition(values)).toBe(NONE)
          return index.add(values)
        })
        expect(new Set(rows).size).toBe(lists.length)
        for (const [i, values] of wellFormed.entries()) {
          expect(index.byPosition(values)).toBe(rows[i])
          const pairs = values.map((value, position) => [names[position]!, value] as const)
          expect(index.byName(Object.fromEntries(pairs))).toBe(rows[i])
          expect(index.byName(Object.fromEntries(pairs.toReversed()))).toBe(rows[i])
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each<[string, unknown]>([
    ['a label is missing', { a: 'x' }],
    ['a label too many is there', { a: 'x', length: 1, c: 'z' }],
    ['a label is called otherwise', { a: 'x', b: 1 }],
    ['a value is no label value', { a: 'x', length: null }],
    ['a value has no series', { a: 'x', length: 2 }],
    ['null is given', null],
    ['undefined is given', undefined],
    ['a text is given', 'x'],
    ['a number is given', 5],
    ['an array is given', ['x']],
    ['a function is given', () => 1],
  ])('finds nothing where %s', (_, labels) => {
    const index = new SeriesIndex(['a', 'length'], new SeriesTable(1, 2))
    index.add(['x', 1])
    expect(index.byName(labels)).toBe(NONE)
  })

  test('finds no row by the length of a text or an array', () => {
    const index = new SeriesIndex(['length'], new SeriesTable(1, 1))
    const row = index.add([1])
    expect(index.byName({ length: 1 })).toBe(row)
    expect(index.byName('x')).toBe(NONE)
    expect(index.byName(['x'])).toBe(NONE)
  })

  test('finds nothing where more or fewer values are given', () => {
    const index = new SeriesIndex(['a', 'b'], new SeriesTable(1, 2))
    index.add(['x', 'y'])
    for (const values of [[], ['x'], ['x', 'y', 'z'], ['y', 'x'], ['x', undefined]]) {
      expect(index.byPosition(values)).toBe(NONE)
    }
  })
})
