import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { expose, Registry, samplesOf } from 'narthex'
import { requestMetrics } from './request-metrics.ts'
import { ABORTED } from './request-observation.ts'

const outcome = { endpoint: '/users/:id', status: 200 }

test('a request is counted when it ends, once however often it does', async () => {
  const registry = new Registry()
  const observation = requestMetrics({ registry }).begin('GET')
  expect(await expose(registry)).not.toContain('/users/:id')
  observation.end(outcome)
  observation.end(outcome)
  observation.end({ endpoint: '/other', status: ABORTED })
  const exposition = await expose(registry)
  expect(exposition).toContain('app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1\n')
  expect(exposition).toContain('app_request_latency_seconds_count{method="GET",endpoint="/users/:id"} 1\n')
  expect(exposition).not.toContain('/other')
})

test('latencies are in seconds, from begin to end', async () => {
  const registry = new Registry()
  const now = vi.spyOn(performance, 'now')
  try {
    now.mockReturnValue(1000)
    const observation = requestMetrics({ registry }).begin('GET')
    now.mockReturnValue(1250)
    observation.end(outcome)
  } finally {
    now.mockRestore()
  }
  expect(await expose(registry)).toContain('app_request_latency_seconds_sum{method="GET",endpoint="/users/:id"} 0.25\n')
})

test('asked for again, they are the same metrics', async () => {
  const registry = new Registry()
  const first = requestMetrics({ registry })
  const second = requestMetrics({ registry })
  expect(second.identity).toBe(first.identity)
  first.begin('GET').end(outcome)
  second.begin('GET').end(outcome)
  expect(await expose(registry)).toContain('http_status="200"} 2\n')
})

test('other buckets on the same registry are refused', () => {
  const registry = new Registry()
  requestMetrics({ registry })
  expect(() => requestMetrics({ registry, buckets: [1] })).toThrow(
    expect.objectContaining({ code: 'DIFFERENT_DECLARATION' }),
  )
})

test('a prefix may be none', async () => {
  const registry = new Registry()
  requestMetrics({ registry, prefix: '', info: { version: '1' } })
  expect((await registry.gather()).map((family) => family.name)).toEqual([
    'request_latency_seconds',
    'request_count_total',
    'requests_in_progress',
    'request_errors_total',
    'requests_aborted_total',
    'request_queue_seconds',
    'version_info',
  ])
})

test('the version that was told last is shown', async () => {
  const registry = new Registry()
  requestMetrics({ registry, info: { version: '1' } })
  requestMetrics({ registry, info: { version: '2', stable: true } })
  expect(await expose(registry, { names: ['app_version_info'] })).toContain(
    '\napp_version_info{version="2",stable="true"} 1\n',
  )
})

describe('with maxSeries', () => {
  test('what was there before it was reached goes on being counted', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const requests = requestMetrics({ registry, maxSeries: 3 })
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 10; i++) requests.begin('GET').end({ endpoint: `/${i}`, status: 200 })
    }
    const [family] = await registry.gather({ names: ['app_request_count_total'] })
    expect([...samplesOf(family!)].map(({ labels, value }) => [labels['endpoint'], value])).toEqual([
      ['/0', 5],
      ['/1', 5],
      ['/2', 5],
      ['_overflow', 35],
    ])
  })

  test('every recording beyond it is told by narthex_series_overflow_total', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const requests = requestMetrics({ registry, maxSeries: 1 })
    for (let i = 0; i < 10; i++) requests.begin('GET').end({ endpoint: '/a', status: i === 0 ? 200 : 500 })
    requests.begin('GET').end({ endpoint: '/b', status: 200 })
    const exposition = await expose(registry)
    expect(exposition).toContain('narthex_series_overflow_total{metric="app_request_count_total"} 10\n')
    expect(exposition).toContain('narthex_series_overflow_total{metric="app_request_latency_seconds"} 1\n')
  })

  test('endpoints without end make no series, and take no memory', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const requests = requestMetrics({ registry })
    for (let i = 0; i < 2000; i++) requests.begin('GET').end({ endpoint: longEndpoint(i), status: 200 })
    const before = usedHeapBytes()
    for (let i = 0; i < 50_000; i++) requests.begin('GET').end({ endpoint: longEndpoint(i), status: 200 })
    const after = usedHeapBytes()
    // Used once more: what it holds was not to be collected yet.
    requests.begin('GET').end(outcome)
    expect(after - before).toBeLessThan(5e6)
    for (const name of ['app_request_count_total', 'app_request_latency_seconds']) {
      const [family] = await registry.gather({ names: [name] })
      expect([...samplesOf(family!)]).toHaveLength(1001)
    }
  })
})

function longEndpoint(i: number): string {
  return `/${i}/${'x'.repeat(200)}`
}

function usedHeapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
