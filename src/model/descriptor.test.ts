import { describe, expect, test } from 'vitest'
import { baseName, expositionNames, type MetricType } from './descriptor.ts'

describe('the base name', () => {
  test.each<[MetricType, string, string]>([
    ['counter', 'x_total', 'x'],
    ['counter', 'x_total_total', 'x_total'],
    ['counter', 'x', 'x'],
    ['info', 'x_info', 'x'],
    ['gauge', 'x_total', 'x_total'],
    ['gauge', 'x_info', 'x_info'],
    ['histogram', 'x_count', 'x_count'],
    ['info', 'x_total', 'x_total'],
  ])('of the %s %s is %s', (type, name, base) => {
    expect(baseName({ type, name })).toBe(base)
  })
})

describe('a metric may appear in some exposition as', () => {
  test.each<[MetricType, string, string[]]>([
    ['counter', 'x_total', ['x', 'x_total', 'x_created']],
    ['gauge', 'x', ['x']],
    ['histogram', 'x', ['x', 'x_bucket', 'x_count', 'x_sum', 'x_created']],
    ['gaugehistogram', 'x', ['x', 'x_bucket', 'x_gcount', 'x_gsum', 'x_count', 'x_sum']],
    ['summary', 'x', ['x', 'x_count', 'x_sum', 'x_created']],
    ['info', 'x_info', ['x', 'x_info']],
    ['stateset', 'x', ['x']],
    ['unknown', 'x', ['x']],
    ['counter', 'x.y_total', ['x.y', 'x.y_total', 'x.y_created', 'x_y', 'x_y_total', 'x_y_created']],
    ['gauge', '😱', ['😱', '_']],
  ])('%s %s: %j (O7)', (type, name, names) => {
    expect(expositionNames({ type, name })).toEqual(names)
  })
})
