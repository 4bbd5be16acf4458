import { describe, expect, test } from 'vitest'
import { isLabelName, isMetricName, isReservedLabelName } from './names.ts'

describe('the name of a metric', () => {
  test.each(['a', 'A', '_', ':', 'http_requests_total', 'job:rate5m', 'x9', '__x', 'constructor'])(
    'may be %s',
    (name) => {
      expect(isMetricName(name)).toBe(true)
    },
  )

  test.each(['', '9x', 'a b', 'a-b', 'a.b', 'é', 'x\n', '\nx', 'x\0', '😱', 'a"b', '{a}'])('may not be %j', (name) => {
    expect(isMetricName(name)).toBe(false)
  })

  test.each([undefined, null, 5, true, {}, ['a'], { toString: () => 'a' }])('is a text, not %s', (name) => {
    expect(isMetricName(name)).toBe(false)
  })
})

describe('the name of a label', () => {
  test.each(['a', '_', 'A_9', '__reserved__', 'le'])('may be %s', (name) => {
    expect(isLabelName(name)).toBe(true)
  })

  test.each(['', '9x', ':', 'a:b', 'a b', 'a-b', 'x\n', 'é', undefined, ['a']])('may not be %j', (name) => {
    expect(isLabelName(name)).toBe(false)
  })

  test.each([
    ['__name__', true],
    ['__', true],
    ['_a', false],
    ['a__', false],
  ])('%s is reserved: %s', (name, reserved) => {
    expect(isReservedLabelName(name)).toBe(reserved)
  })
})
