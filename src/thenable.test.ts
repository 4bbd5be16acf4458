import { expect, test } from 'vitest'
import { isThenable } from './thenable.ts'

test.each<[string, unknown]>([
  ['a promise', Promise.resolve()],
  // oxlint-disable-next-line unicorn/no-thenable -- thenables are what is tested
  ['what has a then of its own', { then: () => {} }],
  // oxlint-disable-next-line unicorn/no-thenable -- thenables are what is tested
  ['a function with a then', Object.assign(() => {}, { then: () => {} })],
])('%s is thenable', (_, value) => {
  expect(isThenable(value)).toBe(true)
})

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['a text', 'then'],
  ['an object', {}],
  // oxlint-disable-next-line unicorn/no-thenable -- thenables are what is tested
  ['a then that is no function', { then: true }],
])('%s is not thenable', (_, value) => {
  expect(isThenable(value)).toBe(false)
})
