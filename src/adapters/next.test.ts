import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Registry } from 'narthex'
import { expectCounts } from '../../test/adapters/contract.ts'
import { startService } from '../../test/adapters/service.ts'
import { metrics, type NextMetricsOptions } from './next.ts'

const quiet: NextMetricsOptions = { port: 0, processMetrics: false }

test('requests are counted by the page of the build, those of the endpoint are not', async () => {
  const registry = new Registry()
  const running = await metrics({ ...quiet, registry, distDir: builtWith([{ page: '/', regex: '^/(?:/)?$' }]) })
  onTestFinished(async () => await running.close())
  const { request } = await startService((_, response) => response.end())
  await request('/')
  await request('/nothing')
  const exposition = await (await fetch(running.url!)).text()
  expect(exposition).toContain('app_request_count_total{method="GET",endpoint="/",http_status="200"} 1\n')
  expect(exposition).toContain('app_requests_in_progress{method="GET"} 0\n')
  await expectCounts(registry, { 'GET / 200': 1, 'GET _unmatched 200': 1 })
})

test('it is what was asked for that counts, whatever Next.js makes of it on the way', async () => {
  const registry = new Registry()
  const distDir = builtWith([{ page: '/about', regex: '^/about(?:/)?$' }], '/base')
  const running = await metrics({ ...quiet, registry, distDir })
  onTestFinished(async () => await running.close())
  const { request } = await startService((incoming, response) => {
    // As its server takes off the base path.
    incoming.url = incoming.url?.replace(/^\/base/, '')
    response.end()
  })
  await request('/base/about')
  await request('/about')
  await expectCounts(registry, { 'GET /about 200': 1, 'GET _unmatched 200': 1 })
})

test('called again, it is what runs already; closed, it measures and serves no more', async () => {
  const registry = new Registry()
  const running = await metrics({ ...quiet, registry, onWarning() {} })
  expect(await metrics({ ...quiet, registry: new Registry() })).toBe(running)
  await running.close()
  const { request } = await startService((_, response) => response.end())
  await request('/')
  await expectCounts(registry, {})
  await expect(fetch(running.url!)).rejects.toThrow('fetch failed')
})

test('without a build, every request is _unmatched, and one warning says so', async () => {
  const registry = new Registry()
  const onWarning = vi.fn<(message: string) => void>()
  const running = await metrics({ ...quiet, registry, onWarning, distDir: join(tmpdir(), 'no-such-folder') })
  onTestFinished(async () => await running.close())
  const { request } = await startService((_, response) => response.end())
  await request('/')
  await request('/a')
  await expectCounts(registry, { 'GET _unmatched 200': 2 })
  expect(onWarning.mock.calls.map(([message]) => message)).toEqual([
    'narthex: there are no routes of Next.js, so every request is _unmatched',
  ])
})

test('a port that is taken is a warning, and requests are measured all the same', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => await new Promise<void>((resolve) => taken.close(() => resolve())))
  const registry = new Registry()
  const onWarning = vi.fn<(message: string) => void>()
  const { port } = taken.address() as AddressInfo
  const running = await metrics({ ...quiet, port, registry, onWarning, distDir: builtWith([]) })
  onTestFinished(async () => await running.close())
  expect(running.url).toBe(undefined)
  expect(onWarning.mock.calls.map(([message]) => message)).toEqual(['narthex: the metrics cannot be served'])
  const { request } = await startService((_, response) => response.end())
  await request('/')
  await expectCounts(registry, { 'GET _unmatched 200': 1 })
})

test('a wrong option is told at once, and the next call begins anew', async () => {
  await expect(metrics({ ...quiet, port: -1 })).rejects.toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  const running = await metrics({ ...quiet, registry: new Registry() })
  await running.close()
})

function builtWith(staticRoutes: readonly { page: string; regex: string }[], basePath = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'narthex-next-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'routes-manifest.json'), JSON.stringify({ basePath, staticRoutes }))
  return folder
}
