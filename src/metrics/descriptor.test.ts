import { describe as group, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import type { MetricErrorCode } from '../errors.ts'
import type { MetricType } from '../model/descriptor.ts'
import { Registry } from '../registry/registry.ts'
import { counter } from './counter.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import { gauge } from './gauge.ts'
import { histogram } from './histogram.ts'
import { info } from './info.ts'
import { stateSet } from './state-set.ts'
import { summary } from './summary.ts'

group('a descriptor', () => {
  test('says all that is known before there is a value', () => {
    const options = { name: 'sent_bytes', help: 'Bytes sent.', labelNames: ['a', 'b'], unit: 'bytes' }
    expect(describe(options, 'counter')).toEqual({
      name: 'sent_bytes_total',
      help: 'Bytes sent.',
      type: 'counter',
      unit: 'bytes',
      labelNames: ['a', 'b'],
    })
    expect(describe({ name: 'x', help: 'X.' }, 'gauge')).toEqual({
      name: 'x',
      help: 'X.',
      type: 'gauge',
      unit: '',
      labelNames: [],
    })
  })

  test('is frozen, and independent of what it was made from', () => {
    const labelNames = ['a']
    const descriptor = describe({ name: 'x', help: 'X.', labelNames }, 'gauge')
    labelNames.push('b')
    expect(descriptor.labelNames).toEqual(['a'])
    expect(Object.isFrozen(descriptor)).toBe(true)
    expect(Object.isFrozen(descriptor.labelNames)).toBe(true)
  })
})

group('a declaration is refused, says what was given, and registers nothing, when it has', () => {
  test.each<[string, unknown, MetricErrorCode, string]>([
    ['no name', { name: undefined }, 'INVALID_METRIC_NAME', 'undefined'],
    ['an empty name', { name: '' }, 'INVALID_METRIC_NAME', '""'],
    ['a space in its name', { name: 'a b' }, 'INVALID_METRIC_NAME', '"a b"'],
    ['a dot in its name', { name: 'a.b' }, 'INVALID_METRIC_NAME', '"a.b"'],
    ['a dash in its name', { name: 'a-b' }, 'INVALID_METRIC_NAME', '"a-b"'],
    ['a digit first', { name: '9x' }, 'INVALID_METRIC_NAME', '"9x"'],
    ['a line feed in its name', { name: 'x\n' }, 'INVALID_METRIC_NAME', String.raw`"x\n"`],
    ['a number for a name', { name: 5 }, 'INVALID_METRIC_NAME', '5'],
    ['no help', { help: undefined }, 'MISSING_HELP', 'x'],
    ['an empty help', { help: '' }, 'MISSING_HELP', 'x'],
    ['a number for a help', { help: 5 }, 'MISSING_HELP', 'x'],
    ['an illegal label', { labelNames: ['a-b'] }, 'INVALID_LABEL_NAME', '"a-b"'],
    ['an empty label', { labelNames: [''] }, 'INVALID_LABEL_NAME', '""'],
    ['a colon in a label', { labelNames: ['a:b'] }, 'INVALID_LABEL_NAME', '"a:b"'],
    ['a number for a label', { labelNames: [1] }, 'INVALID_LABEL_NAME', '1'],
    // oxlint-disable-next-line no-sparse-arrays -- a hole is what is tested
    ['a missing label', { labelNames: ['a', , 'b'] }, 'INVALID_LABEL_NAME', 'undefined'],
    ['a text instead of label names', { labelNames: 'method' }, 'INVALID_LABEL_NAME', '"method"'],
    ['a reserved label', { labelNames: ['a', '__name__'] }, 'RESERVED_LABEL_NAME', '__name__'],
    ['the label __proto__', { labelNames: ['__proto__'] }, 'RESERVED_LABEL_NAME', '__proto__'],
    ['a label twice', { labelNames: ['a', 'b', 'a'] }, 'DUPLICATE_LABEL_NAME', 'a'],
    ['a unit that the name does not end with', { unit: 'seconds' }, 'INVALID_UNIT', 'x_seconds'],
    [
      'a unit that only looks like the end of the name',
      { name: 'milliseconds', unit: 'seconds' },
      'INVALID_UNIT',
      'milliseconds_seconds',
    ],
    ['a unit that is no name', { name: 'x_', unit: '' as never, labelNames: ['é'] }, 'INVALID_LABEL_NAME', '"é"'],
    ['a number for a unit', { unit: 5 }, 'INVALID_UNIT', '5'],
    ['a maxSeries of 0', { maxSeries: 0 }, 'INVALID_OPTION', '0'],
    ['a negative maxSeries', { maxSeries: -1 }, 'INVALID_OPTION', '-1'],
    ['a fractional maxSeries', { maxSeries: 1.5 }, 'INVALID_OPTION', '1.5'],
    ['a text for maxSeries', { maxSeries: '5' }, 'INVALID_OPTION', '"5"'],
    ['NaN for maxSeries', { maxSeries: Number.NaN }, 'INVALID_OPTION', 'NaN'],
  ])('%s', async (_, given, code, said) => {
    for (const declare of [counter, gauge, histogram, summary]) {
      const registry = new Registry()
      const options = { name: 'x', help: 'X.', ...(given as object), registry }
      const error = refusal(() => declare(options))
      expect(error.code).toBe(code)
      expect(error.message).toContain(said)
      expect(await registry.gather()).toEqual([])
    }
  })

  test.each<[MetricType, MetricOptions]>([
    ['histogram', { name: 'x', help: 'X.', labelNames: ['le'] }],
    ['gaugehistogram', { name: 'x', help: 'X.', labelNames: ['le'] }],
    ['summary', { name: 'x', help: 'X.', labelNames: ['quantile'] }],
    ['stateset', { name: 'x', help: 'X.', labelNames: ['x'] }],
  ])('the label that a %s writes itself', (type, options) => {
    const error = refusal(() => describe(options, type))
    expect(error.code).toBe('RESERVED_LABEL_NAME')
    expect(error.message).toContain(`The ${type} x writes the label ${options.labelNames![0]} itself`)
  })

  test.each(['counter', 'gauge'] as const)('but a %s may have the labels le and quantile', (type) => {
    expect(() => describe({ name: 'x', help: 'X.', labelNames: ['le', 'quantile', 'x'] }, type)).not.toThrow()
  })

  test.each<[string, () => unknown]>([
    ['an info', () => info({ name: 'a b', help: 'X.' })],
    ['an info that is nothing but its suffix', () => info({ name: '_info', help: 'X.' })],
    ['a counter that is nothing but its suffix', () => counter({ name: '_total', help: 'X.' })],
    ['a state set', () => stateSet({ name: 'a b', help: 'X.', states: ['on'] })],
  ])('no name: %s', (_, declare) => {
    expect(refusal(declare).code).toBe('INVALID_METRIC_NAME')
  })

  test('no help: an info, a state set', () => {
    expect(refusal(() => info({ name: 'x', help: '' })).code).toBe('MISSING_HELP')
    expect(refusal(() => stateSet({ name: 'x', help: '', states: ['on'] })).code).toBe('MISSING_HELP')
  })

  test.each(['info', 'stateset'] as const)('a unit: %s (N7)', (type) => {
    expect(refusal(() => describe({ name: 'x_seconds', help: 'X.', unit: 'seconds' }, type)).code).toBe('INVALID_UNIT')
  })
})

group('a unit', () => {
  test.each<[MetricType, string, string]>([
    ['gauge', 'x_seconds', 'x_seconds'],
    ['histogram', 'x_seconds', 'x_seconds'],
    ['counter', 'x_seconds', 'x_seconds_total'],
    ['counter', 'x_seconds_total', 'x_seconds_total'],
  ])('of the %s %s is the end of its name, before the suffix of its type (N7)', (type, name, family) => {
    expect(describe({ name, help: 'X.', unit: 'seconds' }, type)).toMatchObject({ name: family, unit: 'seconds' })
  })
})
