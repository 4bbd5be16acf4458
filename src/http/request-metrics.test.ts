import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { expose, Registry, samplesOf, type HistogramValue, type ExemplarLabels } from 'narthex'
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

test('those that share a metric are one for a request, those that share none are not', () => {
  const registry = new Registry()
  const whole = requestMetrics({ registry })
  expect(requestMetrics({ registry, measure: { latency: false, responseSize: true } }).identity).toBe(whole.identity)
  const off = { count: false, inProgress: false, errors: false, aborted: false, queueTime: false }
  const other = new Registry()
  const counted = requestMetrics({ registry: other, measure: { ...off, latency: false, count: true } })
  const timed = requestMetrics({ registry: other, measure: off })
  expect(counted.identity).not.toBe(timed.identity)
  expect(requestMetrics({ registry: other, prefix: 'other' }).identity).not.toBe(timed.identity)
})

test('other buckets on the same registry are refused', () => {
  const registry = new Registry()
  requestMetrics({ registry })
  expect(() => requestMetrics({ registry, buckets: [1] })).toThrow(
    expect.objectContaining({ code: 'DIFFERENT_DECLARATION' }),
  )
})

test('native buckets are for all histograms of requests, beside the classic ones or instead of them', async () => {
  const registry = new Registry()
  const measure = { responseSize: true }
  const requests = requestMetrics({ registry, measure, native: { factor: 2 }, buckets: [], sizeBuckets: [1000] })
  requests.begin('GET').end({ ...outcome, responseBytes: 3000 })
  const families = await registry.gather()
  const shown = (name: string): unknown => {
    const family = families.find((each) => each.name === name)!
    const [sample] = samplesOf(family)
    const { buckets, native } = sample!.value as HistogramValue
    return { schema: native!.schema, classic: buckets.length, native: [...native!.positive.counts] }
  }
  expect(shown('app_request_latency_seconds')).toEqual({ schema: 0, classic: 1, native: [1] })
  expect(shown('app_response_size_bytes')).toEqual({ schema: 0, classic: 2, native: [1] })
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

test('a request is in progress from begin to end, by its method', async () => {
  const registry = new Registry()
  const requests = requestMetrics({ registry })
  const inProgress = async (): Promise<string[]> => {
    const lines = (await expose(registry)).split('\n')
    return lines.filter((line) => line.startsWith('app_requests_in_progress{'))
  }
  const [a, b, c] = [requests.begin('GET'), requests.begin('GET'), requests.begin('PURGE')]
  expect(await inProgress()).toEqual([
    'app_requests_in_progress{method="GET"} 2',
    'app_requests_in_progress{method="_OTHER"} 1',
  ])
  for (const observation of [a, b, c, a]) observation.end(outcome)
  expect(await inProgress()).toEqual([
    'app_requests_in_progress{method="GET"} 0',
    'app_requests_in_progress{method="_OTHER"} 0',
  ])
})

test('what an adapter tells is shown by the metrics that are on', async () => {
  const registry = new Registry()
  const measure = { firstByte: true, requestSize: true, responseSize: true }
  const requests = requestMetrics({ registry, measure, buckets: [1], sizeBuckets: [100] })
  requests.begin('POST', { requestStart: `t=${Date.now() / 1000 - 60}` }).end({
    endpoint: '/a',
    status: 500,
    aborted: true,
    error: new RangeError('deliberate'),
    timeToFirstByteSeconds: 0.5,
    requestBytes: 12,
    responseBytes: 3456,
  })
  const lines = (await expose(registry)).split('\n')
  expect(
    lines.filter(
      (line) => /_total|_bytes_sum|first_byte_seconds_sum|queue_seconds_bucket/.test(line) && line[0] !== '#',
    ),
  ).toEqual([
    'app_request_count_total{method="POST",endpoint="/a",http_status="500"} 1',
    'app_request_errors_total{method="POST",endpoint="/a",error_type="RangeError"} 1',
    'app_requests_aborted_total{method="POST",endpoint="/a"} 1',
    'app_request_queue_seconds_bucket{method="POST",le="1"} 0',
    'app_request_queue_seconds_bucket{method="POST",le="+Inf"} 1',
    'app_request_first_byte_seconds_sum{method="POST",endpoint="/a"} 0.5',
    'app_request_size_bytes_sum{method="POST",endpoint="/a"} 12',
    'app_response_size_bytes_sum{method="POST",endpoint="/a"} 3456',
  ])
})

test('what is turned off is not there, and nobody need find it out', async () => {
  const registry = new Registry()
  const all = { latency: false, count: false, inProgress: false, errors: false, aborted: false, queueTime: false }
  const requests = requestMetrics({ registry, measure: all })
  requests.begin('GET', { requestStart: 't=1700000000' }).end({ ...outcome, requestBytes: 1 })
  expect(await expose(registry)).toBe('')
  expect(requests.needs).toEqual({
    protocol: false,
    queueTime: false,
    firstByte: false,
    requestBytes: false,
    responseBytes: false,
  })
})

test('labels of the program are on what has a route, whichever kind of request it is', async () => {
  const registry = new Registry()
  const requests = requestMetrics({ registry, labels: { tenant: (request: { tenant: string }) => request.tenant } })
  for (const tenant of ['tea', 'coffee', 'tea']) requests.begin('GET', { request: { tenant } }).end(outcome)
  requests.begin('GET', { request: { tenant: 'tea' } }).end({ endpoint: '/', status: 503 })
  const lines = (await expose(registry)).split('\n')
  expect(lines.filter((line) => /^app_.*(_total|_count|_progress)\{/.test(line))).toEqual([
    'app_request_latency_seconds_count{method="GET",endpoint="/users/:id",tenant="tea"} 2',
    'app_request_latency_seconds_count{method="GET",endpoint="/users/:id",tenant="coffee"} 1',
    'app_request_latency_seconds_count{method="GET",endpoint="/",tenant="tea"} 1',
    'app_request_count_total{method="GET",endpoint="/users/:id",http_status="200",tenant="tea"} 2',
    'app_request_count_total{method="GET",endpoint="/users/:id",http_status="200",tenant="coffee"} 1',
    'app_request_count_total{method="GET",endpoint="/",http_status="503",tenant="tea"} 1',
    'app_requests_in_progress{method="GET"} 0',
    'app_request_errors_total{method="GET",endpoint="/",error_type="503",tenant="tea"} 1',
  ])
})

test('labels that clients invent end in the overflow series', async () => {
  const registry = new Registry({ onWarning: () => {} })
  const requests = requestMetrics({ registry, labels: { id: (request: number) => request }, maxSeries: 10 })
  for (let i = 0; i < 1000; i++) requests.begin('GET', { request: i }).end(outcome)
  const [family] = await registry.gather({ names: ['app_request_count_total'] })
  expect([...samplesOf(family!)]).toHaveLength(11)
})

test('statuses may be grouped by their class', async () => {
  const registry = new Registry()
  const requests = requestMetrics({ registry, groupStatus: true })
  for (const status of [200, 204, 404, 503, ABORTED] as const) requests.begin('GET').end({ endpoint: '/', status })
  const [family] = await registry.gather({ names: ['app_request_count_total'] })
  expect([...samplesOf(family!)].map(({ labels, value }) => [labels['http_status'], value])).toEqual([
    ['2xx', 2],
    ['4xx', 1],
    ['5xx', 1],
    ['aborted', 1],
  ])
})

test('what is ignored is not counted, and not in progress any more', async () => {
  const registry = new Registry()
  const requests = requestMetrics({ registry, ignore: ['/health'] })
  requests.begin('GET').end({ endpoint: '/health', status: 200 })
  requests.begin('GET').end({ endpoint: '/', status: 200 })
  const exposition = await expose(registry)
  expect(exposition).not.toContain('/health')
  expect(exposition).toContain('app_requests_in_progress{method="GET"} 0\n')
  expect(exposition).toContain('app_request_latency_seconds_count{method="GET",endpoint="/"} 1\n')
})

test('exemplars are asked for when a request has ended, and shown by its latency and its count', async () => {
  const registry = new Registry()
  const exemplars = ({ trace }: { trace?: string }): ExemplarLabels | undefined => {
    if (trace === undefined) throw new Error('deliberate')
    return { trace_id: trace }
  }
  const requests = requestMetrics({ registry, exemplars, buckets: [60] })
  for (const request of [{ trace: 'a' }, {}]) requests.begin('GET', { request }).end(outcome)
  const lines = (await expose(registry, { format: 'openmetrics' }))
    .split('\n')
    .filter((line) => line.includes('trace_id'))
  expect(lines.map((line) => line.replace(/(?<=\} )[\d.e-]+ [\d.]+$/, '…'))).toEqual([
    'app_request_latency_seconds_bucket{method="GET",endpoint="/users/:id",le="60.0"} 2 # {trace_id="a"} …',
    'app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 2 # {trace_id="a"} …',
  ])
})

test.each([
  [{ exemplars: 'trace_id' }, 'exemplars must be a function of the request, not "trace_id".'],
  [{ naming: 'otel' }, 'The naming can be one of: seeds, semconv; not "otel".'],
  [{ measure: { latencies: true } }, 'No option of measure is called "latencies"; the nearest is latency.'],
  [{ measure: { latency: 'off' } }, 'measure takes true or false, not "off" for latency.'],
  [{ measure: true }, 'The options of measure must be an object with their names, not true.'],
  [{ ignore: '/health' }, 'ignore must be a list of patterns and regular expressions, or a function, not "/health".'],
])('the options %j are refused', (options, message) => {
  const registry = new Registry()
  expect(() => requestMetrics({ registry, ...(options as object) })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message }),
  )
})

test('a label that the metrics have is refused', () => {
  const registry = new Registry()
  expect(() => requestMetrics({ registry, labels: { endpoint: () => '/' } })).toThrow(
    expect.objectContaining({ code: 'DUPLICATE_LABEL_NAME' }),
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
