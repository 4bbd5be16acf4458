import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Client, request as undiciRequest } from 'undici'
import { counter, defaultRegistry, Registry, samplesOf } from 'narthex'
import { outgoingRequestMetrics, type OutgoingRequestOptions } from 'narthex/outgoing'
import { CERTIFICATE, KEY } from '../../test/adapters/certificate.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { attachOutgoingRequestMetrics } from './attached-metrics.ts'
import { OutgoingRequests } from './outgoing-requests.ts'

describe('a request', () => {
  test.each(['node:http', 'fetch', 'undici'] as const)('of %s is counted and timed once', async (client) => {
    const registry = measured()
    const { host, url } = await startServer()
    expect(await CLIENTS[client](`${url}/ok`)).toBe(200)
    expect(await CLIENTS[client](`${url}/slow`)).toBe(200)
    expect(await CLIENTS[client](`${url}/missing`)).toBe(404)
    await expectCounts(registry, { [`GET ${host} 200`]: 2, [`GET ${host} 404`]: 1 })
    expect(await errors(registry)).toEqual({ [`GET ${host} 404`]: 1 })
    const { count, sum } = (await values(registry, 'app_outgoing_request_latency_seconds'))[`GET ${host}`] as Latency
    expect(count).toBe(3)
    expect(sum).toBeGreaterThan((SLOW_MS * 0.95) / 1000)
    expect(sum).toBeLessThan(5)
  })

  test('of node:https is, too', async () => {
    const registry = measured()
    const server = https.createServer({ key: KEY, cert: CERTIFICATE }, answer)
    const { host, port } = await listening(server)
    expect(await get(`https://127.0.0.1:${port}/ok`, { ca: CERTIFICATE, checkServerIdentity: () => undefined })).toBe(
      200,
    )
    await expectCounts(registry, { [`GET ${host} 200`]: 1 })
  })

  test('on a connection that is kept is counted each', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 3; i++) expect(await get(`${url}/ok`, { agent })).toBe(200)
    agent.destroy()
    const client = new Client(url)
    for (let i = 0; i < 3; i++) await (await client.request({ path: '/ok', method: 'GET' })).body.text()
    await client.close()
    await expectCounts(registry, { [`GET ${host} 200`]: 6 })
  })

  test('that is redirected is counted once for each host that is asked', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    expect(await CLIENTS['fetch'](`${url}/redirect`)).toBe(200)
    await expectCounts(registry, { [`GET ${host} 200`]: 1, [`GET ${host} 302`]: 1 })
  })

  test.each([
    ['before it is sent', (request: http.ClientRequest, event: string) => once(request, event)],
    [
      'after it is sent',
      async (request: http.ClientRequest, event: string) => {
        request.end()
        return await once(request, event)
      },
    ],
    [
      // Node 20, too, has told of the request by then.
      'while its answer is on the way',
      async (request: http.ClientRequest, event: string) => {
        request.end()
        await once(request, 'finish')
        // To nothing else.
        return await new Promise<unknown[]>((resolve) => request.on(event, (...answer) => resolve(answer)))
      },
    ],
  ])('that leaves HTTP is counted when it is answered, listened to %s', async (_, answerOf) => {
    const registry = measured()
    const { host, port } = await startServer()
    const headers = { connection: 'Upgrade', upgrade: 'chat' }
    const upgrade = http.request({ port, host: '127.0.0.1', path: '/chat', headers })
    const connect = http.request({ port, host: '127.0.0.1', path: 'example.com:80', method: 'CONNECT' })
    for (const [request, event] of [
      [upgrade, 'upgrade'],
      [connect, 'connect'],
    ] as const) {
      const answered = answerOf(request, event)
      request.end()
      const [response, socket] = (await answered) as [http.IncomingMessage, Socket]
      expect(response.statusCode).toBe(event === 'upgrade' ? 101 : 200)
      onTestFinished(() => void socket.destroy())
    }
    // The connections live on.
    await expectCounts(registry, { [`GET ${host} 101`]: 1, [`CONNECT ${host} 200`]: 1 })
    expect(await errors(registry)).toEqual({})
  })

  test('that is refused to leave HTTP is counted as any other', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    const headers = { connection: 'Upgrade', upgrade: 'nothing' }
    expect(await get(`${url}/chat`, { headers })).toBe(400)
    await expectCounts(registry, { [`GET ${host} 400`]: 1 })
  })

  test('whose answer nobody listens to, or no more, loses its connection as it would without', async () => {
    const registry = measured()
    const { host, port } = await startServer()
    const headers = { connection: 'Upgrade', upgrade: 'chat' }
    const unheard = http.request({ port, host: '127.0.0.1', headers }).end()
    await once(unheard, 'close')
    expect(unheard.socket?.destroyed).toBe(true)
    const noMore = http.request({ port, host: '127.0.0.1', headers })
    const ignored = (): void => {}
    noMore.on('upgrade', ignored).end()
    // After Node 20 has told of the request, too.
    noMore.on('finish', () => noMore.off('upgrade', ignored))
    await once(noMore, 'close')
    expect(noMore.socket?.destroyed).toBe(true)
    await expectCounts(registry, { [`GET ${host} 101`]: 1 })
  })

  test('with an unknown method has one method', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    await get(`${url}/ok`, { method: 'PURGE' })
    await get(`${url}/ok`, { method: 'PROPFIND' })
    await expectCounts(registry, { [`_OTHER ${host} 200`]: 2 })
  })
})

describe('a request that fails', () => {
  test('without a connection has its error', async () => {
    const registry = measured()
    const port = await closedPort()
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toThrow('ECONNREFUSED')
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
    await expectCounts(registry, { [`GET 127.0.0.1:${port} failed`]: 2 })
    expect(await errors(registry)).toEqual({ [`GET 127.0.0.1:${port} ECONNREFUSED`]: 2 })
  })

  test('in the middle of its response keeps the status, and is counted once', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    await expect(get(`${url}/cut`)).rejects.toThrow('aborted')
    await expect(fetch(`${url}/cut`).then(async (response) => await response.text())).rejects.toThrow('terminated')
    await expectCounts(registry, { [`GET ${host} 200`]: 2 })
    expect(await errors(registry)).toEqual({ [`GET ${host} ECONNRESET`]: 1, [`GET ${host} UND_ERR_SOCKET`]: 1 })
  })

  test('because the program gives up is counted once', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    const signal = (): AbortSignal => AbortSignal.timeout(30)
    await expect(get(`${url}/silent`, { signal: signal() })).rejects.toThrow('aborted')
    await expect(fetch(`${url}/silent`, { signal: signal() })).rejects.toThrow('aborted')
    const request = http.get(`${url}/silent`).on('error', () => {})
    setTimeout(() => request.destroy(), 30)
    await expectCounts(registry, { [`GET ${host} failed`]: 3 })
    expect(await errors(registry)).toEqual({
      [`GET ${host} ABORT_ERR`]: 1,
      [`GET ${host} ECONNRESET`]: 1,
      [`GET ${host} TimeoutError`]: 1,
    })
  })

  test('by an error without a usable name has another', async () => {
    const registry = measured()
    const { host, url } = await startServer()
    const request = http.get(`${url}/silent`).on('error', () => {})
    request.destroy(Object.assign(new Error('deliberate'), { code: 'user 7 of 1000000' }))
    await expectCounts(registry, { [`GET ${host} failed`]: 1 })
    expect(await errors(registry)).toEqual({ [`GET ${host} _OTHER`]: 1 })
  })
})

describe('hosts', () => {
  test('are few, whatever a program calls', async () => {
    const registry = new Registry()
    const requests = new OutgoingRequests({ registry, maxHosts: 3 })
    for (let i = 0; i < 100_000; i++) record(requests, `host-${i}.example`)
    const counts = await values(registry, 'app_outgoing_request_count_total')
    expect(counts).toEqual({
      'GET _overflow 200': 99_997,
      'GET host-0.example 200': 1,
      'GET host-1.example 200': 1,
      'GET host-2.example 200': 1,
    })
  })

  test('are a hundred at most unless told otherwise', async () => {
    const registry = new Registry()
    const requests = new OutgoingRequests({ registry })
    for (let i = 0; i < 100_000; i++) record(requests, `host-${i}.example`)
    expect(Object.keys(await values(registry, 'app_outgoing_request_count_total'))).toHaveLength(101)
  })

  test('are named as in a URL', async () => {
    const registry = new Registry()
    const requests = new OutgoingRequests({ registry })
    record(requests, 'API.example', { scheme: 'https' })
    record(requests, 'api.example', { scheme: 'https', port: '443' })
    record(requests, 'api.example', { scheme: 'https', port: '8443' })
    record(requests, 'x'.repeat(256))
    expect(await values(registry, 'app_outgoing_request_count_total')).toEqual({
      'GET _overflow 200': 1,
      'GET api.example 200': 2,
      'GET api.example:8443 200': 1,
    })
  })
})

describe('the names', () => {
  test('are those of the conventions if asked for', async () => {
    const registry = measured({ naming: 'semconv' })
    const { port, url } = await startServer()
    await get(`${url}/ok`)
    await get(`${url}/missing`)
    const refused = await closedPort()
    await expect(get(`http://127.0.0.1:${refused}/`)).rejects.toThrow('ECONNREFUSED')
    await vi.waitFor(async () => {
      const latencies = await values(registry, 'http_client_request_duration_seconds')
      expect(new Set(Object.keys(latencies))).toEqual(
        new Set([
          `GET 127.0.0.1 ${port} 200 `,
          `GET 127.0.0.1 ${port} 404 404`,
          `GET 127.0.0.1 ${refused}  ECONNREFUSED`,
        ]),
      )
    })
    const [family] = await registry.gather({ names: ['http_client_request_duration_seconds'] })
    expect(family?.labelNames).toEqual([
      'http_request_method',
      'server_address',
      'server_port',
      'http_response_status_code',
      'error_type',
    ])
  })

  test('begin with the prefix', async () => {
    const registry = measured({ prefix: 'shop' })
    const { host, url } = await startServer()
    await get(`${url}/ok`)
    await vi.waitFor(async () => {
      expect(await values(registry, 'shop_outgoing_request_count_total')).toEqual({ [`GET ${host} 200`]: 1 })
    })
  })

  test.each([{ naming: 'otel' }, { maxHosts: -1 }, { maxHosts: 1.5 }] as unknown[])('refuse %j', (options) => {
    expect(() => outgoingRequestMetrics({ registry: new Registry(), ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})

test.each([
  ['http', '80'],
  ['https', '443'],
])('a request of %s without a port is one to port %s', async (scheme, port) => {
  const registry = measured({ naming: 'semconv' })
  const failing = (_: unknown, callback: (error: Error) => void): void => callback(new TypeError('deliberate'))
  const lookup = (name: string, _: unknown, callback: (error: Error) => void): void => failing(name, callback)
  await expect(get(`${scheme}://node.example/`, { lookup: lookup as never, agent: false })).rejects.toThrow(
    'deliberate',
  )
  const client = new Client(`${scheme}://undici.example`, { connect: failing as never })
  await expect(client.request({ path: '/', method: 'GET' })).rejects.toThrow('deliberate')
  await vi.waitFor(async () => {
    expect(Object.keys(await values(registry, 'http_client_request_duration_seconds'))).toEqual([
      `GET node.example ${port}  TypeError`,
      `GET undici.example ${port}  TypeError`,
    ])
  })
})

describe('options', () => {
  test('say how many hosts and series there are, and the bounds of the latency', async () => {
    const registry = measured({ maxHosts: 0, maxSeries: 1, buckets: [30] })
    const { url } = await startServer()
    await get(`${url}/ok`)
    await get(`${url}/missing`)
    await expectCounts(registry, { 'GET _overflow 200': 1, '_overflow _overflow _overflow': 1 })
    const latency = (await values(registry, 'app_outgoing_request_latency_seconds'))['GET _overflow']
    expect((latency as HistogramValue).buckets.map(({ upperBound }) => upperBound)).toEqual([30, Infinity])
  })

  test('that are wrong are told', () => {
    expect(() => outgoingRequestMetrics({ registry: new Registry(), maxHosts: -1 })).toThrow(
      'maxHosts must be a whole number, 0 or more, not -1.',
    )
  })
})

test('asked again, the process has them once; stopped, no more', async () => {
  const registry = measured()
  expect(outgoingRequestMetrics({ prefix: 'other' })).toBe(outgoingRequestMetrics())
  const { host, url } = await startServer()
  await get(`${url}/ok`)
  await expectCounts(registry, { [`GET ${host} 200`]: 1 })
  outgoingRequestMetrics().stop()
  await get(`${url}/ok`)
  await expectCounts(registry, { [`GET ${host} 200`]: 1 })
})

describe('attached to a program that does not know of them', () => {
  test('they are declared with the first request, and give way to those that it asks for', async () => {
    const attached = attachOutgoingRequestMetrics({}, fail)
    onTestFinished(() => attached.stop())
    expect(await defaultRegistry.gather()).toEqual([])
    const { host, url } = await startServer()
    await get(`${url}/ok`)
    await expectCounts(defaultRegistry, { [`GET ${host} 200`]: 1 })
    measured({ registry: defaultRegistry, buckets: [1] })
    onTestFinished(() => defaultRegistry.clear())
    await get(`${url}/ok`)
    await expectCounts(defaultRegistry, { [`GET ${host} 200`]: 1 })
  })

  test('they give up where the program has a metric of that name', async () => {
    const registry = new Registry()
    counter({ name: 'app_outgoing_request_count_total', help: 'Its own.', registry }).inc(7)
    const warn = vi.fn<(message: string) => void>()
    attachOutgoingRequestMetrics({ registry }, warn)
    const { url } = await startServer()
    await get(`${url}/ok`)
    await get(`${url}/ok`)
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1))
    expect(warn.mock.calls[0]?.[0]).toContain('outgoing requests are not measured')
    expect(await values(registry, 'app_outgoing_request_count_total')).toEqual({ '': 7 })
  })
})

interface Latency {
  readonly count: number
  readonly sum: number
}

const CLIENTS = {
  'node:http': async (url: string) => await get(url),
  async fetch(url: string) {
    const response = await fetch(url)
    await response.text()
    return response.status
  },
  async undici(url: string) {
    const { statusCode, body } = await undiciRequest(url)
    await body.text()
    return statusCode
  },
}

const SLOW_MS = 60

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.url === '/ok') response.end('ok')
  else if (request.url === '/redirect') response.writeHead(302, { location: '/ok' }).end()
  else if (request.url === '/slow') {
    response.write('first')
    setTimeout(() => response.end('last'), SLOW_MS)
  } else if (request.url === '/cut') {
    response.write('first')
    setTimeout(() => response.destroy(), 20)
  } else if (request.url !== '/silent') response.writeHead(404).end()
}

/** Starts the metrics in a registry of their own, for as long as the test. */
function measured(options: OutgoingRequestOptions = {}): Registry {
  const registry = options.registry ?? new Registry()
  const running = outgoingRequestMetrics({ ...options, registry })
  onTestFinished(() => running.stop())
  return registry
}

function record(requests: OutgoingRequests, hostname: string, more: object = {}): void {
  requests.record({ method: 'GET', scheme: 'http', hostname, port: undefined, status: 200, seconds: 0.1, ...more })
}

async function startServer(): Promise<{ host: string; port: number; url: string }> {
  const server = http.createServer(answer)
  const leave = (socket: Duplex, head: string): void => {
    socket.on('error', () => {}).on('end', () => socket.end())
    socket.resume().write(`HTTP/1.1 ${head}\r\n\r\n`)
  }
  server.on('upgrade', ({ headers }, socket) => {
    if (headers.upgrade === 'chat') leave(socket, '101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade')
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  server.on('connect', (_, socket) => leave(socket, '200 Connection Established'))
  return await listening(server)
}

async function listening(server: http.Server): Promise<{ host: string; port: number; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${port}`, port, url: `http://127.0.0.1:${port}` }
}

async function closedPort(): Promise<number> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The status of a request whose response is read to its end. */
async function get(url: string, options: https.RequestOptions = {}): Promise<number> {
  return await new Promise((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http
    const request = client.request(url, options, (response) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode ?? 0))
        .resume()
    })
    request.on('error', reject).end()
  })
}

/** The values of a metric by the values of its labels. */
async function values(registry: Registry, name: string): Promise<Record<string, unknown>> {
  const [family] = await registry.gather({ names: [name] })
  const rows = [...(family ? samplesOf(family) : [])].map(({ labels, value }): [string, unknown] => {
    return [Object.values(labels).join(' '), value]
  })
  return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function errors(registry: Registry): Promise<Record<string, unknown>> {
  return await values(registry, 'app_outgoing_request_errors_total')
}

async function expectCounts(registry: Registry, expected: Record<string, number>): Promise<void> {
  await vi.waitFor(async () => {
    expect(await values(registry, 'app_outgoing_request_count_total')).toEqual(expected)
  })
}

function fail(message: string, cause?: unknown): never {
  throw new Error(message, { cause })
}
