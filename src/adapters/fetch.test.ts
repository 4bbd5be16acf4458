import type http from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { describe, expect, test } from 'vitest'
import { counter, expose, Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { measureRequests as measureNodeRequests } from 'narthex/node'
import { registerProcessMetrics } from 'narthex/process'
import { describeAdapter, expectCounts } from '../../test/adapters/contract.ts'
import { chunks, fetchHandlers } from '../../test/adapters/fetch-handlers.ts'
import { expectLines } from '../../test/adapters/request-contract.ts'
import { latencies, startService } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint, setError } from './fetch.ts'

type Handler = (request: Request, ...rest: unknown[]) => Response | Promise<Response>

describe.each<{
  platform: string
  listener: (handler: Handler) => http.RequestListener
  pipelineIsDeaf?: string
  requestBodiesAreUnseen?: string
  protocolVersion?: string
}>([
  { platform: 'Node, whose response tells of its end', listener: (handler) => getRequestListener(handler) },
  {
    platform: 'a platform that tells of nothing',
    listener: (handler) => getRequestListener((request) => handler(request)),
    pipelineIsDeaf: 'the signal of a request that waits for its turn is not aborted',
    requestBodiesAreUnseen: 'the body is the own of the handler',
    protocolVersion: '',
  },
])('narthex/fetch on $platform', ({ listener, ...platform }) => {
  describeAdapter({
    service(options, times = 1) {
      let handler: Handler = route
      for (let i = 0; i < times; i++) handler = metrics(handler, options)
      withProcessMetrics(options)
      return listener(handler)
    },
    halves: (options) => ({
      service: listener(measureRequests(route, options)),
      scrapes: listener(answerScrapes(options)),
    }),
    thrownErrorType: 'Error',
    ...platform,
  })
})

describe('a response', () => {
  /** What a handler answers, as its platform gets it; and the metrics. */
  async function respond(
    answer: (request: Request) => Response,
    init?: RequestInit,
  ): Promise<{ response: Response; registry: Registry }> {
    const registry = new Registry()
    const request = new Request('http://127.0.0.1/a', init)
    const measure = { responseSize: true }
    return { response: await measureRequests(answer, { registry, measure })(request), registry }
  }

  test('keeps its status, its headers and its body', async () => {
    const headers = new Headers([
      ['content-type', 'text/css'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    for (const body of ['some text', new Blob(['some ', 'text']), chunks('some ', 1, 'text')]) {
      const { response } = await respond(() => new Response(body, { status: 202, statusText: 'Later', headers }))
      expect([response.status, response.statusText]).toEqual([202, 'Later'])
      expect([...response.headers]).toEqual([...headers])
      expect(await response.text()).toBe('some text')
    }
  })

  test.each([
    ['nothing', () => new Response(null)],
    ['an empty text', () => new Response('')],
    ['a text', () => new Response('x'.repeat(100_000))],
    ['JSON', () => Response.json({ a: 1 })],
    ['a redirection', () => Response.redirect('http://127.0.0.1/b', 302)],
    ['an error of the network', () => Response.error()],
  ])('whose body is there at once is counted at once: %s', async (_, answer) => {
    const { registry, response } = await respond(answer)
    expect((await latencies(registry))['GET _unmatched']?.count).toBe(1)
    expect(response.status).toBe(answer().status)
  })

  test('whose body is streamed is counted at its end, with what took the first byte', async () => {
    const { registry, response } = await respond(() => new Response(chunks('a', 30, 'b')))
    expect(await latencies(registry)).toEqual({})
    expect(await response.text()).toBe('ab')
    expect((await latencies(registry))['GET _unmatched']?.sum).toBeGreaterThan(0.028)
  })

  test('is read no faster than the platform reads it', async () => {
    let pulled = 0
    const chunk = new Uint8Array(65_536)
    const endless = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(chunk)) })
    const { response, registry } = await respond(() => new Response(endless))
    const before = pulled
    expect(before).toBeLessThanOrEqual(3)
    const reader = response.body!.getReader()
    for (let i = 0; i < 10; i++) expect((await reader.read()).value?.buffer).toBe(chunk.buffer)
    expect(pulled - before).toBeLessThanOrEqual(10)
    await reader.cancel()
    await expectCounts(registry, { 'GET _unmatched 200': 1 })
  })

  test('that is given up is counted once, and its source learns why', async () => {
    let reason: unknown
    const source = new ReadableStream({ cancel: (why) => void (reason = why) })
    const { response, registry } = await respond(() => new Response(source))
    await response.body!.cancel('enough')
    expect(reason).toBe('enough')
    await expectCounts(registry, { 'GET _unmatched 200': 1 })
  })

  test.each([
    ['at once', 0],
    ['later', 10],
  ])('whose body fails %s fails for its reader, and is counted once', async (_, after) => {
    const failing = new ReadableStream({
      async start(controller) {
        if (after > 0) await new Promise((resolve) => setTimeout(resolve, after))
        controller.error(new RangeError('deliberate'))
      },
    })
    const { response, registry } = await respond(() => new Response(failing))
    await expect(response.text()).rejects.toThrow('deliberate')
    await expectCounts(registry, { 'GET _unmatched 200': 1 })
    await expectLines(registry, 'app_request_errors_total', [
      'app_request_errors_total{method="GET",endpoint="_unmatched",error_type="RangeError"} 1',
    ])
    expect(await expose(registry)).not.toContain('app_requests_aborted_total{')
  })

  test.each([
    ['at once', 0],
    ['later', 10],
  ])('whose body has %s a part that is none fails for its reader, and is counted once', async (_, after) => {
    const wrong = new ReadableStream({
      async start(controller) {
        if (after > 0) await new Promise((resolve) => setTimeout(resolve, after))
        controller.enqueue(new ArrayBuffer(3))
        controller.close()
      },
    })
    const { response, registry } = await respond(() => new Response(wrong))
    await expect(response.text()).rejects.toThrow(TypeError)
    await expectCounts(registry, { 'GET _unmatched 200': 1 })
    await expectLines(registry, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
    expect(await expose(registry)).not.toContain('NaN')
  })

  test('to HEAD is counted at once: nobody reads its body', async () => {
    const { response, registry } = await respond(() => new Response(chunks('a', 1000, 'b')), { method: 'HEAD' })
    await expectCounts(registry, { 'HEAD _unmatched 200': 1 })
    await response.body!.cancel()
  })

  test('that is none, as after an upgrade on Bun, is 101', async () => {
    const registry = new Registry()
    const upgrading = metrics((): Response | undefined => undefined, { registry })
    expect(await upgrading(new Request('http://127.0.0.1/'))).toBe(undefined)
    await expectCounts(registry, { 'GET _unmatched 101': 1 })
  })
})

describe('a request', () => {
  test('whose handler throws or rejects is a 500, and the error goes on', async () => {
    const registry = new Registry()
    const handlers: Handler[] = [fetchHandlers.throw, async () => await Promise.reject(new Error('deliberate'))]
    for (const handler of handlers) {
      await expect(measureRequests(handler, { registry })(new Request('http://127.0.0.1/'))).rejects.toThrow(
        'deliberate',
      )
    }
    await expectCounts(registry, { 'GET _unmatched 500': 2 })
  })

  test('that is aborted before its answer is counted at once, and once', async () => {
    const registry = new Registry()
    const controller = new AbortController()
    let answer: ((response: Response) => void) | undefined
    const handler = measureRequests(async () => await new Promise<Response>((resolve) => (answer = resolve)), {
      registry,
    })
    const response = handler(new Request('http://127.0.0.1/', { signal: controller.signal }))
    controller.abort()
    await expectCounts(registry, { 'GET _unmatched aborted': 1 })
    answer?.(new Response(chunks('a')))
    await (await response).text()
    await expectCounts(registry, { 'GET _unmatched aborted': 1 })
  })

  test('gives its handler whatever the platform gives', async () => {
    const handler = metrics((request: Request, env: { name: string }, context: object) => {
      return Response.json([request.method, env.name, context])
    })
    const response = await handler(new Request('http://127.0.0.1/', { method: 'POST' }), { name: 'x' }, { y: 1 })
    expect(await response.json()).toEqual(['POST', 'x', { y: 1 }])
  })

  test('has the endpoint that is told of it, or of what stands in for it; else that of the option', async () => {
    const registry = new Registry()
    const endpoint = ({ headers }: Request): string | undefined => headers.get('x-route') ?? undefined
    const tell = metrics(
      (request) => {
        if (request.url.endsWith('/told')) setEndpoint(request, '/told')
        if (request.url.endsWith('/inherits')) setEndpoint(Object.create(request) as Request, '/inherits')
        if (request.url.endsWith('/proxied')) setEndpoint(new Proxy(request, {}), '/proxied')
        return new Response(null)
      },
      { registry, endpoint },
    )
    const headers = { 'x-route': '/option' }
    for (const path of ['/told', '/inherits', '/proxied', '/x']) {
      await tell(new Request(`http://127.0.0.1${path}`, { headers }))
    }
    await tell(new Request('http://127.0.0.1/x'))
    await expectCounts(registry, {
      'GET /inherits 200': 1,
      'GET /option 200': 1,
      'GET /proxied 200': 1,
      'GET /told 200': 1,
      'GET _unmatched 200': 1,
    })
  })

  test('that passes narthex/node on its way to narthex/fetch is counted once, with its endpoint', async () => {
    const registry = new Registry()
    const options = { registry, processMetrics: false }
    const measureNode = measureNodeRequests(options)
    const inner = getRequestListener(metrics(route, options))
    const { request } = await startService((incoming, outgoing) => {
      measureNode(incoming, outgoing)
      void inner(incoming, outgoing)
    })
    await request('/users/1')
    await request('/metrics')
    await expectCounts(registry, { 'GET /metrics 200': 1, 'GET /users/:id 200': 1 })
  })
})

describe('beside latency and count', () => {
  /** The samples of a family whose name ends so, after requests that were answered by the handlers. */
  async function samplesAfter(name: string, exchanges: readonly [Handler, RequestInit?][]): Promise<string[]> {
    const registry = new Registry()
    const measure = { firstByte: true, requestSize: true, responseSize: true }
    for (const [handler, init] of exchanges) {
      const request = new Request('https://127.0.0.1/a', init)
      await measureRequests(handler, { registry, measure })(request)
        .then(async (response) => await response.arrayBuffer())
        .catch(() => {})
    }
    const exposition = await expose(registry)
    return exposition.split('\n').filter((line) => line.startsWith(`app_${name}`))
  }

  test('the bodies of responses are counted, also where they are streamed', async () => {
    const bodies = ['12345', chunks('123', 5, '4567'), null, 'x'.repeat(100_000)]
    const exchanges = bodies.map((body): [Handler] => [() => new Response(body)])
    const head: [Handler, RequestInit] = [() => new Response('12345'), { method: 'HEAD' }]
    const lines = await samplesAfter('response_size_bytes', [...exchanges, head])
    expect(lines).toContain('app_response_size_bytes_sum{method="GET",endpoint="_unmatched"} 100012')
    expect(lines).toContain('app_response_size_bytes_count{method="GET",endpoint="_unmatched"} 4')
    expect(lines).toContain('app_response_size_bytes_sum{method="HEAD",endpoint="_unmatched"} 0')
  })

  test('the time to the first byte is that of the first part of the body', async () => {
    const lines = await samplesAfter('request_first_byte_seconds_sum', [
      [() => new Response(chunks(20, 'a', 500, 'b'))],
    ])
    const [, seconds] = /} (.*)$/.exec(lines[0] ?? '') ?? []
    expect(Number(seconds)).toBeGreaterThan(0.018)
    expect(Number(seconds)).toBeLessThan(0.5)
  })

  test('a request that has no body is counted with none, and one that has is not', async () => {
    const ok: Handler = () => new Response(null)
    expect(await samplesAfter('request_size_bytes_count', [[ok], [ok, { method: 'POST', body: 'x' }]])).toEqual([
      'app_request_size_bytes_count{method="GET",endpoint="_unmatched"} 1',
      'app_request_size_bytes_count{method="POST",endpoint="_unmatched"} 0',
    ])
  })

  test('what is thrown is the type of the error, and so is what a body fails with, unless the program says more', async () => {
    class Full extends Error {}
    const failing = new ReadableStream({ pull: () => Promise.reject(new RangeError('deliberate')) })
    const lines = await samplesAfter('request_errors_total', [
      [() => Promise.reject(new TypeError('deliberate'))],
      [() => new Response(failing)],
      [
        (request) => {
          setError(request, new Full())
          throw new Error('deliberate')
        },
      ],
    ])
    expect(lines.map((line) => /error_type="(\w+)"/.exec(line)?.[1])).toEqual(['TypeError', 'RangeError', 'Full'])
  })

  test('a client that leaves is seen, by the signal or by the body', async () => {
    const registry = new Registry()
    const controller = new AbortController()
    const endless = measureRequests(() => new Response(chunks('a', 1000)), { registry })
    await (await endless(new Request('http://127.0.0.1/'))).body!.cancel()
    await endless(new Request('http://127.0.0.1/', { signal: controller.signal }))
    controller.abort()
    await endless(new Request('http://127.0.0.1/', { signal: AbortSignal.abort() }))
    expect(await expose(registry)).toContain('\napp_requests_aborted_total{method="GET",endpoint="_unmatched"} 3\n')
  })

  test('the time in the queue of a proxy is read from its header', async () => {
    const registry = new Registry()
    const handler = measureRequests(() => new Response(null), { registry })
    await handler(new Request('http://127.0.0.1/', { headers: { 'x-request-start': `t=${Date.now() / 1000 - 2}` } }))
    const [, seconds] = /^app_request_queue_seconds_sum.* (.*)$/m.exec(await expose(registry)) ?? []
    expect(Number(seconds)).toBeGreaterThan(1.9)
    expect(Number(seconds)).toBeLessThan(60)
  })

  test('by the names of the conventions, the scheme is that of the target', async () => {
    const registry = new Registry()
    const handler = measureRequests(() => new Response(null), { registry, naming: 'semconv' })
    await handler(new Request('https://127.0.0.1/'))
    expect(await expose(registry)).toMatch(/^http_server_request_duration_seconds_count\{.*url_scheme="https"/m)
  })

  test('the functions among the options are given the request', async () => {
    const registry = new Registry()
    const labels = { tenant: ({ headers }: Request) => headers.get('x-tenant') ?? undefined }
    const handler = measureRequests(() => new Response(null), { registry, labels })
    await handler(new Request('http://127.0.0.1/', { headers: { 'x-tenant': 'tea' } }))
    expect(await expose(registry)).toContain('tenant="tea"')
  })
})

test('a scrape sends the blocks of the exposition as they are, and they can be sent again', async () => {
  const registry = new Registry()
  const series = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
  for (let i = 0; i < 20_000; i++) series.labels(i).inc()
  const scrape = answerScrapes({ registry, scrapeMetrics: false })
  const url = 'http://127.0.0.1/metrics'
  const written = await expose(registry)
  for (let i = 0; i < 2; i++) expect(await (await scrape(new Request(url))).text()).toBe(written)
  let blocks = 0
  for await (const _ of (await scrape(new Request(url))).body!) blocks++
  expect(blocks).toBeGreaterThan(1)
})

/** What a program does that wants them: the adapter itself has to load where there is no process. */
function withProcessMetrics({ processMetrics, registry }: MetricsOptions): void {
  if (processMetrics !== false) registerProcessMetrics(registry ? { registry } : {})
}

const routes: readonly (readonly [path: RegExp, endpoint: string, handler: Handler])[] = [
  [/^\/users\/[^/]+$/, '/users/:id', fetchHandlers.user],
  [/^\/stream$/, '/stream', fetchHandlers.stream],
  [/^\/silent$/, '/silent', fetchHandlers.silent],
  [/^\/endless$/, '/endless', fetchHandlers.endless],
  [/^\/throw$/, '/throw', fetchHandlers.throw],
]

function route(request: Request): Response | Promise<Response> {
  const { pathname } = new URL(request.url)
  const [, endpoint, handler] = routes.find(([path]) => path.test(pathname)) ?? []
  if (endpoint !== undefined) setEndpoint(request, endpoint)
  return handler === undefined ? new Response(null, { status: 404 }) : handler(request)
}
