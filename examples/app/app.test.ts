import { describe, expect, test } from 'vitest'
import { expose, Registry } from 'narthex'
import { expectCounts } from '../../test/adapters/contract.ts'
import { latencies, startService, type Service } from '../../test/adapters/service.ts'
import { createApp, type AppOptions } from './app.ts'

const quick: AppOptions = { failRate: 0, meanS: 0.001, dbMinS: 0.01, dbMaxS: 0.02 }

describe('the example application', () => {
  test('counts the requests of its first page', async () => {
    const { url, registry } = await startApp()
    expect(await bodyOf(`${url}/`)).toBe('<h1>Development Prometheus-backed Express App</h1>')
    await bodyOf(`${url}/`)
    expect(await expose(registry, { names: ['requests'] })).toBe(
      [
        '# HELP requests_total Application Request Count',
        '# TYPE requests_total counter',
        'requests_total{endpoint="/"} 2',
        '',
      ].join('\n'),
    )
  })

  test('times its database', async () => {
    const { url, registry } = await startApp({ dbMinS: 0.03, dbMaxS: 0.04 })
    expect(await bodyOf(`${url}/database/`)).toBe('<h1>Completed expensive database operation</h1>')
    const exposition = await expose(registry, { names: ['slow'] })
    expect(exposition).toContain('# HELP slow Slow Requests\n# TYPE slow histogram\n')
    expect(exposition).toContain('slow_bucket{endpoint="/database",le="0.025"} 0\n')
    expect(exposition).toContain('slow_count{endpoint="/database"} 1\n')
    expect((await latencies(registry))['GET /database/']?.sum).toBeGreaterThan(0.029)
  })

  test('probes: it fails as often as told', async () => {
    const { url, request, registry } = await startApp({
      failRate: 0.5,
      random: inTurn([0.1, 0.9, 0, 0, 0, 0.49, 0.5, 0, 0, 0]),
    })
    expect(await request('/probe')).toBe(500)
    expect(await bodyOf(`${url}/probe`)).toBe("I'm ok!")
    expect(await request('/probe')).toBe(500)
    expect(await request('/probe')).toBe(200)
    await expectCounts(registry, { 'GET /probe 200': 2, 'GET /probe 500': 2 })
  })

  test('probes: it takes three exponential times together, of which the mean is told', async () => {
    const eMinus1 = 1 - Math.exp(-1)
    const { request, registry } = await startApp({ meanS: 0.2, random: inTurn([0.5, eMinus1, eMinus1, eMinus1]) })
    expect(await request('/probe')).toBe(200)
    await expectCounts(registry, { 'GET /probe 200': 1 })
    const { 'GET /probe': probe } = await latencies(registry)
    expect(probe?.sum).toBeGreaterThan(0.19)
    expect(probe?.sum).toBeLessThan(0.55)
  })

  test('shows all of it at /metrics, and nothing of what was not there', async () => {
    const { url, request, registry } = await startApp()
    for (const path of ['/', '/database/', '/probe', '/.env', '/wp-login.php', '/metrics/']) await request(path)
    await expectCounts(registry, {
      'GET / 200': 1,
      'GET /database/ 200': 1,
      'GET /metrics 200': 1,
      'GET /probe 200': 1,
      'GET _unmatched 404': 2,
    })
    const exposition = await bodyOf(`${url}/metrics`)
    expect(exposition).toContain('\napp_request_count_total{method="GET",endpoint="/probe",http_status="200"} 1\n')
    expect(exposition).toContain('\napp_version_info{version="1",config="develop"} 1\n')
    expect(exposition).toContain('\nprocess_cpu_seconds_total ')
    expect(exposition).toContain('\nnodejs_')
  })
})

async function startApp(options: AppOptions = {}): Promise<Service & { registry: Registry }> {
  const registry = new Registry()
  return { ...(await startService(createApp({ ...quick, registry, ...options }))), registry }
}

async function bodyOf(url: string): Promise<string> {
  return await (await fetch(url)).text()
}

function inTurn(numbers: readonly number[]): () => number {
  const left = [...numbers]
  return () => left.shift() ?? 0
}
