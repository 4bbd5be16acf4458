import { createServer, request as send, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Registry } from 'narthex'
import { expectCounts } from '../../test/adapters/contract.ts'
import { linesOf } from '../../test/adapters/request-contract.ts'
import { measureUpgrades, setEndpoint } from './node.ts'

const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n'
const ask = 'GET /chat/7 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n'

async function start(answer: (socket: Duplex, request: IncomingMessage) => void): Promise<Started> {
  const registry = new Registry()
  const measureUpgrade = measureUpgrades({ registry })
  const server = createServer()
  server.on('upgrade', (request, socket) => {
    measureUpgrade(request, socket)
    measureUpgrade(request, socket)
    socket.on('error', () => {})
    setEndpoint(request, '/chat/:room')
    answer(socket, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, registry }
}

interface Started {
  readonly port: number
  readonly registry: Registry
}

test('an upgrade is measured until it is answered, and its connection is left alone', async () => {
  const { port, registry } = await start((socket) => {
    socket.write(SWITCHING)
    socket.write('one ')
    socket.write('two')
  })
  const client = send({ port, host: '127.0.0.1', path: '/chat/7', headers: { Connection: 'Upgrade', Upgrade: 'chat' } })
  let received = ''
  client.on('upgrade', (response, socket, head) => {
    received += `${response.statusCode} ${head.toString()}`
    socket.on('data', (data) => (received += data.toString()))
    onTestFinished(() => void socket.destroy())
  })
  client.end()
  await vi.waitFor(() => expect(received).toBe('101 one two'))
  await expectCounts(registry, { 'GET /chat/:room 101': 1 })
  expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
})

test('one that is refused has the status that is written', async () => {
  const { port, registry } = await start((socket) => {
    socket.end(Buffer.from('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'))
  })
  connect(port, '127.0.0.1').end(ask).resume()
  await expectCounts(registry, { 'GET /chat/:room 401': 1 })
})

test('one whose client leaves before the answer is aborted', async () => {
  const { port, registry } = await start((socket) => setTimeout(() => socket.destroy(), 20))
  connect(port, '127.0.0.1').end(ask).resume()
  await expectCounts(registry, { 'GET /chat/:room aborted': 1 })
  expect(await linesOf(registry, 'app_requests_aborted_total')).toHaveLength(1)
})

test('one that is measured only when its connection has closed is aborted', async () => {
  const registry = new Registry()
  const measureUpgrade = measureUpgrades({ registry })
  const server = createServer()
  server.on('upgrade', (request, socket) => {
    socket.destroy()
    socket.on('close', () => {
      measureUpgrade(request, socket)
      setEndpoint(request, '/chat/:room')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  connect((server.address() as AddressInfo).port, '127.0.0.1')
    .on('error', () => {})
    .end(ask)
  await expectCounts(registry, { 'GET /chat/:room aborted': 1 })
  expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
})

test('what is no answer of HTTP is none', async () => {
  const { port, registry } = await start((socket) => socket.end('SSH-2.0'))
  connect(port, '127.0.0.1').end(ask).resume()
  await expectCounts(registry, { 'GET /chat/:room aborted': 1 })
})
