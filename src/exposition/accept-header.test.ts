import { expect, test } from 'vitest'
import { acceptedTypes } from './accept-header.ts'

test('a part is a media type with parameters and a weight, 1 if there is none', () => {
  const [first, second, third] = acceptedTypes(' Text/Plain ; VERSION=0.0.4;q=0.5, application/*,*/*;q=0.1')
  expect(first).toEqual({ type: 'text/plain', parameters: new Map([['version', '0.0.4']]), weight: 0.5, place: 0 })
  expect(second).toEqual({ type: 'application/*', parameters: new Map(), weight: 1, place: 1 })
  expect(third).toMatchObject({ type: '*/*', weight: 0.1, place: 2 })
})

test('a value may be in quotes, with separators in it', () => {
  const types = acceptedTypes('a/b;x="1,2;3\\"4";version="1.0.0",c/d')
  expect(types.map(({ type }) => type)).toEqual(['a/b', 'c/d'])
  expect(types[0]!.parameters).toEqual(
    new Map([
      ['x', '1,2;3"4'],
      ['version', '1.0.0'],
    ]),
  )
})

test.each(['a/b;q=x', 'a/b;q=2', 'a/b;q=-1', 'a/b;q=NaN', 'a/b;q=Infinity'])(
  'a part whose weight is nonsense is left out: %s',
  (header) => {
    expect(acceptedTypes(`${header},c/d`)).toMatchObject([{ type: 'c/d', place: 1 }])
  },
)

test.each([
  ['', ''],
  [';', ''],
  ['=;=', '='],
  ['"', '"'],
  ['"a/b', '"a/b'],
  ['a/b;"', 'a/b'],
  ['a/b;x="\\', 'a/b'],
])('other nonsense is read as it stands: %j', (header, type) => {
  expect(acceptedTypes(header).map((each) => each.type)).toEqual([type])
})

test.each([',', ';', ';q=', 'a/b;q=0.5,', '"', '\\', '"\\', ' ', '*/*,', ';a="b"', 'a;b=c;'])(
  'the time is in proportion to the length, for very much of %j',
  (unit) => {
    // What takes quadratic time here takes minutes; the bound is far above what a loaded machine needs.
    const began = performance.now()
    acceptedTypes(unit.repeat(400_000 / unit.length))
    expect(performance.now() - began).toBeLessThan(5000)
  },
)
