import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { installPacked } from '../package/packed.ts'
import { accepts, startChild, stopChildren, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { isMissing, pathOf } from './real-parts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe.skipIf(isMissing('next'))('narthex/next, built and started', () => {
  let site: string
  let server: Child
  let url: string
  let metricsUrl: string

  beforeAll(async () => {
    site = build()
    const [port, metricsPort] = [await freePort(), await freePort()]
    url = `http://127.0.0.1:${port}`
    metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
    server = await startChild({
      command: process.execPath,
      args: [nextBinary(), 'start', '--hostname', '127.0.0.1', '--port', String(port)],
      cwd: site,
      env: { METRICS_PORT: String(metricsPort), NEXT_TELEMETRY_DISABLED: '1' },
      ready: async () => (await accepts(port)) && (await accepts(metricsPort)),
    })
  }, 180_000)

  afterAll(async () => {
    await stopChildren()
    rmSync(site, { recursive: true, force: true })
  })

  test('counts every request by its page, and what is no page as one', async () => {
    const asked: [path: string, status: number][] = [
      ['/hello/Ada', 200],
      ['/hello/Grace?x=/users/1', 200],
      ['/', 200],
      ['/docs/a/b', 200],
      ['/docs/gone', 404],
      ['/users/7', 200],
      ['/broken', 500],
      ['/robots.txt', 200],
      ['/wp-login.php', 404],
      ['/.env', 404],
    ]
    for (const [path, status] of asked) {
      const response = await fetch(url + path)
      await response.arrayBuffer()
      expect([path, response.status]).toEqual([path, status])
    }
    const page = await (await fetch(url)).text()
    const [asset = 'no asset'] = /\/_next\/static\/[^"]+/.exec(page) ?? []
    await (await fetch(url + asset)).arrayBuffer()

    await vi.waitFor(async () => {
      const exposition = await (await fetch(metricsUrl)).text()
      expect(exposition.split('\n').filter((line) => line.startsWith('app_request_count_total{'))).toEqual([
        'app_request_count_total{method="GET",endpoint="/hello/[name]",http_status="200"} 2',
        'app_request_count_total{method="GET",endpoint="/",http_status="200"} 2',
        'app_request_count_total{method="GET",endpoint="/docs/[...path]",http_status="200"} 1',
        'app_request_count_total{method="GET",endpoint="/docs/[...path]",http_status="404"} 1',
        'app_request_count_total{method="GET",endpoint="/users/[id]",http_status="200"} 1',
        'app_request_count_total{method="GET",endpoint="/broken",http_status="500"} 1',
        'app_request_count_total{method="GET",endpoint="_unmatched",http_status="200"} 1',
        'app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 2',
        'app_request_count_total{method="GET",endpoint="/_next/static/*",http_status="200"} 1',
      ])
    })
  })

  test('shows what the bundles of the pages count, and the process', async () => {
    const exposition = await (await fetch(metricsUrl)).text()
    expect(exposition).toContain('\ngreetings_total{language="en"} 2\n')
    expect(exposition).toContain('\napp_version_info{version="1",config="develop"} 1\n')
    expect(exposition).toMatch(/^process_cpu_seconds_total \d/m)
    expect(exposition).toMatch(/^app_requests_in_progress\{method="GET"\} 0$/m)
  })

  test('does not show the metrics on the port of the service', async () => {
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
  })

  test('is measured with zero code as well', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()]
    await startChild({
      command: process.execPath,
      args: ['--import', 'narthex/register', nextBinary(), 'start', '--hostname', '127.0.0.1', '--port', String(port)],
      cwd: site,
      env: { ZERO_CODE: '1', NARTHEX_PORT: String(metricsPort), NEXT_TELEMETRY_DISABLED: '1' },
      ready: async () => (await accepts(port)) && (await accepts(metricsPort)),
    })
    for (const path of ['/hello/Ada', '/users/7', '/wp-login.php']) {
      await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()
    }
    await vi.waitFor(async () => {
      const exposition = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      expect(exposition.split('\n').filter((line) => line.startsWith('app_request_count_total{'))).toEqual([
        'app_request_count_total{method="GET",endpoint="/hello/[name]",http_status="200"} 1',
        'app_request_count_total{method="GET",endpoint="/users/[id]",http_status="200"} 1',
        'app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 1',
      ])
    })
  })

  test('ends with Next.js', async () => {
    expect(await server.stop()).not.toEqual({ code: null, signal: 'SIGKILL' })
  })
})

/**
 * The example and the pages of the test, built with the packed package. Inside the tree of Next.js: Turbopack follows
 * no links.
 */
function build(): string {
  const folder = mkdtempSync(join(pathOf('next'), 'node_modules', '.site-'))
  cpSync(join(root, 'examples', 'next'), folder, { recursive: true })
  cpSync(join(root, 'test', 'next', 'site'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  // One build for both: with zero code, what the example does itself is left out.
  const instrumentation = join(folder, 'instrumentation.js')
  const withoutCode = `register() {\n  if (process.env.ZERO_CODE === '1') return`
  writeFileSync(instrumentation, readFileSync(instrumentation, 'utf8').replace('register() {', withoutCode))
  const installed = installPacked()
  cpSync(join(installed.folder, 'node_modules', 'narthex'), join(folder, 'node_modules', 'narthex'), {
    recursive: true,
  })
  installed.remove()
  execFileSync(process.execPath, [nextBinary(), 'build'], {
    cwd: folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return folder
}

function nextBinary(): string {
  return join(pathOf('next'), 'node_modules', 'next', 'dist', 'bin', 'next')
}
