import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { expose, type Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { counted, latencies, type Service } from './service.ts'
import { get, leaveAfter } from './wire.ts'

/** A service of the contract, measured in a registry of its own. */
export type StartMeasured = (options?: MetricsOptions) => Promise<Service & { registry: Registry }>

/** What may differ between frameworks. */
export interface RequestContract {
  /** Why it does not see the bytes of a request's body, where it does not. */
  readonly requestBodiesAreUnseen?: string
  /** The error type of what a handler throws: the class, where the framework tells it; the status by default. */
  readonly thrownErrorType?: string
  /** `http` by default. */
  readonly scheme?: string
  /** Empty where the platform does not tell it; `1.1` by default. */
  readonly protocolVersion?: string
}

/** What every adapter tells of a request besides its count and latency, and what the options change in it. */
export function describeRequestMetrics(start: StartMeasured, framework: RequestContract): void {
  const { requestBodiesAreUnseen, thrownErrorType = '500', protocolVersion = '1.1', scheme = 'http' } = framework

  describe('requests in progress', () => {
    test('are those whose response is not closed', async () => {
      const { port, registry } = await start()
      const waiting = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'))
      for (const socket of waiting) socket.write(get('/silent'))
      await expectLines(registry, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 3'])
      waiting[0]!.destroy()
      await expectLines(registry, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 2'])
      for (const socket of waiting) socket.destroy()
      await expectLines(registry, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
    })

    test('are none in the end, however requests ended', async () => {
      const { port, request, exchange, registry } = await start()
      for (const path of ['/users/1', '/throw', '/nothing', '/stream', '/metrics']) {
        await Promise.all([request(path), request(path, 'HEAD'), request(path, 'POST'), request(path, 'PURGE')])
      }
      await exchange(`${get('/stream')}${get('/users/1')}${get('/users/2', 'Connection: close')}`)
      await leaveAfter(port, get('/silent'), () => true)
      await leaveAfter(port, get('/endless'), (answer) => answer.includes('first'))
      await vi.waitFor(async () => {
        const lines = await linesOf(registry, 'app_requests_in_progress')
        expect(lines.map((line) => Number(line.split(' ').at(-1)))).toEqual(lines.map(() => 0))
        // GET, HEAD, POST, _OTHER.
        expect(lines).toHaveLength(4)
      }, PATIENCE_MS)
      const counts = Object.values(await counted(registry))
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(25)
    })
  })

  describe('a request that fails', () => {
    test('is told by its type; others are not', async () => {
      const { request, registry } = await start()
      for (const path of ['/throw', '/users/1', '/nothing', '/throw']) await request(path)
      await expectLines(registry, 'app_request_errors_total', [
        `app_request_errors_total{method="GET",endpoint="/throw",error_type="${thrownErrorType}"} 2`,
      ])
      expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
    })

    test('because its client left before the headers is aborted', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, get('/silent'), () => true)
      await expectLines(registry, 'app_requests_aborted_total', [
        'app_requests_aborted_total{method="GET",endpoint="/silent"} 1',
      ])
      expect(await linesOf(registry, 'app_request_errors_total')).toEqual([
        'app_request_errors_total{method="GET",endpoint="/silent",error_type="client_aborted"} 1',
      ])
    })

    test('because its client left in the middle of a body is aborted, too', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, get('/endless'), (answer) => answer.includes('first'))
      await expectLines(registry, 'app_requests_aborted_total', [
        'app_requests_aborted_total{method="GET",endpoint="/endless"} 1',
      ])
      expect(await linesOf(registry, 'app_request_count_total')).toEqual([
        'app_request_count_total{method="GET",endpoint="/endless",http_status="200"} 1',
      ])
    })
  })

  describe('the time in the queue of a proxy', () => {
    test.each([
      ['nginx', (ms: number) => `t=${(ms / 1000).toFixed(3)}`],
      ['Apache', (ms: number) => `t=${ms}000`],
      ['Heroku', (ms: number) => String(ms)],
    ])('is what X-Request-Start says, as %s writes it', async (_, written) => {
      const { exchange, registry } = await start()
      await exchange(get('/users/1', `X-Request-Start: ${written(Date.now() - 2000)}`, 'Connection: close'))
      const [line] = await linesOf(registry, 'app_request_queue_seconds_sum')
      expect(line).toMatch(/^app_request_queue_seconds_sum\{method="GET"\} 2\.?\d*$/)
    })

    test('is not there where the header is nonsense, or is not', async () => {
      const { exchange, registry } = await start()
      for (const nonsense of ['soon', 't=1', `t=${Date.now() / 1000 + 60}`, `t=${Date.now() / 1000 - 7200}`]) {
        await exchange(get('/users/1', `X-Request-Start: ${nonsense}`, 'Connection: close'))
      }
      await exchange(get('/users/1', 'Connection: close'))
      expect(await linesOf(registry, 'app_request_queue_seconds_count')).toEqual([])
    })
  })

  describe('only when asked for', () => {
    const measure = { firstByte: true, requestSize: true, responseSize: true }

    test('bodies are counted as they come and go, whatever headers say', async () => {
      const { exchange, registry } = await start({ measure })
      const body = '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'
      const headers = ['Content-Type: text/plain', 'Transfer-Encoding: chunked', 'Connection: close']
      await exchange(`${get('/users/1', ...headers).replace('GET', 'POST')}${body}`)
      await exchange(get('/users/1', 'Connection: close'))
      await exchange(get('/stream', 'Connection: close'))
      await exchange(get('/users/1', 'Connection: close').replace('GET', 'HEAD'))
      await expectLines(registry, 'app_request_size_bytes_sum', [
        'app_request_size_bytes_sum{method="GET",endpoint="/stream"} 0',
        'app_request_size_bytes_sum{method="GET",endpoint="/users/:id"} 0',
        'app_request_size_bytes_sum{method="HEAD",endpoint="/users/:id"} 0',
        `app_request_size_bytes_sum{method="POST",endpoint="/users/:id"} ${requestBodiesAreUnseen ? 0 : 11}`,
      ])
      await expectLines(registry, 'app_response_size_bytes_sum', [
        'app_response_size_bytes_sum{method="GET",endpoint="/stream"} 9',
        'app_response_size_bytes_sum{method="GET",endpoint="/users/:id"} 6',
        'app_response_size_bytes_sum{method="HEAD",endpoint="/users/:id"} 0',
        'app_response_size_bytes_sum{method="POST",endpoint="/users/:id"} 6',
      ])
    })

    test('the first byte of a response is timed', async () => {
      const { request, registry } = await start({ measure })
      await request('/stream')
      await vi.waitFor(async () => expect((await latencies(registry))['GET /stream']?.count).toBe(1), PATIENCE_MS)
      const [line] = await linesOf(registry, 'app_request_first_byte_seconds_sum')
      const first = Number(line?.split(' ').at(-1))
      expect(first).toBeGreaterThan(0)
      expect((await latencies(registry))['GET /stream']!.sum - first).toBeGreaterThan(0.03)
    })

    test('otherwise they are not there', async () => {
      const { request, registry } = await start()
      await request('/users/1')
      expect(await expose(registry)).not.toMatch(/first_byte|size_bytes/)
    })
  })

  describe('the options of requests', () => {
    test("give the names of OpenTelemetry with naming: 'semconv'", async () => {
      const { request, url, registry } = await start({ naming: 'semconv' })
      for (const path of ['/users/1', '/throw', '/nothing']) await request(path)
      await request('/nothing', 'PURGE')
      const common = `url_scheme="${scheme}",network_protocol_version="${protocolVersion}"`
      const count = 'http_server_request_duration_seconds_count'
      await expectLines(registry, count, [
        `${count}{http_request_method="GET",http_route="",http_response_status_code="404",${common},error_type=""} 1`,
        `${count}{http_request_method="GET",http_route="/throw",http_response_status_code="500",${common},error_type="${thrownErrorType}"} 1`,
        `${count}{http_request_method="GET",http_route="/users/:id",http_response_status_code="200",${common},error_type=""} 1`,
        `${count}{http_request_method="_OTHER",http_route="",http_response_status_code="404",${common},error_type=""} 1`,
      ])
      const exposition = await (await fetch(`${url}/metrics`)).text()
      expect([...exposition.matchAll(/^# TYPE (.*)$/gm)].map(([, family]) => family)).toEqual([
        'http_server_request_duration_seconds histogram',
        'http_server_active_requests gauge',
        'http_server_request_queue_seconds histogram',
      ])
    })

    test('add labels', async () => {
      const { request, registry } = await start({
        labels: {
          shard: () => 'a',
          broken() {
            throw new Error('deliberate')
          },
        },
      })
      await request('/users/1')
      await expectLines(registry, 'app_request_count_total', [
        'app_request_count_total{method="GET",endpoint="/users/:id",http_status="200",shard="a",broken=""} 1',
      ])
      expect((await linesOf(registry, 'app_request_latency_seconds_count'))[0]).toContain(',shard="a",broken=""}')
    })

    test('leave requests out by the pattern of their route, and not by their path', async () => {
      const { request, registry } = await start({ ignore: ['/users/:id', '_unmatched', '/users/1', /^\/throw$/] })
      for (const path of ['/users/1', '/nothing', '/throw', '/stream']) await request(path)
      await expectLines(registry, 'app_request_count_total', [
        'app_request_count_total{method="GET",endpoint="/stream",http_status="200"} 1',
      ])
      expect(await linesOf(registry, 'app_request_latency_seconds_count')).toHaveLength(1)
      expect(await linesOf(registry, 'app_request_errors_total')).toEqual([])
    })

    test('group statuses', async () => {
      const { request, registry } = await start({ groupStatus: true })
      await request('/users/1')
      await request('/users/1', 'POST')
      await expectLines(registry, 'app_request_count_total', [
        'app_request_count_total{method="GET",endpoint="/users/:id",http_status="2xx"} 1',
        'app_request_count_total{method="POST",endpoint="/users/:id",http_status="2xx"} 1',
      ])
    })

    test('turn metrics off', async () => {
      const off = { latency: false, inProgress: false, errors: false, aborted: false, queueTime: false }
      const { request, registry } = await start({ measure: off })
      await request('/throw')
      await expectLines(registry, 'app_request_count_total', [
        'app_request_count_total{method="GET",endpoint="/throw",http_status="500"} 1',
      ])
      expect((await registry.gather()).map(({ name }) => name)).toEqual(['app_request_count_total'])
    })
  })
}

/** For a machine that does much else. */
const PATIENCE_MS = 4000

/** The lines of one name, in alphabetical order. */
export async function linesOf(registry: Registry, name: string): Promise<string[]> {
  const lines = (await expose(registry)).split('\n')
  return lines.filter((line) => line.startsWith(`${name}{`)).toSorted()
}

/** Waits for these lines: a request is counted when its response is closed, which a client does not see. */
export async function expectLines(registry: Registry, name: string, lines: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await linesOf(registry, name)).toEqual(lines), PATIENCE_MS)
}
