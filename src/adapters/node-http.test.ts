import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { describeAdapter, expectCounts, handlers } from '../../test/adapters/contract.ts'
import { startHttp2Service } from '../../test/adapters/http2-service.ts'
import { startHttpsService } from '../../test/adapters/https-service.ts'
import { startService } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint, type NodeMiddleware } from './node-http.ts'

describe.each([
  ['node:http', { serve: startService }],
  ['node:https', { serve: startHttpsService, scheme: 'https' }],
  ['node:http2', { serve: startHttp2Service, protocolVersion: '2' }],
])('narthex/node on %s', (_, transport) => {
  describeAdapter({
    ...transport,
    service: (options, times = 1) => listener(Array.from({ length: times }, () => metrics(options))),
    halves: (options) => ({ service: listener([measureRequests(options)]), scrapes: answerScrapes(options) }),
  })
})

describe('the endpoint', () => {
  test('is told by a function of the request', async () => {
    const registry = new Registry()
    const endpoint = (request: http.IncomingMessage): string | undefined => request.headers['x-route']?.toString()
    const measure = measureRequests({ registry, endpoint })
    const { exchange } = await startService((request, response) => {
      measure(request, response)
      response.end()
    })
    await exchange('GET /a/1 HTTP/1.1\r\nHost: x\r\nX-Route: /a/:id\r\nConnection: close\r\n\r\n')
    await exchange('GET /a/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await expectCounts(registry, { 'GET /a/:id 200': 1, 'GET _unmatched 200': 1 })
  })

  test('told by a handler comes before it', async () => {
    const registry = new Registry()
    const measure = measureRequests({ registry, endpoint: () => '/from/options' })
    const { request } = await startService((request, response) => {
      measure(request, response)
      if (request.url === '/b') setEndpoint(request, '/from/handler')
      response.end()
    })
    await request('/a')
    await request('/b')
    await expectCounts(registry, { 'GET /from/handler 200': 1, 'GET /from/options 200': 1 })
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('deliberate')
      },
    ],
    ['returns no text', () => ({}) as string],
  ])('is never the path, also where its function %s', async (_, endpoint) => {
    const registry = new Registry()
    const measure = measureRequests({ registry, endpoint })
    const { request } = await startService((request, response) => {
      measure(request, response)
      response.end()
    })
    await request('/a')
    await expectCounts(registry, { 'GET _unmatched 200': 1 })
  })
})

test('a scrape is answered whatever form its target has', async () => {
  const { exchange } = await startService(answerScrapes({ registry: new Registry(), processMetrics: false }))
  const head = 'HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  expect(await exchange(`GET http://127.0.0.1/metrics?name[]=x ${head}`)).toMatch(/^HTTP\/1.1 200 /)
  expect(await exchange(`OPTIONS * ${head}`)).toMatch(/^HTTP\/1.1 404 /)
})

test('two registries may measure one request', async () => {
  const [a, b] = [new Registry(), new Registry()]
  const options: MetricsOptions = { processMetrics: false }
  const measured = [metrics({ ...options, registry: a }), metrics({ ...options, registry: b, path: '/b/metrics' })]
  const { request } = await startService(listener(measured))
  await request('/users/1')
  await request('/b/metrics')
  await expectCounts(a, { 'GET /b/metrics 200': 1, 'GET /users/:id 200': 1 })
  await expectCounts(b, { 'GET /b/metrics 200': 1, 'GET /users/:id 200': 1 })
})

test('HTTP/2 is measured and scraped as HTTP/1 is', async () => {
  const registry = new Registry()
  const measured = metrics({ registry, processMetrics: false })
  const server = http2.createServer((request, response) => {
    measured(request, response, () => {
      setEndpoint(request, '/users/:id')
      response.end('a user')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    client.destroy()
    server.close()
  })
  const answerOf = async (path: string): Promise<string> => {
    let body = ''
    for await (const chunk of client.request({ ':path': path }).setEncoding('utf8')) body += String(chunk)
    return body
  }
  expect(await answerOf('/users/1')).toBe('a user')
  await expectCounts(registry, { 'GET /users/:id 200': 1 })
  expect(await answerOf('/metrics')).toContain('endpoint="/users/:id",http_status="200"} 1\n')
})

/** The service of the contract, as one would write it without a framework. */
function listener(middlewares: readonly NodeMiddleware<http.IncomingMessage>[]): http.RequestListener {
  return (request, response) => {
    const steps = middlewares.map((middleware) => (next: () => void) => middleware(request, response, next))
    steps.reduceRight<() => void>(
      (next, step) => () => step(next),
      () => route(request, response),
    )()
  }
}

const routes: readonly (readonly [path: RegExp, endpoint: string, handler: http.RequestListener])[] = [
  [/^\/users\/[^/?]+(\?.*)?$/, '/users/:id', handlers.user],
  [/^\/stream$/, '/stream', handlers.stream],
  [/^\/silent$/, '/silent', handlers.silent],
  [/^\/endless$/, '/endless', handlers.endless],
  [/^\/throw$/, '/throw', handlers.throw],
]

function route(request: http.IncomingMessage, response: http.ServerResponse): void {
  const [, endpoint, handler] = routes.find(([path]) => path.test(request.url ?? '')) ?? []
  if (endpoint !== undefined) setEndpoint(request, endpoint)
  try {
    if (handler === undefined) response.writeHead(404).end()
    else handler(request, response)
  } catch {
    response.writeHead(500).end()
  }
}
