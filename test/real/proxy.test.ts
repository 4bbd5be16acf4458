import http from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Registry, samplesOf } from 'narthex'
import { metrics, setEndpoint } from 'narthex/node'
import { counted } from '../adapters/service.ts'
import { stopChildren } from './child-process.ts'
import { apache, nginx, startProxy, type Proxy, type ProxyKind } from './proxy.ts'
import { isMissing } from './real-parts.ts'

afterAll(stopChildren)

const LARGE = Buffer.alloc(20_000_000, 'a line of a large body\n')

describe.each([nginx, apache])('behind a real $part', (kind) => {
  const skipped = isMissing(kind.part)

  test.skipIf(skipped)('requests are counted as the proxy counts them', async () => {
    const { registry, proxy } = await start(kind)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 5 })
    onTestFinished(() => agent.destroy())
    const asked = [
      ['GET', '/users/1', 200],
      ['GET', '/users/2', 200],
      ['POST', '/users/3', 201],
      ['HEAD', '/users/4', 200],
      ['GET', '/nothing', 404],
      ['GET', '/broken', 500],
    ] as const
    const answers = Array.from({ length: 40 }).flatMap(() =>
      asked.map(async ([method, path, status]) => {
        expect(await statusOf({ port: proxy.port, agent, method, path })).toBe(status)
      }),
    )
    await Promise.all(answers)

    await vi.waitFor(async () => {
      expect(await counted(registry)).toEqual({
        'GET /users/:id 200': 80,
        'GET _unmatched 404': 40,
        'GET _unmatched 500': 40,
        'HEAD /users/:id 200': 40,
        'POST /users/:id 201': 40,
      })
    })
    const logged = { 'GET 200': 80, 'GET 404': 40, 'GET 500': 40, 'HEAD 200': 40, 'POST 201': 40 }
    await vi.waitFor(async () => expect(await proxy.logged()).toEqual(logged))
    expect(await proxy.served()).toBe(240)
    const { count, sum } = await queueOf(registry)
    expect(count).toBe(240)
    // Not a unit mistaken for another: clocks of milliseconds, and a machine that has other things to do.
    expect(sum / count).toBeLessThan(2)
  })

  test.skipIf(skipped)('the time that a request waited for the service is seen', async () => {
    const { registry, proxy } = await start(kind)
    const socket = connect(proxy.port, '127.0.0.1')
    await new Promise<void>((resolve) => {
      socket.write(`GET /users/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, () => {
        // The service is in this process, and does not get to it.
        const busyUntil = performance.now() + 600
        while (performance.now() < busyUntil);
        resolve()
      })
    })
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /)
    await vi.waitFor(async () => expect((await queueOf(registry)).count).toBe(1))
    expect((await queueOf(registry)).sum).toBeGreaterThan(0.3)
    expect((await queueOf(registry)).sum).toBeLessThan(30)
  })

  test.skipIf(skipped)('a client that leaves in the middle of a body is counted once', async () => {
    const { registry, proxy } = await start(kind)
    await leaveAfter(proxy.port, '/endless', (answer) => answer.includes('some of it'))
    await expectInTheEnd(registry, { 'GET /endless 200': 1 })
    await vi.waitFor(async () => expect(await proxy.logged()).toEqual({ 'GET 200': 1 }))
  })

  // Apache does not look at a client before it has something to send to it.
  test.skipIf(skipped || kind === apache)('a client that leaves before any answer is counted once', async () => {
    const { registry, proxy } = await start(kind)
    await leaveAfter(proxy.port, '/silent', () => true)
    await expectInTheEnd(registry, { 'GET /silent aborted': 1 })
    // What nginx calls a client that has closed its request.
    await vi.waitFor(async () => expect(await proxy.logged()).toEqual({ 'GET 499': 1 }))
  })

  test.skipIf(skipped)('a client that reads slowly is counted once, and gets all of it', async () => {
    const { registry, proxy } = await start(kind)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    let bytes = 0
    for await (const piece of socket) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1000))
      bytes += (piece as Buffer).length
    }
    expect(bytes).toBeGreaterThan(LARGE.length)
    await expectInTheEnd(registry, { 'GET /large 200': 1 })
    await vi.waitFor(async () => expect(await proxy.logged()).toEqual({ 'GET 200': 1 }))
  })

  test.skipIf(skipped)('a client that sends slowly is counted once', async () => {
    const { registry, proxy } = await start(kind)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write('POST /users/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 30\r\n\r\n')
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      socket.write('0123456789')
    }
    expect(await text(socket)).toMatch(/^HTTP\/1.1 201 /)
    await expectInTheEnd(registry, { 'POST /users/:id 201': 1 })
    await vi.waitFor(async () => expect(await proxy.logged()).toEqual({ 'POST 201': 1 }))
  })
})

async function start(kind: ProxyKind): Promise<{ registry: Registry; proxy: Proxy }> {
  const registry = new Registry()
  const measured = metrics({ registry, processMetrics: false })
  const server = http.createServer((request, response) => measured(request, response, () => answer(request, response)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const proxy = await startProxy(kind, (server.address() as AddressInfo).port)
  onTestFinished(async () => void (await proxy.stop()))
  return { registry, proxy }
}

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { url = '', method } = request
  if (url.startsWith('/users/')) {
    setEndpoint(request, '/users/:id')
    request.resume().on('end', () => {
      response.statusCode = method === 'POST' ? 201 : 200
      response.end('a user')
    })
  } else if (url === '/large') {
    setEndpoint(request, '/large')
    response.end(LARGE)
  } else if (url === '/endless') {
    setEndpoint(request, '/endless')
    const more = setInterval(() => response.write('some of it\n'.repeat(1000)), 10)
    response.on('close', () => clearInterval(more))
  } else if (url === '/silent') {
    setEndpoint(request, '/silent')
  } else {
    response.statusCode = url === '/broken' ? 500 : 404
    response.end()
  }
}

async function queueOf(registry: Registry): Promise<{ count: number; sum: number }> {
  const [family] = await registry.gather({ names: ['app_request_queue_seconds'] })
  const values = [...samplesOf(family!)].map(({ value }) => value as { count: number; sum: number })
  return values.reduce((one, other) => ({ count: one.count + other.count, sum: one.sum + other.sum }), {
    count: 0,
    sum: 0,
  })
}

async function statusOf(options: http.RequestOptions): Promise<number> {
  return await new Promise((resolve, reject) => {
    http
      .request({ host: '127.0.0.1', ...options }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      .on('error', reject)
      .end(options.method === 'POST' ? 'a new user' : undefined)
  })
}

async function leaveAfter(port: number, path: string, isEnough: (answer: string) => boolean): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  let received = ''
  socket.on('data', (data) => (received += String(data)))
  await vi.waitFor(() => expect(isEnough(received)).toBe(true))
  // Time to get through the proxy.
  await new Promise((resolve) => setTimeout(resolve, 200))
  socket.destroy()
}

async function expectInTheEnd(registry: Registry, counts: Record<string, number>): Promise<void> {
  await vi.waitFor(async () => expect(await counted(registry)).toEqual(counts), 10_000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await counted(registry)).toEqual(counts)
}
