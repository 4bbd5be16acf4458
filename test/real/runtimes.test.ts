import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { installPacked, type InstalledPackage } from '../package/packed.ts'
import { stopChildren } from './child-process.ts'
import { isMissing } from './real-parts.ts'
import {
  installService,
  isRuntimeMissing,
  runtimes,
  startExample,
  startService,
  type RuntimeService,
} from './runtime.ts'

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  installService(installed)
})

afterAll(async () => {
  await stopChildren()
  installed.remove()
})

const services = ['fetch', 'hono'] as const

for (const runtime of runtimes) {
  for (const service of services) {
    describe.skipIf(isRuntimeMissing(runtime))(`narthex/${service} on ${runtime.name}`, () => {
      let running: RuntimeService
      beforeAll(async () => {
        running = await startService(runtime, service, installed)
      })

      test('leaves responses as they are', async () => {
        const texts = [
          ['/users/1', 'text/plain;charset=utf-8', 'a user'],
          ['/page', 'text/html', '<p>'],
          ['/big', 'text/plain', 'x'.repeat(100_000)],
          ['/stream', 'text/plain', 'firstlast'],
        ] as const
        for (const [path, type, body] of texts) {
          const response = await fetch(running.url + path)
          expect([path, response.status, await response.text()]).toEqual([path, 200, body])
          expect(response.headers.get('content-type')?.toLowerCase().replace('; ', ';')).toBe(type)
        }
        const length = (await fetch(`${running.url}/page`)).headers.get('content-length')
        // Workers know the length of no stream, and everything that is watched is one.
        expect(length).toBe(runtime.platform === 'workerd' ? null : '3')
        expect(await (await fetch(`${running.url}/json`)).json()).toEqual({ a: 'b' })
      })

      test('counts every request once, by the pattern of its route', async () => {
        const before = await counts(running)
        for (const path of ['/users/1', '/users/2?x=1', '/json', '/stream', '/nothing', '/wp-login.php', '/throw']) {
          await request(running, path)
        }
        await request(running, '/users/1', 'POST')
        await request(running, '/users/1', 'HEAD')
        await vi.waitFor(async () => {
          expect(increments(before, await counts(running))).toEqual({
            'GET /users/:id 200': 2,
            'POST /users/:id 201': 1,
            'HEAD /users/:id 200': 1,
            'GET /json 200': 1,
            'GET /stream 200': 1,
            'GET /throw 500': 1,
            'GET _unmatched 404': 2,
          })
        })
      })

      test('times a stream to its end', async () => {
        const before = seconds(await scrape(running), '/stream')
        await request(running, '/stream')
        await vi.waitFor(async () => expect(seconds(await scrape(running), '/stream') - before).toBeGreaterThan(0.09))
      })

      test('counts a client that leaves once, before the headers and in the middle of a body', async () => {
        const before = await counts(running)
        await leave(running, '/slow', 300)
        await leave(running, '/endless', 300)
        // Workers do not tell of it before the answer.
        const slow = runtime.platform === 'workerd' ? 'GET /slow 200' : 'GET /slow aborted'
        const expectOnce = async (): Promise<void> => {
          expect(increments(before, await counts(running))).toEqual({ 'GET /endless 200': 1, [slow]: 1 })
        }
        await vi.waitFor(expectOnce, { timeout: 4000, interval: 100 })
        // Nor is it counted again when its answer would have been ready.
        await new Promise((resolve) => setTimeout(resolve, 2000))
        await expectOnce()
        const lines = (await scrape(running)).split('\n')
        expect(lines).toContain('app_requests_in_progress{method="GET"} 1')
        expect(lines.filter((line) => line.startsWith('app_requests_aborted_total'))).toContain(
          'app_requests_aborted_total{method="GET",endpoint="/endless"} 1',
        )
      })

      test('counts through kept series and by name, with and without generated code', async () => {
        const generated = await (await fetch(`${running.url}/generated`)).text()
        expect(generated).toBe(runtime.platform === 'workerd' ? 'no generated code' : 'generated code')
        const exposition = await (await fetch(`${running.url}/work`)).text()
        expect(exposition.split('\n')).toEqual([
          '# HELP jobs_total Jobs done.',
          '# TYPE jobs_total counter',
          'jobs_total{queue="mail"} 4',
          'jobs_total{queue="post"} 2',
          '# HELP rows Rows.',
          '# TYPE rows histogram',
          'rows_bucket{table="a",verb="read",le="1"} 1',
          'rows_bucket{table="a",verb="read",le="10"} 2',
          'rows_bucket{table="a",verb="read",le="+Inf"} 2',
          expect.stringMatching(/^rows_sum\{table="a",verb="read"\} 5\.0[1-9]/),
          'rows_count{table="a",verb="read"} 2',
          '',
        ])
      })

      test('answers a scrape in the format that is asked for, with its exact length', async () => {
        const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'
        for (const [headers, type, end] of [
          [{}, 'text/plain; version=0.0.4; charset=utf-8', '\n'],
          [{ accept }, 'application/openmetrics-text; version=1.0.0; charset=utf-8', '\n# EOF\n'],
        ] as const) {
          const get = await answer(running, '/metrics?name[]=jobs', 'GET', headers)
          expect(get.headers['content-type']).toBe(type)
          expect(get.headers['content-length']).toBe(String(get.bytes.length))
          expect(get.bytes.toString().endsWith(end)).toBe(true)
          const head = await answer(running, '/metrics?name[]=jobs', 'HEAD', headers)
          expect(head.headers['content-length']).toBe(get.headers['content-length'])
          expect(head.bytes.length).toBe(0)
        }
        expect((await answer(running, '/metrics', 'POST')).status).toBe(405)
      })

      test('sends an exposition of many blocks again and again, with its length, and gzipped where there is zlib', async () => {
        const exposition = await (await fetch(`${running.url}/many`)).text()
        expect(exposition.split('\n').length).toBe(20_003)
        for (let i = 0; i < 3; i++) {
          const plain = await answer(running, '/metrics?name[]=many', 'GET', { 'accept-encoding': 'identity' })
          expect(plain.bytes.toString() === exposition).toBe(true)
          expect(plain.headers['content-length']).toBe(String(plain.bytes.length))
          const whole = await answer(running, '/metrics', 'GET', { 'accept-encoding': 'gzip' })
          const isGzipped = runtime.name !== 'workerd without Node'
          expect(whole.headers['content-encoding']).toBe(isGzipped ? 'gzip' : undefined)
          expect(whole.headers['content-length']).toBe(String(whole.bytes.length))
          const text = (isGzipped ? gunzipSync(whole.bytes) : whole.bytes).toString()
          expect(text).toContain(exposition)
          expect(text.includes('\nprocess_cpu_seconds_total ')).toBe(runtime.platform !== 'workerd')
        }
      })

      test('answers scrapes at the same time, also when one of them is given up', async () => {
        const givenUp = [1, 5, 20].map(async (ms) => await leave(running, '/metrics', ms))
        const expositions = await Promise.all(Array.from({ length: 6 }, async () => await scrape(running)))
        await Promise.all(givenUp)
        for (const exposition of [...expositions, await scrape(running)]) {
          expect(exposition.includes('\njobs_total{queue="mail"} ')).toBe(true)
        }
      })
    })
  }
}

for (const platform of ['bun', 'deno'] as const) {
  test.skipIf(isMissing(platform))(`examples/fetch runs as it is: ${platform}`, async () => {
    const example = await startExample(platform, installed)
    expect(await (await fetch(`${example.url}/hello/Ada`)).text()).toBe('Hello, Ada!')
    expect((await fetch(`${example.url}/wp-login.php`)).status).toBe(404)
    const lines = (await scrape(example)).split('\n')
    expect(lines).toContain('greetings_total{language="en"} 1')
    expect(lines).toContain('app_request_count_total{method="GET",endpoint="/hello/:name",http_status="200"} 1')
    expect(lines).toContain('app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 1')
    expect(lines).toContain('app_version_info{version="1",config="develop"} 1')
  })
}

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly bytes: Buffer
}

/** Not `fetch`, which decodes. */
async function answer(
  { port }: RuntimeService,
  path: string,
  method = 'GET',
  headers: http.OutgoingHttpHeaders = {},
): Promise<Answer> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false }
    http.request(options, resolve).on('error', reject).end()
  })
  return { status: response.statusCode ?? 0, headers: response.headers, bytes: await buffer(response) }
}

async function request(service: RuntimeService, path: string, method = 'GET'): Promise<void> {
  await answer(service, path, method)
}

async function scrape(service: RuntimeService): Promise<string> {
  return (await answer(service, '/metrics')).bytes.toString()
}

/** Asks, and leaves without a word. */
async function leave({ port }: RuntimeService, path: string, afterMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false }, (response) => response.resume())
    request.on('error', () => {}).on('close', () => resolve())
    setTimeout(() => request.destroy(), afterMs)
  })
}

/** As `GET /users/:id 200`; without the scrapes. */
async function counts(service: RuntimeService): Promise<Map<string, number>> {
  const lines = (await scrape(service)).matchAll(
    /^app_request_count_total\{method="(.*?)",endpoint="(.*?)",http_status="(.*?)"\} (\d+)$/gm,
  )
  const rows = [...lines].map(([, method, endpoint, status, count]): [string, number] => {
    return [`${method} ${endpoint} ${status}`, Number(count)]
  })
  return new Map(rows.filter(([row]) => !row.includes('/metrics')))
}

function increments(before: Map<string, number>, after: Map<string, number>): Record<string, number> {
  const rows = [...after].map(([row, count]): [string, number] => [row, count - (before.get(row) ?? 0)])
  return Object.fromEntries(rows.filter(([, count]) => count > 0))
}

/** How long the requests of an endpoint took, in all. */
function seconds(exposition: string, endpoint: string): number {
  const lines = exposition.split('\n')
  const name = `app_request_latency_seconds_sum{method="GET",endpoint="${endpoint}"} `
  return Number(lines.find((line) => line.startsWith(name))?.slice(name.length) ?? 0)
}
