import { describe, expect, test } from 'vitest'
import { expose, Registry } from 'narthex'
import type { MetricsOptions } from './metrics-options.ts'
import { requestMetrics, type RequestMetrics } from './request-metrics.ts'
import { ABORTED, type RequestStart } from './request-observation.ts'

const https: RequestStart = { scheme: 'https', protocolVersion: '2' }

function semconv(options: MetricsOptions = {}): {
  requests: RequestMetrics
  lines: (name: string) => Promise<string[]>
} {
  const registry = new Registry()
  const requests = requestMetrics({ registry, naming: 'semconv', ...options })
  return {
    requests,
    async lines(name) {
      return (await expose(registry)).split('\n').filter((line) => line.startsWith(`${name}{`))
    },
  }
}

describe("with naming: 'semconv'", () => {
  test('names, helps and types are those of the conventions, and no counter stands beside the histogram', async () => {
    const registry = new Registry()
    const measure = { firstByte: true, requestSize: true, responseSize: true }
    requestMetrics({ registry, naming: 'semconv', measure, info: { service_version: '1' } })
    expect((await registry.gather()).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'http_server_request_duration_seconds histogram',
      'http_server_active_requests gauge',
      'http_server_request_queue_seconds histogram',
      'http_server_request_first_byte_seconds histogram',
      'http_server_request_body_size_bytes histogram',
      'http_server_response_body_size_bytes histogram',
      'target_info info',
    ])
  })

  test('a request has all labels of the conventions', async () => {
    const { requests, lines } = semconv()
    requests.begin('GET', https).end({ endpoint: '/users/:id', status: 200 })
    expect(await lines('http_server_request_duration_seconds_count')).toEqual([
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/users/:id",http_response_status_code="200",url_scheme="https",network_protocol_version="2",error_type=""} 1',
    ])
    expect(await lines('http_server_active_requests')).toEqual([
      'http_server_active_requests{http_request_method="GET",url_scheme="https"} 0',
    ])
  })

  test('the buckets are those of the conventions, unless others are given', async () => {
    const bounds = async (options: MetricsOptions): Promise<string> => {
      const { requests, lines } = semconv(options)
      requests.begin('GET').end({ endpoint: '/', status: 200 })
      const buckets = await lines('http_server_request_duration_seconds_bucket')
      return buckets.map((line) => /le="([^"]+)"/.exec(line)?.[1]).join(' ')
    }
    expect(await bounds({})).toBe('0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf')
    expect(await bounds({ buckets: [1, 2] })).toBe('1 2 +Inf')
  })

  test('an unknown method is _OTHER, and what matched no route has none', async () => {
    const { requests, lines } = semconv()
    requests.begin('PURGE', https).end({ endpoint: undefined, status: 404 })
    const [line] = await lines('http_server_request_duration_seconds_count')
    expect(line).toContain('{http_request_method="_OTHER",http_route="",http_response_status_code="404",')
  })

  test('error_type is empty for a success and the fault of a client, the status for 5xx, else why it ended', async () => {
    const { requests, lines } = semconv()
    requests.begin('GET').end({ endpoint: '/', status: 200 })
    requests.begin('GET').end({ endpoint: '/', status: 404 })
    requests.begin('GET').end({ endpoint: '/', status: 500 })
    requests.begin('GET').end({ endpoint: '/', status: 500, error: new TypeError('x') })
    requests.begin('GET').end({ endpoint: '/', status: ABORTED })
    requests.begin('GET').end({ endpoint: '/', status: 200, aborted: true })
    const shown = (await lines('http_server_request_duration_seconds_count')).map((line) => {
      return [/status_code="([^"]*)"/.exec(line)?.[1], /error_type="([^"]*)"/.exec(line)?.[1]].join(' ')
    })
    expect(shown).toEqual(['200 ', '404 ', '500 500', '500 TypeError', ' client_aborted', '200 client_aborted'])
  })

  test('a scheme or a version that is none of the known is not shown', async () => {
    const { requests, lines } = semconv()
    requests.begin('GET', { scheme: 'gopher', protocolVersion: '9' }).end({ endpoint: '/', status: 200 })
    const [line] = await lines('http_server_request_duration_seconds_count')
    expect(line).toContain(',url_scheme="",network_protocol_version="",')
  })

  test('a prefix comes before all names', async () => {
    const registry = new Registry()
    requestMetrics({ registry, naming: 'semconv', prefix: 'shop', measure: { queueTime: false } })
    expect((await registry.gather()).map(({ name }) => name)).toEqual([
      'shop_http_server_request_duration_seconds',
      'shop_http_server_active_requests',
    ])
  })

  test('the seeds may stand beside it in one registry', async () => {
    const registry = new Registry()
    requestMetrics({ registry }).begin('GET').end({ endpoint: '/', status: 200 })
    requestMetrics({ registry, naming: 'semconv' }).begin('GET').end({ endpoint: '/', status: 200 })
    const exposition = await expose(registry)
    expect(exposition).toContain('app_request_count_total{method="GET",endpoint="/",http_status="200"} 1\n')
    expect(exposition).toMatch(/http_server_request_duration_seconds_count\{.*\} 1\n/)
  })
})
