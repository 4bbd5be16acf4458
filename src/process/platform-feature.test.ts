import { expect, test } from 'vitest'
import { isOffered } from './platform-feature.ts'

test('a feature that gives an answer is offered, whatever the answer', () => {
  expect([0, '', false, null, {}].map((answer) => isOffered(() => answer))).toEqual([true, true, true, true, true])
})

test('a feature that is not there, throws or gives nothing is not offered', () => {
  const platform: { readonly missing?: () => number } = {}
  expect(isOffered(() => platform.missing!())).toBe(false)
  expect(isOffered(() => expect.fail('not implemented'))).toBe(false)
  expect(isOffered(() => undefined)).toBe(false)
})
