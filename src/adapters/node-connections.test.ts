import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { expose, Registry } from 'narthex'
import { CERTIFICATE, KEY } from '../../test/adapters/certificate.ts'
import { get } from '../../test/adapters/wire.ts'
import { connectionMetrics } from './node.ts'

const pem = { key: KEY, cert: CERTIFICATE }

async function start(server: Server, registry = new Registry()): Promise<Started> {
  const stop = connectionMetrics(server, { registry })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { port, registry, stop }
}

interface Started {
  readonly port: number
  readonly registry: Registry
  readonly stop: () => void
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve) => socket.on('connect', resolve))
  socket.on('error', () => {}).resume()
  onTestFinished(() => void socket.destroy())
  return socket
}

async function openTls(port: number): Promise<Socket> {
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await new Promise((resolve) => socket.on('secureConnect', resolve))
  socket.on('error', () => {}).resume()
  onTestFinished(() => void socket.destroy())
  return socket
}

/** The samples, without those of bytes. */
async function samples(registry: Registry): Promise<string[]> {
  const lines = (await expose(registry)).split('\n')
  return lines.filter((line) => line.startsWith('app_connections_') && !line.includes('bytes'))
}

async function expectClosed(registry: Registry, cause: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await samples(registry)).toEqual([
      'app_connections_open 0',
      'app_connections_accepted_total 1',
      'app_connections_dropped_total 0',
      `app_connections_closed_total{cause="${cause}"} 1`,
    ])
  }, 4000)
}

const hello: http.RequestListener = (_, response) => void response.end('hello')

test('connections are counted while they are open, and when they are closed', async () => {
  const { port, registry } = await start(http.createServer(hello))
  const [a] = [await open(port), await open(port)]
  await vi.waitFor(async () => {
    expect(await samples(registry)).toEqual([
      'app_connections_open 2',
      'app_connections_accepted_total 2',
      'app_connections_dropped_total 0',
    ])
  })
  a.end()
  await vi.waitFor(async () => {
    expect(await samples(registry)).toEqual([
      'app_connections_open 1',
      'app_connections_accepted_total 2',
      'app_connections_dropped_total 0',
      'app_connections_closed_total{cause="client"} 1',
    ])
  })
})

test('bytes are those on the wire, of open connections and of closed ones', async () => {
  const { port, registry } = await start(http.createServer(hello))
  const bytes = async (): Promise<number[]> => {
    const exposition = await expose(registry)
    return ['received', 'sent'].map((way) => {
      return Number(new RegExp(`^app_connections_${way}_bytes_total (\\d+)$`, 'm').exec(exposition)?.[1])
    })
  }
  const request = get('/')
  let answered = 0
  const socket = await open(port)
  socket.on('data', (data) => (answered += data.length))
  socket.write(request)
  await vi.waitFor(async () => expect(await bytes()).toEqual([request.length, answered]))
  expect(answered).toBeGreaterThan(100)
  socket.write(request)
  await vi.waitFor(async () => expect((await bytes())[0]).toBe(2 * request.length))
  await vi.waitFor(async () => expect(await bytes()).toEqual([2 * request.length, answered]))
  socket.destroy()
  await vi.waitFor(async () => expect(await samples(registry)).toContain('app_connections_open 0'))
  expect(await bytes()).toEqual([2 * request.length, answered])
})

test('one that the client resets says so', async () => {
  const { port, registry } = await start(http.createServer(hello))
  const socket = await open(port)
  socket.resetAndDestroy()
  await expectClosed(registry, 'reset')
})

test('one that the server ends after its answer is closed by the server', async () => {
  const { port, registry } = await start(http.createServer(hello))
  const socket = await open(port)
  socket.write(get('/', 'Connection: close'))
  await expectClosed(registry, 'server')
})

test.each([
  ['was idle for long', { keepAliveTimeout: 50 }, get('/')],
  ['sent half a request', { requestTimeout: 50, headersTimeout: 50, connectionsCheckingInterval: 20 }, 'GET / HTTP'],
])('one that %s is closed by a timeout', async (_, options, bytes) => {
  const { port, registry } = await start(http.createServer(options, hello))
  const socket = await open(port)
  socket.write(bytes)
  await vi.waitFor(async () => expect(await samples(registry)).toContain('app_connections_open 0'), 5000)
  await expectClosed(registry, 'timeout')
})

test('one that does not speak HTTP is malformed', async () => {
  const { port, registry } = await start(http.createServer(hello))
  const socket = await open(port)
  socket.write('hello?\r\n\r\n')
  await expectClosed(registry, 'malformed')
})

test('those beyond what the server takes are dropped', async () => {
  const server = http.createServer(hello)
  server.maxConnections = 1
  const { port, registry } = await start(server)
  const sockets = [await open(port), connect(port, '127.0.0.1').on('error', () => {})]
  onTestFinished(() => void sockets[1]!.destroy())
  await vi.waitFor(async () => {
    expect(await samples(registry)).toEqual([
      'app_connections_open 1',
      'app_connections_accepted_total 1',
      'app_connections_dropped_total 1',
    ])
  })
})

test('TLS is counted below its encryption, and its end is that of the connection', async () => {
  const { port, registry } = await start(https.createServer(pem, hello))
  const socket = await openTls(port)
  socket.end()
  await expectClosed(registry, 'client')
  const received = /^app_connections_received_bytes_total (\d+)$/m.exec(await expose(registry))?.[1]
  expect(Number(received)).toBeGreaterThan(300)
})

test('malformed HTTP inside of TLS is malformed', async () => {
  const { port, registry } = await start(https.createServer(pem, hello))
  const socket = await openTls(port)
  socket.write('hello?\r\n\r\n')
  await expectClosed(registry, 'malformed')
})

test('what does not speak TLS says so', async () => {
  const { port, registry } = await start(https.createServer(pem, hello))
  const socket = await open(port)
  socket.write('GET / HTTP/1.1\r\n\r\n')
  await expectClosed(registry, 'tls')
})

test.each([
  ['plain', () => http2.createServer(), 'http'],
  ['inside of TLS', () => http2.createSecureServer(pem), 'https'],
])('a connection of HTTP/2, %s, that its client closes is closed by the client', async (_, create, scheme) => {
  const { port, registry } = await start(create())
  const client = http2.connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
  await new Promise((resolve) => client.on('remoteSettings', resolve))
  client.close()
  await expectClosed(registry, 'client')
})

test('two servers of one registry are counted together', async () => {
  const registry = new Registry()
  const [a, b] = [await start(http.createServer(hello), registry), await start(createServer(), registry)]
  const socket = await open(a.port)
  await open(b.port)
  await vi.waitFor(async () => expect(await samples(registry)).toContain('app_connections_open 2'))
  socket.destroy()
  await vi.waitFor(async () => expect(await samples(registry)).toContain('app_connections_open 1'))
})

test('once it is stopped nothing is counted, and what was stays', async () => {
  const { port, registry, stop } = await start(http.createServer(hello))
  const socket = await open(port)
  await vi.waitFor(async () => expect(await samples(registry)).toContain('app_connections_open 1'))
  stop()
  socket.destroy()
  await open(port)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await samples(registry)).toEqual([
    'app_connections_open 0',
    'app_connections_accepted_total 1',
    'app_connections_dropped_total 0',
  ])
})
