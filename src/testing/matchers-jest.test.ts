import { expect as jestExpect } from 'expect'
import { expect, test } from 'vitest'
import { Counter, counter, Registry } from 'narthex'
import { matchers, type MetricMatchers } from 'narthex/testing'

declare module 'expect' {
  // The parameters have to be called as jest calls them.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends MetricMatchers<T> {}
}

jestExpect.extend(matchers)

const registry = new Registry()
const orders = counter({ name: 'orders', help: 'Orders.', labelNames: ['shop'], registry })
orders.inc({ shop: 'tea' }, 2)
const TEXT = '# HELP orders_total Orders.\n# TYPE orders_total counter\norders_total{shop="tea"} 2\n'

test('with the expect of jest, what holds passes', async () => {
  expect(() => {
    jestExpect(orders).toHaveSample('orders_total', { shop: 'tea' }, 2)
    jestExpect(orders).not.toHaveSample('orders_total', { shop: 'tea' }, 3)
    jestExpect(orders).toExpose(TEXT)
    jestExpect(new Counter({ name: 'took_ms', help: 'Time.' })).not.toPassLint()
  }).not.toThrow()
  await expect(jestExpect(registry).toHaveSample('orders_total', { shop: 'tea' }, 2)).resolves.toBeUndefined()
  await expect(jestExpect(registry).toExpose(TEXT)).resolves.toBeUndefined()
  await expect(jestExpect(registry).toPassLint()).resolves.toBeUndefined()
})

test('with the expect of jest, what does not hold fails with the same messages', async () => {
  expect(() => jestExpect(orders).toHaveSample('orders_total', { shop: 'tea' }, 3)).toThrow(
    'orders_total{shop="tea"} is 2, not 3.',
  )
  expect(() => jestExpect(orders).not.toPassLint()).toThrow('The linter finds nothing.')
  await expect(jestExpect(registry).toExpose(TEXT.replace('2', '3'))).rejects.toThrow(
    '- orders_total{shop="tea"} 3\n+ orders_total{shop="tea"} 2',
  )
  await expect(jestExpect(registry).not.toHaveSample('order_total')).rejects.toThrow('No metric is called order_total')
})
