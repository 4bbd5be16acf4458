import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  Counter,
  counter,
  Gauge,
  gauge,
  Histogram,
  histogram,
  Info,
  info,
  metricFamily,
  Registry,
  StateSet,
  stateSet,
  Summary,
  summary,
  type HistogramValue,
  type SampleValue,
  type StateSetValue,
  type SummaryValue,
} from 'narthex'
import { valueOf } from './value-of.ts'

describe('the value of a metric', () => {
  const orders = new Counter({ name: 'orders', help: 'Orders.', labelNames: ['shop', 'express'] })
  orders.inc({ shop: 'tea', express: true }, 2)

  test('is found by all its labels, in any order', () => {
    expect(valueOf(orders, { shop: 'tea', express: true })).toBe(2)
    expect(valueOf(orders, { express: 'true', shop: 'tea' })).toBe(2)
  })

  test('is that of the one series of a metric without labels', () => {
    expect(valueOf(new Gauge({ name: 'room', help: 'Room.' }))).toBe(0)
  })

  test('is undefined as long as there is no such series, and looking makes none', () => {
    expect(valueOf(orders, { shop: 'coffee', express: true })).toBeUndefined()
    expect(orders.collect()[0]!.columns.rowCount).toBe(1)
    expect(valueOf(new Counter({ name: 'x', help: 'X.', labelNames: ['a'] }), { a: 1 })).toBeUndefined()
  })

  test('is never undefined because of misspelt labels', () => {
    // @ts-expect-error no such label
    expect(() => valueOf(orders, { shpo: 'tea', express: true })).toThrow(
      'No series is orders_total{shpo="tea",express="true"}: the series of orders_total have shop, express.',
    )
    // @ts-expect-error a label is missing
    expect(() => valueOf(orders, { shop: 'tea' })).toThrow('the series of orders_total have shop, express')
    // @ts-expect-error all are missing
    expect(() => valueOf(orders)).toThrow('the series of orders_total have shop, express')
    const room = gauge({ name: 'room', help: 'Room.', registry: new Registry() })
    // @ts-expect-error it has none
    expect(() => valueOf(room, { a: 1 })).toThrow('room have no labels')
    const empty = new Counter({ name: 'x', help: 'X.', labelNames: ['a'] })
    // @ts-expect-error no such label
    expect(() => valueOf(empty, { b: 1 })).toThrow('No series can be x_total{b="1"}: x_total has the labels a.')
  })

  test('is composite where the type is', () => {
    const slow = new Histogram({ name: 'slow', help: 'Slow.', buckets: [1, 5] })
    slow.observe(3)
    expect(valueOf(slow)).toEqual({
      count: 1,
      sum: 3,
      buckets: [
        { upperBound: 1, count: 0 },
        { upperBound: 5, count: 1 },
        { upperBound: Number.POSITIVE_INFINITY, count: 0 },
      ],
    })
    const size = new Summary({ name: 'size', help: 'Size.', labelNames: ['of'] })
    size.observe({ of: 'mail' }, 7)
    expect(valueOf(size, { of: 'mail' })).toEqual({ count: 1, sum: 7, quantiles: [] })
    const phase = new StateSet({ name: 'phase', help: 'Phase.', states: ['on', 'off'] })
    phase.set('off')
    expect(valueOf(phase)).toEqual({ on: false, off: true })
  })

  test('of an info is 1 for what it tells', () => {
    const version = new Info({ name: 'app', help: 'App.' })
    expect(valueOf(version, { version: '1' })).toBeUndefined()
    version.set({ version: '1' })
    expect(valueOf(version, { version: '1' })).toBe(1)
    expect(valueOf(version, { version: '2' })).toBeUndefined()
  })

  test('has the type that belongs to the metric', async () => {
    expectTypeOf(valueOf(orders, { shop: 'a', express: true })).toEqualTypeOf<number | undefined>()
    expectTypeOf(valueOf(new Histogram({ name: 'h', help: 'H.' }))).toEqualTypeOf<HistogramValue | undefined>()
    expectTypeOf(valueOf(new Summary({ name: 's', help: 'S.' }))).toEqualTypeOf<SummaryValue | undefined>()
    const set = new StateSet({ name: 'set', help: 'Set.', states: ['on'] })
    expectTypeOf(valueOf(set)).toEqualTypeOf<StateSetValue | undefined>()
    expectTypeOf(valueOf(new Info({ name: 'i', help: 'I.' }), { a: '1' })).toEqualTypeOf<number | undefined>()
    const any: Counter = orders
    expectTypeOf(valueOf(any, { shop: 'tea', express: 1 })).toEqualTypeOf<number | undefined>()
    const registry = new Registry()
    counter({ name: 'x', help: 'X.', registry })
    expectTypeOf(await valueOf(registry, 'x')).toEqualTypeOf<SampleValue | undefined>()
  })

  test('is refused for a metric that is asked at each scrape, as nobody has asked it', async () => {
    const registry = new Registry()
    const queued = gauge({ name: 'queued', help: 'Queued.', collect: async () => 3, registry })
    expect(() => valueOf(queued)).toThrow('read it through a registry')
    expect(await valueOf(registry, 'queued')).toBe(3)
  })
})

describe('the value of a sample of a registry', () => {
  const registry = new Registry()
  counter({ name: 'orders', help: 'Orders.', labelNames: ['shop'], registry }).inc({ shop: 'tea' }, 2)
  const slow = histogram({ name: 'slow', help: 'Slow.', labelNames: ['at'], buckets: [0.5, 1e6], registry })
  slow.observe({ at: 'db' }, 0.1)
  slow.observe({ at: 'db' }, 7)
  summary({ name: 'size', help: 'Size.', registry }).observe(4)
  stateSet({ name: 'phase', help: 'Phase.', states: ['on', 'off'], registry }).set('on')
  info({ name: 'app', help: 'App.', registry }).set({ version: '1' })
  histogram({ name: 'unused', help: 'Unused.', labelNames: ['at'], registry })
  registry.register({
    collect: () => [
      metricFamily({
        name: 'foreign',
        help: 'Foreign.',
        type: 'summary',
        quantiles: [0.5],
        samples: [{ labels: {}, value: { count: 3, sum: 6, quantiles: [{ quantile: 0.5, value: 2 }] } }],
      }),
    ],
  })

  test.each<[string, Record<string, string | number> | undefined, unknown]>([
    ['orders_total', { shop: 'tea' }, 2],
    ['orders', { shop: 'tea' }, 2],
    ['orders_total', { shop: 'coffee' }, undefined],
    ['slow_count', { at: 'db' }, 2],
    ['slow_sum', { at: 'db' }, 7.1],
    ['slow_bucket', { at: 'db', le: 0.5 }, 1],
    ['slow_bucket', { at: 'db', le: 1e6 }, 2],
    ['slow_bucket', { at: 'db', le: '1e+06' }, 2],
    ['slow_bucket', { at: 'db', le: Number.POSITIVE_INFINITY }, 2],
    ['slow_bucket', { at: 'db', le: 3 }, undefined],
    ['slow_count', { at: 'disk' }, undefined],
    ['size', undefined, { count: 1, sum: 4, quantiles: [] }],
    ['size_sum', {}, 4],
    ['foreign', { quantile: 0.5 }, 2],
    ['phase', undefined, { on: true, off: false }],
    ['phase', { phase: 'off' }, 0],
    ['app_info', { version: '1' }, 1],
    ['app', { version: '1' }, 1],
    ['unused_count', { at: 'db' }, undefined],
    ['unused_bucket', { at: 'db', le: 1 }, undefined],
  ])('named %s with %j is %j', async (name, labels, value) => {
    expect(await valueOf(registry, name, labels)).toEqual(value)
  })

  test.each<[string, Record<string, string>, string]>([
    ['order_total', {}, 'No metric is called order_total: there is orders_total, slow,'],
    ['orders_total', { shpo: 'tea' }, 'the series of orders_total have shop'],
    ['orders_total', {}, 'the series of orders_total have shop'],
    ['slow_bucket', { at: 'db' }, 'the series of slow_bucket have at, le'],
    ['slow_total', { at: 'db' }, 'No metric is called slow_total'],
    ['unused_count', { where: 'db' }, 'unused has the labels at'],
  ])('is refused where nothing can be called %s%j', async (name, labels, message) => {
    await expect(valueOf(registry, name, labels)).rejects.toThrow(message)
  })

  test('is refused in a registry without metrics', async () => {
    await expect(valueOf(new Registry(), 'x')).rejects.toThrow('No metric is called x: there is none.')
  })
})
