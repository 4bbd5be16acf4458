import { beforeAll, describe, expect, test } from 'vitest'
import { Counter, counter, gauge, Histogram, histogram, Registry } from 'narthex'
import { matchers, type MetricMatchers } from 'narthex/testing'

declare module 'vitest' {
  // The parameter has to be called as vitest calls it.
  // oxlint-disable-next-line typescript/no-explicit-any
  interface Matchers<T = any> extends MetricMatchers<T> {}
}

const registry = new Registry()
const orders = counter({ name: 'orders', help: 'Orders.', labelNames: ['shop'], registry })
const slow = histogram({ name: 'slow', help: 'Slow.', buckets: [1], registry })

beforeAll(() => {
  expect.extend(matchers)
  orders.inc({ shop: 'tea' }, 2)
  slow.observe(3)
})

describe('toHaveSample', () => {
  test('holds a metric to a series and its value', () => {
    expect(orders).toHaveSample('orders_total', { shop: 'tea' }, 2)
    expect(orders).toHaveSample('orders_total', { shop: 'tea' })
    expect(orders).not.toHaveSample('orders_total', { shop: 'tea' }, 3)
    expect(orders).not.toHaveSample('orders_total', { shop: 'coffee' })
    expect(slow).toHaveSample('slow_bucket', { le: 1 }, 0)
  })

  test('holds a registry to it, when it is awaited', async () => {
    await expect(registry).toHaveSample('orders_total', { shop: 'tea' }, 2)
    await expect(registry).not.toHaveSample('slow_count', {}, 2)
    await expect(registry).toHaveSample('slow', undefined, {
      count: 1,
      sum: 3,
      buckets: [
        { upperBound: 1, count: 0 },
        { upperBound: Number.POSITIVE_INFINITY, count: 1 },
      ],
    })
  })

  test('takes NaN for NaN', () => {
    const broken = new Histogram({ name: 'broken', help: 'Broken.', buckets: [1] })
    broken.observe(Number.NaN)
    expect(broken).toHaveSample('broken_sum', {}, Number.NaN)
    expect(broken).not.toHaveSample('broken_sum', {}, 0)
  })

  test('fails with what there is instead', async () => {
    await fails(
      () => expect(orders).toHaveSample('orders_total', { shop: 'tea' }, 3),
      'orders_total{shop="tea"} is 2, not 3.',
    )
    await fails(() => expect(orders).toHaveSample('orders', { shop: 'nil' }), 'There is no series orders{shop="nil"}.')
    await fails(
      () => expect(orders).not.toHaveSample('orders_total', { shop: 'tea' }),
      'orders_total{shop="tea"} is 2.',
    )
    await fails(
      () => expect(registry).toHaveSample('slow', {}, 3),
      'slow is {"count":1,"sum":3,"buckets":[{"upperBound":1,"count":0},{"upperBound":"Infinity","count":1}]}, not 3.',
    )
  })

  test('fails for a name that nothing has, also where it is denied', async () => {
    await fails(() => expect(registry).not.toHaveSample('order_total'), 'No metric is called order_total')
    await fails(() => expect(orders).not.toHaveSample('orders_total', { shpo: 'tea' }), 'No series is orders_total')
  })
})

describe('toExpose', () => {
  const text = `
    # HELP orders_total Orders.
    # TYPE orders_total counter
    orders_total{shop="tea"} 2
  `

  test('holds a metric, a registry or a text to an exposition', async () => {
    expect(orders).toExpose(text)
    await expect(registry).toExpose(text, { names: ['orders_total'] })
    expect('# TYPE orders_total counter\norders_total{shop="tea"} 2.0\n# HELP orders_total Orders.').toExpose(text)
    expect(slow).not.toExpose(text)
    await expect(registry).not.toExpose(text)
  })

  test('fails with the difference', async () => {
    await fails(
      () => expect(orders).toExpose(text.replace('2', '1')),
      'orders_total\n- orders_total{shop="tea"} 1\n+ orders_total{shop="tea"} 2',
    )
    await fails(() => expect(registry).toExpose(text), 'slow is not expected')
    await fails(() => expect(orders).not.toExpose(text), 'The exposition is this one:')
  })
})

describe('toPassLint', () => {
  test('holds a metric or a registry to the linter', async () => {
    expect(orders).toPassLint()
    await expect(registry).toPassLint()
    expect(new Counter({ name: 'took_ms', help: 'Time.' })).not.toPassLint()
  })

  test('fails with what the linter finds', async () => {
    const wrong = new Registry()
    gauge({ name: 'took_ms', help: 'Time.', registry: wrong })
    gauge({ name: 'age_days', help: 'Age.', registry: wrong })
    await fails(
      () => expect(wrong).toPassLint(),
      [
        '- took_ms abbreviates a unit: write out ms, as a base unit (abbreviated-unit)',
        '- age_days is in days: use the base unit seconds (base-unit)',
      ].join('\n'),
    )
    await fails(() => expect(orders).not.toPassLint(), 'The linter finds nothing.')
  })
})

test.each([undefined, null, 7, 'text', {}])('a matcher of samples refuses %o', (received) => {
  expect(() => expect(received).toPassLint()).toThrow('A registry, a metric or families can be read, not ')
})

/** That an assertion does not hold, and says why. */
async function fails(assertion: () => unknown, message: string): Promise<void> {
  // A matcher that answers at once throws at once.
  await expect((async () => await assertion())()).rejects.toThrow(message)
}
