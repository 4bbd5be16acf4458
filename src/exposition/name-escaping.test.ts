import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLabelName, isMetricName } from '../model/names.ts'
import { escapeLabelName, escapeName, ESCAPINGS, unescapeName, type Escaping } from './name-escaping.ts'

const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).map((name) => name.toWellFormed()),
  fc
    .array(fc.constantFrom('a', '.', '_', ':', '1', 'U__', '_2e_', '😱', ' '), { minLength: 1 })
    .map((parts) => parts.join('')),
)

describe('a name is escaped by code point', () => {
  test.each<[name: string, underscores: string, dots: string, values: string]>([
    ['http.status:sum', 'http_status:sum', 'http_dot_status:sum', 'U__http_2e_status:sum'],
    ['花火', '__', '____', 'U___82b1__706b_'],
    ['label with 😱', 'label_with__', 'label__with____', 'U__label_20_with_20__1f631_'],
    ['a_b.c', 'a_b_c', 'a__b_dot_c', 'U__a__b_2e_c'],
    ['1.5', '__5', '___dot_5', 'U___31__2e_5'],
    ['a-1', 'a_1', 'a__1', 'U__a_2d_1'],
    ['\uD800x', '_x', '__x', 'U___FFFD_x'],
  ])('U2, U3, U4: %s', (name, underscores, dots, values) => {
    expect(escapeName(name, 'underscores')).toBe(underscores)
    expect(escapeName(name, 'dots')).toBe(dots)
    expect(escapeName(name, 'values')).toBe(values)
    expect(escapeName(name, 'allow-utf-8')).toBe(name)
  })

  test.each(ESCAPINGS)('U3: one that every server accepts stays as it is, with %s', (escaping) => {
    for (const name of ['a_b', 'a:b', '_', 'U__a_2e_b']) expect(escapeName(name, escaping)).toBe(name)
    for (const name of ['a_b', '_', '__name__']) expect(escapeLabelName(name, escaping)).toBe(name)
  })

  test.each<[Escaping, string]>([
    ['underscores', 'a_b'],
    ['dots', 'a__b'],
    ['values', 'U__a_3a_b'],
    ['allow-utf-8', 'a:b'],
  ])('U5: a colon in a label is escaped, too: with %s as %s', (escaping, written) => {
    expect(escapeLabelName('a:b', escaping)).toBe(written)
  })

  test.each(ESCAPINGS.filter((each) => each !== 'allow-utf-8'))('then every server accepts it, with %s', (escaping) => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(isMetricName(escapeName(name, escaping))).toBe(true)
        expect(isLabelName(escapeLabelName(name, escaping))).toBe(true)
      }),
    )
  })
})

describe('U4: what values made of a name', () => {
  test('is the name again, whatever it was', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        // One that looks as if it was escaped is not, and would be read as what it looks like.
        fc.pre(!name.startsWith('U__') || !isMetricName(name))
        expect(unescapeName(escapeName(name, 'values'))).toBe(name)
        expect(unescapeName(escapeLabelName(name, 'values'))).toBe(name)
      }),
    )
  })

  test.each([
    ['U___10ffff_', '\u{10ffff}'],
    ['U___FFFD_', '\uFFFD'],
    ['U___2E_', '.'],
    ['U__', ''],
    ['a_2e_b', 'a_2e_b'],
    ['u__a_2e_b', 'u__a_2e_b'],
  ])('%s is %j', (name, unescaped) => {
    expect(unescapeName(name)).toBe(unescaped)
  })

  test.each(['U__a_2e', 'U__a_', 'U__a_x_', 'U___0000002e_', 'U___110000_', 'U___d800_', 'U__a_2e b'])(
    'is not %s, which stays as it is',
    (name) => {
      expect(unescapeName(name)).toBe(name)
    },
  )
})
