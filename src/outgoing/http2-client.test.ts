import { connect, createSecureServer, createServer, type ClientHttp2Session, type Http2Server } from 'node:http2'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { Agent, request as undiciRequest } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { expose, Registry } from 'narthex'
import { outgoingRequestMetrics } from 'narthex/outgoing'
import { CERTIFICATE, KEY } from '../../test/adapters/certificate.ts'

/** Node tells of these requests from 22.17 on; before, nothing is counted. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isTold = major > 22 || (major === 22 && minor >= 17)

describe('a request of node:http2', () => {
  test('is counted once, where Node tells of it', async () => {
    const { registry, host, client } = await started()
    expect(await status(client, '/ok')).toBe(200)
    expect(await status(client, '/ok', 'POST', 'body')).toBe(200)
    expect(await status(client, '/missing')).toBe(404)
    await expectCounts(registry, [
      `{method="GET",host="${host}",http_status="200"} 1`,
      `{method="POST",host="${host}",http_status="200"} 1`,
      `{method="GET",host="${host}",http_status="404"} 1`,
    ])
  })

  test('that fails has its error: reset, cut in the middle, given up', async () => {
    const { registry, host, client } = await started()
    await status(client, '/reset')
    await status(client, '/cut')
    const givenUp = client.request({ ':path': '/silent' })
    givenUp.close()
    await new Promise((resolve) => givenUp.on('close', resolve))
    await expectErrors(registry, [
      `{method="GET",host="${host}",error_type="ERR_HTTP2_STREAM_ERROR"} 2`,
      `{method="GET",host="${host}",error_type="response_aborted"} 1`,
    ])
  })

  test('for what is no address is counted as such', async () => {
    const { registry, client } = await started()
    const stream = client.request({ ':path': '/ok', ':authority': 'no address' })
    stream.on('error', () => {}).resume()
    await new Promise((resolve) => stream.on('close', resolve))
    await vi.waitFor(async () => {
      const counted = await lines(registry, 'app_outgoing_request_count_total')
      expect(counted.map((line) => line.includes('host="unknown"'))).toEqual(isTold ? [true] : [])
    })
  })

  test('without a connection has an error, too', async () => {
    const { registry } = await started()
    const server = createTcpServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const client = connect(`http://127.0.0.1:${port}`).on('error', () => {})
    await status(client, '/')
    await expectErrors(registry, [`{method="GET",host="127.0.0.1:${port}",error_type="ERR_HTTP2_STREAM_CANCEL"} 1`])
  })
})

test('a request of undici by HTTP/2 is counted once', async () => {
  const registry = measured()
  const port = await listening(createSecureServer({ key: KEY, cert: CERTIFICATE }))
  const dispatcher = new Agent({ allowH2: true, connect: { rejectUnauthorized: false } })
  onTestFinished(async () => await dispatcher.destroy())
  for (let i = 0; i < 2; i++) {
    const { statusCode, body } = await undiciRequest(`https://localhost:${port}/ok`, { dispatcher })
    expect([statusCode, await body.text()]).toEqual([200, 'ok'])
  }
  const expected = [`app_outgoing_request_count_total{method="GET",host="localhost:${port}",http_status="200"} 2`]
  await vi.waitFor(async () => expect(await lines(registry, 'app_outgoing_request_count_total')).toEqual(expected))
})

function measured(): Registry {
  const registry = new Registry()
  const running = outgoingRequestMetrics({ registry })
  onTestFinished(() => running.stop())
  return registry
}

async function started(): Promise<{ registry: Registry; host: string; client: ClientHttp2Session }> {
  const registry = measured()
  const port = await listening(createServer())
  const client = connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => client.destroy())
  return { registry, host: `127.0.0.1:${port}`, client }
}

async function listening(server: Http2Server): Promise<number> {
  server.on('request', (request, response) => {
    if (request.url === '/ok') response.end('ok')
    else if (request.url === '/reset') response.stream.close(2)
    else if (request.url === '/cut') {
      response.write('first')
      setTimeout(() => response.stream.close(2), 20)
    } else if (request.url !== '/silent') response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Of a request that is read to its end, if it has one. */
async function status(client: ClientHttp2Session, path: string, method = 'GET', body?: string): Promise<number> {
  return await new Promise((resolve) => {
    let found = 0
    const stream = client.request({ ':path': path, ':method': method })
    stream.on('response', (headers) => (found = Number(headers[':status'])))
    stream.on('error', () => {}).on('close', () => resolve(found))
    stream.resume().end(body)
  })
}

async function expectCounts(registry: Registry, expected: readonly string[]): Promise<void> {
  await expectLines(registry, 'app_outgoing_request_count_total', expected)
}

async function expectErrors(registry: Registry, expected: readonly string[]): Promise<void> {
  await expectLines(registry, 'app_outgoing_request_errors_total', expected)
}

async function expectLines(registry: Registry, name: string, expected: readonly string[]): Promise<void> {
  const whole = isTold ? expected.map((line) => name + line) : []
  await vi.waitFor(async () => expect((await lines(registry, name)).toSorted()).toEqual(whole.toSorted()))
}

async function lines(registry: Registry, name: string): Promise<string[]> {
  return (await expose(registry)).split('\n').filter((line) => line.startsWith(`${name}{`))
}
