import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect, type AddressInfo, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { CERTIFICATE, KEY } from '../../test/adapters/certificate.ts'
import { expectCounts } from '../../test/adapters/contract.ts'
import { expectLines, linesOf } from '../../test/adapters/request-contract.ts'
import { counted, startService } from '../../test/adapters/service.ts'
import { get, leaveAfter } from '../../test/adapters/wire.ts'
import { measureRequests, setEndpoint, setError } from './node.ts'

const measure = { firstByte: true, requestSize: true, responseSize: true }
const BIG = Buffer.alloc(20_000_000)

type Respond = (request: http.IncomingMessage, response: http.ServerResponse) => void

/** A listener whose requests all have the endpoint `/a`. */
function measured(registry: Registry, respond: Respond, options: MetricsOptions = {}): Respond {
  const measureRequest = measureRequests({ registry, ...options })
  return (request, response) => {
    measureRequest(request, response)
    setEndpoint(request, '/a')
    respond(request, response)
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** How a response ends is told by the response itself at first, and then by its connection. */
const beforeIt = { 'the first of its connection': '', 'a later one of its connection': get('/before') }

describe.each(Object.entries(beforeIt))('a request, %s,', (_, before) => {
  const answering =
    (respond: Respond): Respond =>
    (request, response) => {
      if (request.url === '/before') response.end('a user')
      else respond(request, response)
    }
  const counts = before === '' ? 1 : 2

  test('whose response was handed over but could not be sent is aborted', async () => {
    const registry = new Registry()
    const respond = answering((_request, response) => void response.end(BIG))
    const { port } = await startService(measured(registry, respond))
    await leaveAfter(port, get('/'), (answer) => answer.length > 0, before)
    await expectCounts(registry, { 'GET /a 200': counts })
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([
      'app_requests_aborted_total{method="GET",endpoint="/a"} 1',
    ])
  })

  test('whose response the service itself destroys has failed, and was not aborted', async () => {
    const registry = new Registry()
    const respond = answering((_request, response) => {
      response.write('first')
      setTimeout(() => response.destroy(new RangeError('deliberate')), 10)
    })
    const { port } = await startService(measured(registry, respond))
    await leaveAfter(port, get('/'), () => false, before)
    await expectCounts(registry, { 'GET /a 200': counts })
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
    expect(await linesOf(registry, 'app_request_errors_total')).toEqual([
      'app_request_errors_total{method="GET",endpoint="/a",error_type="RangeError"} 1',
    ])
  })

  test('that two metrics measure is counted in both', async () => {
    const registries = [new Registry(), new Registry()]
    const respond = answering((_request, response) => void response.end('a user'))
    const { port } = await startService(measured(registries[0]!, measured(registries[1]!, respond)))
    await leaveAfter(port, get('/'), (answer) => answer.includes('a user'), before)
    for (const registry of registries) {
      await expectCounts(registry, { 'GET /a 200': counts })
      expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
    }
  })
})

describe('a request', () => {
  test('before whose response the service gives up has the class of the error', async () => {
    const registry = new Registry()
    const { port } = await startService(
      measured(registry, (_, response) => void response.destroy(new RangeError('deliberate'))),
    )
    connect(port, '127.0.0.1').resume().write(get('/'))
    await expectLines(registry, 'app_request_errors_total', [
      'app_request_errors_total{method="GET",endpoint="/a",error_type="RangeError"} 1',
    ])
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
  })

  test('that waits for its turn when its client leaves is aborted, though its body was read', async () => {
    const registry = new Registry()
    const { port } = await startService(
      measured(registry, (request, response) => {
        if (request.method === 'POST') request.resume().on('end', () => response.end('answered'))
      }),
    )
    const post = get('/', 'Content-Length: 5').replace('GET', 'POST')
    await leaveAfter(port, `${get('/')}${post}hello${post}hello`, () => true)
    await expectLines(registry, 'app_requests_aborted_total', [
      'app_requests_aborted_total{method="GET",endpoint="/a"} 1',
      'app_requests_aborted_total{method="POST",endpoint="/a"} 2',
    ])
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual([
      'app_requests_in_progress{method="GET"} 0',
      'app_requests_in_progress{method="POST"} 0',
    ])
  })

  test.each([
    ['', ''],
    ['a later one of its connection, ', get('/', 'X-Now: a user')],
  ])('%sthat is measured only when its client has left is aborted', async (_, before) => {
    const registry = new Registry()
    const measure = measured(registry, (_, response) => void response.end('a user'))
    const { port } = await startService((request, response) => {
      if (request.headers['x-now'] !== undefined) measure(request, response)
      else setTimeout(() => measure(request, response), 100)
    })
    await leaveAfter(port, get('/'), () => true, before)
    await expectLines(registry, 'app_requests_aborted_total', [
      'app_requests_aborted_total{method="GET",endpoint="/a"} 1',
    ])
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
    expect(await counted(registry)).toMatchObject({ 'GET /a aborted': 1 })
  })

  test('may be told of until the listeners of its response are through, on every connection', async () => {
    const registry = new Registry()
    const { port } = await startService(
      measured(registry, (request, response) => {
        response.on('finish', () => setEndpoint(request, '/told'))
        response.end('a user')
      }),
    )
    await leaveAfter(port, get('/'), (answer) => answer.includes('a user'), get('/'))
    await expectCounts(registry, { 'GET /told 200': 2 })
  })

  test('that is measured only when it was answered is counted', async () => {
    const registry = new Registry()
    const measure = measured(registry, () => {})
    const { request } = await startService((incoming, response) => {
      response.writeHead(202).end()
      setTimeout(() => measure(incoming, response), 50)
    })
    await request('/')
    await expectCounts(registry, { 'GET /a 202': 1 })
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
  })

  test('whose error is told has its class, if it fails', async () => {
    const registry = new Registry()
    const { request } = await startService(
      measured(registry, (request, response) => {
        setError(request, new TypeError('deliberate'))
        response.writeHead(request.method === 'GET' ? 503 : 200).end()
      }),
    )
    await request('/')
    await request('/', 'PUT')
    await expectLines(registry, 'app_request_errors_total', [
      'app_request_errors_total{method="GET",endpoint="/a",error_type="TypeError"} 1',
    ])
  })

  test('is what the functions among the options are given', async () => {
    const registry = new Registry()
    const measureRequest = measureRequests({
      registry,
      labels: { plan: (request: http.IncomingMessage) => request.headers['x-plan']?.toString() },
      ignore: (endpoint, request) => endpoint === undefined && request.url === '/health',
    })
    const { exchange } = await startService((request, response) => {
      measureRequest(request, response)
      response.end()
    })
    await exchange(get('/', 'X-Plan: gold', 'Connection: close'))
    await exchange(get('/health', 'X-Plan: gold', 'Connection: close'))
    await expectLines(registry, 'app_request_count_total', [
      'app_request_count_total{method="GET",endpoint="_unmatched",http_status="200",plan="gold"} 1',
    ])
  })
})

describe('bytes', () => {
  test('are counted in every way in which a body can be written', async () => {
    const registry = new Registry()
    const { request } = await startService(
      measured(
        registry,
        (_, response) => {
          response.flushHeaders()
          response.write('ü')
          response.write('ab', 'latin1', () => {})
          response.write(new Uint8Array(10))
          response.end('6869', 'hex')
        },
        { measure },
      ),
    )
    await request('/')
    await expectLines(registry, 'app_response_size_bytes_sum', [
      'app_response_size_bytes_sum{method="GET",endpoint="/a"} 16',
    ])
  })

  test('are not counted that are written after the end, or to a client that has left', async () => {
    const registry = new Registry()
    const { port, request } = await startService(
      measured(
        registry,
        (incoming, response) => {
          response.on('error', () => {})
          if (incoming.method === 'PUT') {
            response.on('close', () => response.write('nobody'))
            response.write('first')
          } else {
            response.end('hello')
            response.end('again')
            response.write('again')
          }
        },
        { measure },
      ),
    )
    await request('/')
    await leaveAfter(port, get('/').replace('GET', 'PUT'), (answer) => answer.includes('first'))
    await expectLines(registry, 'app_response_size_bytes_sum', [
      'app_response_size_bytes_sum{method="GET",endpoint="/a"} 5',
      'app_response_size_bytes_sum{method="PUT",endpoint="/a"} 5',
    ])
  })

  test('are counted once for two registries', async () => {
    const [a, b] = [new Registry(), new Registry()]
    const first = measured(a, () => {}, { measure })
    const { request } = await startService(
      measured(
        b,
        (request, response) => {
          first(request, response)
          response.end('hello')
        },
        { measure },
      ),
    )
    await request('/')
    const expected = ['app_response_size_bytes_sum{method="GET",endpoint="/a"} 5']
    await expectLines(a, 'app_response_size_bytes_sum', expected)
    await expectLines(b, 'app_response_size_bytes_sum', expected)
  })

  test('of a body that has begun to arrive are counted, too', async () => {
    const registry = new Registry()
    const respond = measured(
      registry,
      (request, response) => request.resume().on('end', () => response.end()) as unknown as void,
      { measure },
    )
    const { exchange } = await startService((request, response) => {
      setTimeout(() => respond(request, response), 20)
    })
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n'
    await exchange(`${head}hello`)
    await expectLines(registry, 'app_request_size_bytes_sum', [
      'app_request_size_bytes_sum{method="POST",endpoint="/a"} 5',
    ])
  })
})

describe('HTTPS', () => {
  test('is measured as HTTP is, with its scheme', async () => {
    const registry = new Registry()
    const options = { key: KEY, cert: CERTIFICATE }
    const server = https.createServer(
      options,
      measured(registry, (_, response) => void response.end('hello'), { measure, naming: 'semconv' }),
    )
    const port = await listen(server)
    const request = { port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }
    const response = await new Promise<http.IncomingMessage>((resolve) => https.get(request, resolve))
    expect(await text(response)).toBe('hello')
    await expectLines(registry, 'http_server_response_body_size_bytes_sum', [
      'http_server_response_body_size_bytes_sum{http_request_method="GET",http_route="/a",http_response_status_code="200",url_scheme="https",network_protocol_version="1.1",error_type=""} 5',
    ])
    expect(await linesOf(registry, 'http_server_active_requests')).toEqual([
      'http_server_active_requests{http_request_method="GET",url_scheme="https"} 0',
    ])
  })
})

describe('HTTP/2, by the compatibility API', () => {
  async function start(respond: Respond, options: MetricsOptions = {}): Promise<Http2Service> {
    const registry = new Registry()
    const listener = measured(registry, respond, options)
    const server = http2.createServer((request, response) => {
      listener(request as unknown as http.IncomingMessage, response as unknown as http.ServerResponse)
    })
    const client = http2.connect(`http://127.0.0.1:${await listen(server)}`)
    client.on('error', () => {})
    onTestFinished(() => client.destroy())
    return {
      registry,
      ask(headers = {}, body = '') {
        const stream = client.request({ ':path': '/', ...headers }, { endStream: body === '' })
        stream.on('error', () => {})
        if (body !== '') stream.end(body)
        return stream
      },
    }
  }

  interface Http2Service {
    readonly registry: Registry
    ask(headers?: http2.OutgoingHttpHeaders, body?: string): http2.ClientHttp2Stream
  }

  test('requests are measured, with their bytes', async () => {
    const { registry, ask } = await start(
      (request, response) => {
        request.resume().on('end', () => {
          response.write('first')
          response.end('last')
        })
      },
      { measure },
    )
    expect(await text(ask())).toBe('firstlast')
    expect(await text(ask({ ':method': 'POST', 'x-request-start': `t=${Date.now() / 1000 - 1}` }, 'hello'))).toBe(
      'firstlast',
    )
    await text(ask({ ':method': 'HEAD' }))
    await expectCounts(registry, { 'GET /a 200': 1, 'HEAD /a 200': 1, 'POST /a 200': 1 })
    expect(await linesOf(registry, 'app_request_size_bytes_sum')).toEqual([
      'app_request_size_bytes_sum{method="GET",endpoint="/a"} 0',
      'app_request_size_bytes_sum{method="HEAD",endpoint="/a"} 0',
      'app_request_size_bytes_sum{method="POST",endpoint="/a"} 5',
    ])
    expect(await linesOf(registry, 'app_response_size_bytes_sum')).toEqual([
      'app_response_size_bytes_sum{method="GET",endpoint="/a"} 9',
      'app_response_size_bytes_sum{method="HEAD",endpoint="/a"} 0',
      'app_response_size_bytes_sum{method="POST",endpoint="/a"} 9',
    ])
    expect(await linesOf(registry, 'app_request_queue_seconds_count')).toEqual([
      'app_request_queue_seconds_count{method="POST"} 1',
    ])
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
  })

  test('have their version', async () => {
    const { registry, ask } = await start((_, response) => void response.end(), { naming: 'semconv' })
    await text(ask())
    await vi.waitFor(async () => {
      const [line] = await linesOf(registry, 'http_server_request_duration_seconds_count')
      expect(line).toContain(',url_scheme="http",network_protocol_version="2",error_type=""} 1')
    })
  })

  test('a stream that the client resets is aborted, before the headers and after', async () => {
    const { registry, ask } = await start((request, response) => {
      if (request.url === '/begun') response.write('first')
    })
    const [silent, begun] = [ask(), ask({ ':path': '/begun' })]
    await new Promise((resolve) => begun.on('data', resolve))
    for (const stream of [silent, begun]) stream.close(http2.constants.NGHTTP2_CANCEL)
    await expectCounts(registry, { 'GET /a 200': 1, 'GET /a aborted': 1 })
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([
      'app_requests_aborted_total{method="GET",endpoint="/a"} 2',
    ])
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
  })

  test('a stream that the service itself destroys has failed, and was not aborted', async () => {
    const { registry, ask } = await start((_, response) => {
      const { stream } = response as unknown as http2.Http2ServerResponse
      stream.on('error', () => {})
      response.write('first')
      setTimeout(() => stream.destroy(new RangeError('deliberate')), 10)
    })
    ask().resume()
    await expectCounts(registry, { 'GET /a 200': 1 })
    expect(await linesOf(registry, 'app_request_errors_total')).toEqual([
      'app_request_errors_total{method="GET",endpoint="/a",error_type="RangeError"} 1',
    ])
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
  })

  test.each([
    [
      'the error of its client',
      (stream: http2.ClientHttp2Stream) => stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR),
    ],
    [
      'its session with an error',
      ({ session }: http2.ClientHttp2Stream) => session!.destroy(undefined, http2.constants.NGHTTP2_INTERNAL_ERROR),
    ],
  ])('a stream that ends by %s is aborted', async (_, end) => {
    const { registry, ask } = await start((_request, response) => {
      ;(response as unknown as http2.Http2ServerResponse).stream.on('error', () => {})
      response.write('first')
    })
    const stream = ask()
    await new Promise((resolve) => stream.on('data', resolve))
    end(stream)
    await expectCounts(registry, { 'GET /a 200': 1 })
    expect(await linesOf(registry, 'app_request_errors_total')).toEqual([
      'app_request_errors_total{method="GET",endpoint="/a",error_type="client_aborted"} 1',
    ])
  })

  test('what is sent by the stream itself, such as a file, has its status, and is aborted only if it is', async () => {
    const { registry, ask } = await start((request, response) => {
      const { stream } = response as unknown as http2.Http2ServerResponse
      stream.on('error', () => {})
      if (request.url === '/file') return stream.respondWithFile(import.meta.filename)
      stream.respond({ ':status': 203 })
      if (request.url === '/whole') stream.end('whole')
      else stream.write('first')
    })
    expect(await text(ask({ ':path': '/file' }))).toContain('a file')
    expect(await text(ask({ ':path': '/whole' }))).toBe('whole')
    await expectCounts(registry, { 'GET /a 200': 1, 'GET /a 203': 1 })
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([])
    const begun = ask()
    await new Promise((resolve) => begun.on('data', resolve))
    begun.close(http2.constants.NGHTTP2_CANCEL)
    await expectCounts(registry, { 'GET /a 200': 1, 'GET /a 203': 2 })
    expect(await linesOf(registry, 'app_requests_aborted_total')).toEqual([
      'app_requests_aborted_total{method="GET",endpoint="/a"} 1',
    ])
  })

  test('a stream that is measured only when the client has reset it is aborted', async () => {
    const registry = new Registry()
    const measure = measured(registry, (_, response) => void response.end())
    const server = http2.createServer((request, response) => {
      const [incoming, outgoing] = [request, response] as unknown as [http.IncomingMessage, http.ServerResponse]
      setTimeout(() => measure(incoming, outgoing), 100)
    })
    const client = http2.connect(`http://127.0.0.1:${await listen(server)}`)
    onTestFinished(() => client.destroy())
    const stream = client.request({ ':path': '/' })
    stream.on('error', () => {})
    await new Promise((resolve) => setTimeout(resolve, 50))
    stream.close(http2.constants.NGHTTP2_CANCEL)
    await expectCounts(registry, { 'GET /a aborted': 1 })
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
  })

  test('a connection that is lost aborts all that is on it', async () => {
    const { registry, ask } = await start(() => {})
    const streams = [ask(), ask(), ask()]
    await expectLines(registry, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 3'])
    streams[0]!.session!.destroy()
    await expectCounts(registry, { 'GET /a aborted': 3 })
    expect(await linesOf(registry, 'app_requests_in_progress')).toEqual(['app_requests_in_progress{method="GET"} 0'])
  })
})

test('a scan of 100,000 addresses with all methods and hosts adds a handful of series', async () => {
  const registry = new Registry()
  const measureRequest = measureRequests({ registry, naming: 'semconv' })
  const { port } = await startService((request, response) => {
    measureRequest(request, response)
    response.writeHead(404).end()
  })
  const methods = http.METHODS.filter((method) => method !== 'CONNECT')
  const random = (): string => Math.random().toString(36).slice(2)
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = connect(port, '127.0.0.1')
      const closed = new Promise((resolve) => socket.on('close', resolve))
      socket.resume()
      for (let batch = 0; batch < 100; batch++) {
        const requests = Array.from({ length: 50 }, (_, i) => {
          return `${methods[(batch * 50 + i) % methods.length]} /${random()}?${random()} HTTP/1.1\r\nHost: ${random()}.example\r\n\r\n`
        })
        if (!socket.write(requests.join(''))) await new Promise((resolve) => socket.once('drain', resolve))
      }
      socket.end('GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      await closed
    }),
  )
  await vi.waitFor(async () => {
    const lines = await linesOf(registry, 'http_server_request_duration_seconds_count')
    expect(lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(100_020)
    // DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY where Node knows it, TRACE and _OTHER.
    expect(lines.length).toBeLessThanOrEqual(10)
  })
  for (const line of await linesOf(registry, 'http_server_active_requests')) expect(line).toMatch(/ 0$/)
}, 30_000)
