import { expect, test } from 'vitest'
import { extraLabels } from './extra-labels.ts'

test('without labels there is nothing to ask', () => {
  expect(extraLabels(undefined)).toBeUndefined()
  expect(extraLabels({})).toBeUndefined()
})

test('each function is asked with the request, in their order', () => {
  const values = extraLabels({
    tenant: (request: { tenant: string }) => request.tenant,
    attempt: () => 2,
    cached: () => false,
  })!
  expect(values({ tenant: 'tea' })).toEqual(['tea', 2, false])
})

test('what is no label value is the empty one', () => {
  const values = extraLabels({
    none: () => undefined,
    thrown: () => {
      throw new Error('deliberate')
    },
    object: () => ({}) as string,
  })!
  expect(values({})).toEqual(['', '', ''])
})

test('a label that is no function is refused', () => {
  expect(() => extraLabels({ tenant: 'tea' } as never)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: 'The label tenant must be a function of the request, not "tea".',
    }),
  )
})

test('labels by name alone are refused', () => {
  expect(() => extraLabels(['tenant'] as never)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: 'labels must be an object, with a function of the request for each name, not an array.',
    }),
  )
})
