import { describe, expect, test } from 'vitest'
import { descriptor, yielding } from '../../test/collectors.ts'
import { refusal } from '../../test/refusal.ts'
import type { MetricType } from '../model/descriptor.ts'
import { Registry } from './registry.ts'

describe('names that would meet in some exposition clash at registration (O8):', () => {
  test.each<[MetricType, string, MetricType, string]>([
    ['gauge', 'x', 'counter', 'x_total'],
    ['gauge', 'x_total', 'counter', 'x_total'],
    ['gauge', 'x_created', 'counter', 'x_total'],
    ['histogram', 'x', 'counter', 'x_count'],
    ['histogram', 'x', 'gauge', 'x_count'],
    ['histogram', 'x', 'gauge', 'x_sum'],
    ['histogram', 'x', 'gauge', 'x_bucket'],
    ['histogram', 'x', 'gauge', 'x_created'],
    ['histogram', 'x', 'summary', 'x'],
    ['summary', 'x', 'gauge', 'x_sum'],
    ['summary', 'x', 'gauge', 'x_count'],
    ['info', 'x_info', 'gauge', 'x_info'],
    ['info', 'x_info', 'gauge', 'x'],
    ['stateset', 'x', 'gauge', 'x'],
    ['histogram', 'x', 'counter', 'x_count_total'],
    ['gaugehistogram', 'x', 'gauge', 'x_gsum'],
  ])('the %s %s and the %s %s, in both orders', (type, name, otherType, otherName) => {
    const one = { ...descriptor(name), type }
    const other = { ...descriptor(otherName), type: otherType }
    for (const [first, second] of [[one, other] as const, [other, one] as const]) {
      const registry = new Registry()
      registry.register(yielding(first))
      const error = refusal(() => registry.register(yielding(second)))
      expect(error.code).toBe('NAME_CLASH')
      expect(error.message).toContain(`the ${first.type} ${first.name}`)
      expect(error.message).toContain(`The ${second.type} ${second.name}`)
    }
  })

  test.each<[MetricType, string, MetricType, string]>([
    ['counter', 'x_total', 'counter', 'x_errors_total'],
    ['gauge', 'x', 'gauge', 'x_total'],
    ['gauge', 'x', 'gauge', 'x_sum'],
    ['summary', 'x', 'gauge', 'x_bucket'],
    ['histogram', 'x', 'gauge', 'x_max'],
    ['info', 'x_info', 'gauge', 'x_total'],
  ])('but not the %s %s and the %s %s', (type, name, otherType, otherName) => {
    const registry = new Registry()
    registry.register(yielding({ ...descriptor(name), type }))
    expect(() => registry.register(yielding({ ...descriptor(otherName), type: otherType }))).not.toThrow()
  })
})
