import { expect, test, vi } from 'vitest'
import * as narthex from './index.ts'

test('the public surface of the core is this, and nothing else', () => {
  expect(Object.keys(narthex).toSorted()).toEqual([
    'Counter',
    'DEFAULT_BUCKETS',
    'Gauge',
    'Histogram',
    'Info',
    'MetricError',
    'Registry',
    'StateSet',
    'Summary',
    'counter',
    'defaultRegistry',
    'exemplarsFrom',
    'exponentialBuckets',
    'exponentialBucketsRange',
    'expose',
    'gauge',
    'histogram',
    'info',
    'linearBuckets',
    'metricFamily',
    'nativeUpperBound',
    'samplesOf',
    'stateSet',
    'summary',
  ])
})

test('to import it registers nothing and starts nothing', async () => {
  vi.useFakeTimers()
  try {
    vi.resetModules()
    const fresh = await import('./index.ts')
    expect(fresh.Counter).not.toBe(narthex.Counter)
    expect(vi.getTimerCount()).toBe(0)
    expect(await fresh.defaultRegistry.gather()).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})
