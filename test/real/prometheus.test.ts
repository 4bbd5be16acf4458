import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { isMissing } from './real-parts.ts'
import { startExampleApp, type Service } from './service.ts'

describe.skipIf(isMissing('prometheus'))('a real Prometheus', () => {
  let app: Service
  let failing: Service
  let prometheus: Prometheus
  let preferringProtobuf: Prometheus

  beforeAll(async () => {
    ;[app, failing] = await Promise.all([startExampleApp({ FAIL_RATE: '0' }), startExampleApp({ FAIL_RATE: '1' })])
    const scrapeTargets = { app: app.metricsUrl, failing: `${failing.metricsUrl}/` }
    ;[prometheus, preferringProtobuf] = await Promise.all([
      startPrometheus({ scrapeTargets }),
      startPrometheus({ scrapeTargets, features: ['native-histograms'] }),
    ])
    await times(3, () => app.request('/'))
    await times(2, () => app.request('/database/'))
    await times(4, () => app.request('/probe'))
    await times(2, () => app.request('/probe', 'HEAD'))
    await times(5, () => failing.request('/probe'))
    await app.request('/nope')
    await app.request('/never/heard/of')
    await Promise.all([prometheus.scraped(), preferringProtobuf.scraped()])
  })

  afterAll(stopChildren)

  test('scrapes the example application without an error', async () => {
    for (const server of [prometheus, preferringProtobuf]) {
      expect((await server.targets()).map(({ health, lastError }) => ({ health, lastError }))).toEqual([
        { health: 'up', lastError: '' },
        { health: 'up', lastError: '' },
      ])
      expect(await valuesOf(server, 'up', 'job')).toEqual({ app: 1, failing: 1 })
    }
  })

  test('answers with exactly the requests that were made', async () => {
    const counts = 'app_request_count_total{endpoint!~"/metrics/?"}'
    for (const server of [prometheus, preferringProtobuf]) {
      expect(await valuesOf(server, counts, 'job', 'method', 'endpoint', 'http_status')).toEqual({
        'app GET / 200': 3,
        'app GET /database/ 200': 2,
        'app GET /probe 200': 4,
        'app HEAD /probe 200': 2,
        'app GET _unmatched 404': 2,
        'failing GET /probe 500': 5,
      })
    }
  })

  test('answers with the counts of what the application itself measures', async () => {
    expect(await valuesOf(prometheus, 'requests_total', 'job', 'endpoint')).toEqual({ 'app /': 3 })
    expect(await valuesOf(prometheus, 'slow_count', 'job', 'endpoint')).toEqual({ 'app /database': 2 })
    expect(await valuesOf(prometheus, 'app_version_info', 'job', 'version', 'config')).toEqual({
      'app 1 develop': 1,
      'failing 1 develop': 1,
    })
  })

  test('gives every request of the counter a place in the histogram', async () => {
    const latency = 'app_request_latency_seconds'
    const byEndpoint = await valuesOf(prometheus, `sum by (job, endpoint) (${latency}_count)`, 'job', 'endpoint')
    expect(byEndpoint).toMatchObject({ 'app /': 3, 'app /database/': 2, 'app /probe': 6, 'failing /probe': 5 })
    expect(await valuesOf(prometheus, `sum by (job, endpoint) (app_request_count_total)`, 'job', 'endpoint')).toEqual(
      byEndpoint,
    )
    expect(
      await valuesOf(prometheus, `sum by (job, endpoint) (${latency}_bucket{le="+Inf"})`, 'job', 'endpoint'),
    ).toEqual(byEndpoint)
    const quantile = await prometheus.query(
      `histogram_quantile(0.5, ${latency}_bucket{job="app",endpoint="/database/"})`,
    )
    expect(quantile[0]?.value).toBeGreaterThan(0.005)
  })

  test('knows type and help of the families', async () => {
    const metadata = new Map((await prometheus.metadata()).map(({ metric, type, help }) => [metric, { type, help }]))
    expect(metadata.get('app_request_latency_seconds')).toEqual({
      type: 'histogram',
      help: 'Application Request Latency',
    })
    // It prefers OpenMetrics, where a family is named without the suffix of its type.
    expect(metadata.get('app_request_count')).toEqual({ type: 'counter', help: 'Application Request Count' })
    expect(metadata.get('process_resident_memory_bytes')?.type).toBe('gauge')
    expect(metadata.get('nodejs_version')?.type).toBe('info')
  })

  test('knows when the application started, and that it runs', async () => {
    const [started] = await prometheus.query('time() - process_start_time_seconds{job="app"}')
    expect(started?.value).toBeGreaterThan(0)
    expect(started?.value).toBeLessThan(300)
    const [memory] = await prometheus.query('process_resident_memory_bytes{job="app"}')
    expect(memory?.value).toBeGreaterThan(10_000_000)
  })

  // The last one: there is nothing to scrape after it.
  test('does not keep the application from stopping, though it holds its connections open', async () => {
    expect(await app.stop()).toEqual({ code: 0, signal: null })
  })
})

async function times(count: number, send: () => Promise<number>): Promise<void> {
  for (let i = 0; i < count; i++) await send()
}

/** The values of an instant vector by the values of the given labels, in their order, with a space between. */
async function valuesOf(server: Prometheus, promql: string, ...labels: string[]): Promise<Record<string, number>> {
  const vector = await server.query(promql)
  return Object.fromEntries(vector.map(({ metric, value }) => [labels.map((label) => metric[label]).join(' '), value]))
}
