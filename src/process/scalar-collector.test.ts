import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { scalarCollector, type Reading } from './scalar-collector.ts'

test('the metrics are declared and shown with the prefix, in the order they are written', async () => {
  const collector = scalarCollector({
    prefix: 'app_',
    metrics: {
      b_seconds_total: { type: 'counter', help: 'B.', unit: 'seconds' },
      a: { type: 'gauge', help: 'A.', labelNames: ['kind'] },
    },
    read: () => ({ a: [{ labels: { kind: 'x' }, value: 2 }], b_seconds_total: 1 }),
  })

  expect(collector.descriptors).toEqual([
    { name: 'app_b_seconds_total', type: 'counter', help: 'B.', unit: 'seconds', labelNames: [] },
    { name: 'app_a', type: 'gauge', help: 'A.', unit: '', labelNames: ['kind'] },
  ])
  expect(Object.entries(await scrape(collector))).toEqual([
    ['app_b_seconds_total', 1],
    ['app_a{kind="x"}', 2],
  ])
})

test('what is not known is left out, and no family is left empty', () => {
  const read = (reading: Reading): number =>
    scalarCollector({
      prefix: '',
      metrics: { a: { type: 'gauge', help: 'A.' } },
      read: () => ({ a: reading }),
    }).collect().length

  expect(read(undefined)).toBe(0)
  expect(read(Number.NaN)).toBe(0)
  expect(read([])).toBe(0)
  expect(read([{ labels: {}, value: Number.NaN }])).toBe(0)
})

test('zero and infinity are known', async () => {
  const collector = scalarCollector({
    prefix: '',
    metrics: { none: { type: 'gauge', help: 'None.' }, unlimited: { type: 'gauge', help: 'Unlimited.' } },
    read: () => ({ none: 0, unlimited: Number.POSITIVE_INFINITY }),
  })
  expect(await scrape(collector)).toEqual({ none: 0, unlimited: Number.POSITIVE_INFINITY })
})

test('what has to be fetched is fetched before the metrics are read', async () => {
  let fetched = 0
  const collector = scalarCollector({
    prefix: '',
    metrics: { fetched: { type: 'gauge', help: 'Fetched.' } },
    refresh: async () => {
      await Promise.resolve()
      fetched++
    },
    read: () => ({ fetched }),
  })
  expect(await scrape(collector)).toEqual({ fetched: 1 })
  expect(await scrape(collector)).toEqual({ fetched: 2 })
})
