import { describe, expect, test } from 'vitest'
import { isLabelName, isMetricName, isReservedLabelName, isUtf8Name, underscored, underscoredLabel } from './names.ts'

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

describe('N1: where names are UTF-8, one', () => {
  test.each(['a', '9x', 'a b', 'http.requests', 'é', 'x\n', '\0', '😱', 'a"b', '__proto__'])('may be %j', (name) => {
    expect(isUtf8Name(name)).toBe(true)
  })

  test.each(['', '\uD800', 'a\uDC00', undefined, null, 5, ['a']])('may not be %j', (name) => {
    expect(isUtf8Name(name)).toBe(false)
  })
})

test.each([
  ['http.requests', 'http_requests', 'http_requests'],
  ['a:b', 'a:b', 'a_b'],
  ['9x9', '_x9', '_x9'],
  ['😱😱', '__', '__'],
  ['a b-c', 'a_b_c', 'a_b_c'],
])('U2: %s is %s with underscores, and %s as a label', (name, metric, label) => {
  expect(underscored(name)).toBe(metric)
  expect(underscoredLabel(name)).toBe(label)
})
