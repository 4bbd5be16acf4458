import { ServerResponse, type RequestListener } from 'node:http'
import http2 from 'node:http2'
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify5, {
  type FastifyInstance,
  type FastifyServerOptions,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import fastify4 from 'fastify4'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { describeAdapter, expectCounts, handlers } from '../../test/adapters/contract.ts'
import { expectLines } from '../../test/adapters/request-contract.ts'
import { statusOf } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint, setError, type FastifyPlugin } from './fastify.ts'

type Fastify = typeof fastify5

describe.each([
  ['4', fastify4 as unknown as Fastify],
  ['5', fastify5],
])('narthex/fastify on Fastify %s', (version, fastify) => {
  describeAdapter({
    thrownErrorType: 'Error',
    service: (options, times = 1) => contractApp(Array.from({ length: times }, () => metrics(options))),
    halves: (options) => ({
      service: contractApp([measureRequests(options)]),
      scrapes: listenerOf(withPlugins([answerScrapes(options)])),
    }),
  })

  function contractApp(plugins: readonly FastifyPlugin[]): RequestListener {
    const app = withPlugins(plugins)
    const raw = (handler: RequestListener) => (request: FastifyRequest, reply: FastifyReply) => {
      reply.hijack()
      handler(request.raw, reply.raw)
    }
    app.route({ method: ['GET', 'POST'], url: '/users/:id', handler: raw(handlers.user) })
    app.get('/stream', raw(handlers.stream))
    app.get('/silent', raw(handlers.silent))
    app.get('/endless', raw(handlers.endless))
    app.get('/throw', () => handlers.throw())
    return listenerOf(app)
  }

  function withPlugins(plugins: readonly FastifyPlugin[]): FastifyInstance {
    const app = fastify()
    for (const plugin of plugins) void app.register(plugin)
    return app
  }

  async function start(build: (app: FastifyInstance) => unknown, options: FastifyServerOptions = {}): Promise<Started> {
    const registry = new Registry()
    const app = fastify(options)
    await app.register(metrics({ registry, processMetrics: false }))
    await build(app)
    return { ...(await listen(app)), app, registry }
  }

  describe('the endpoint is the url of the route', () => {
    test('with the prefixes of the plugins it is declared in, whatever the order of the registrations', async () => {
      const { registry, request } = await start((app) => {
        app.get('/', () => 'ok')
        void app.register(
          (users, _, done) => {
            users.get('/', () => 'ok')
            void users.register(async (items) => void items.get('/:item', () => 'ok'), { prefix: '/:id/items' })
            done()
          },
          { prefix: '/users' },
        )
        app.get('/files/*', () => 'ok')
        app.get('/v/:major(^\\d+)', () => 'ok')
      })
      for (const path of ['/', '/users', '/users/', '/users/1/items/2?x=/y', '/files/a/b', '/v/1', '/v/x'])
        await request(path)
      await expectCounts(registry, {
        'GET / 200': 1,
        'GET /files/* 200': 1,
        ...(version === '4' ? { 'GET /users 200': 1, 'GET /users/ 200': 1 } : { 'GET /users 200': 2 }),
        'GET /users/:id/items/:item 200': 1,
        'GET /v/:major(^\\d+) 200': 1,
        'GET _unmatched 404': 1,
      })
    })

    test('also of a route that was declared first', async () => {
      const registry = new Registry()
      const app = fastify()
      app.get('/early/:id', () => 'ok')
      void app.register(metrics({ registry, processMetrics: false }))
      const { request } = await listen(app)
      await request('/early/1')
      expect(await request('/metrics')).toBe(200)
      await expectCounts(registry, { 'GET /early/:id 200': 1, 'GET /metrics 200': 1 })
    })

    test('unless the handler tells another', async () => {
      const { registry, request } = await start((app) => {
        app.get('/dispatch/*', (incoming) => {
          setEndpoint(incoming, '/dispatch/:command')
          return 'ok'
        })
      })
      await request('/dispatch/start')
      await expectCounts(registry, { 'GET /dispatch/:command 200': 1 })
    })

    test('and nothing where there is no route, whoever answers that', async () => {
      const { registry, request } = await start((app) => {
        void app.register(
          async (inner) => {
            inner.setNotFoundHandler((_, reply) => void reply.code(410).send('gone'))
            inner.get('/static/*', (_, reply) => reply.callNotFound())
          },
          { prefix: '/inner' },
        )
      })
      expect(await request('/nothing')).toBe(404)
      expect(await request('/nothing', 'PURGE')).toBe(404)
      expect(await request('/inner/nothing')).toBe(410)
      expect(await request('/inner/static/a.png')).toBe(410)
      await expectCounts(registry, {
        'GET /inner/static/* 410': 1,
        'GET _unmatched 404': 1,
        'GET _unmatched 410': 1,
        '_OTHER _unmatched 404': 1,
      })
    })
  })

  test('what a hook or a schema answers is counted with the route it was meant for', async () => {
    const { registry, port } = await start((app) => {
      app.addHook('onRequest', (request, reply, done) => {
        if (request.headers.authorization === 'no') void reply.code(401).send('no')
        else done()
      })
      app.post('/orders/:id', { schema: { body: { type: 'object', required: ['tea'] } } }, () => 'ok')
    })
    const send = async (body: string, headers: Record<string, string> = {}): Promise<number> => {
      const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } }
      return (await fetch(`http://127.0.0.1:${port}/orders/1`, init)).status
    }
    expect(await send('{"tea":1}')).toBe(200)
    expect(await send('{}')).toBe(400)
    expect(await send('{')).toBe(400)
    expect(await send('x', { 'Content-Type': 'x/y' })).toBe(415)
    expect(await send('{}', { Authorization: 'no' })).toBe(401)
    await expectCounts(registry, {
      'POST /orders/:id 200': 1,
      'POST /orders/:id 400': 2,
      'POST /orders/:id 401': 1,
      'POST /orders/:id 415': 1,
    })
  })

  test('a hook that is added before the plugin comes before it, one after it does not', async () => {
    const registry = new Registry()
    const app = fastify()
    const answer = (status: number) => (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      if (request.url.endsWith(`?${status}`)) void reply.code(status).send('no')
      else done()
    }
    app.addHook('onRequest', answer(401))
    void app.register(metrics({ registry, processMetrics: false }))
    app.addHook('onRequest', answer(403))
    app.get('/users/:id', () => 'ok')
    const { request } = await listen(app)
    expect(await request('/users/1?401')).toBe(401)
    expect(await request('/users/1?403')).toBe(403)
    expect(await request('/metrics?401')).toBe(401)
    expect(await request('/metrics?403')).toBe(200)
    await expectCounts(registry, { 'GET /metrics 200': 1, 'GET /users/:id 403': 1, 'GET _unmatched 401': 2 })
  })

  test('what Fastify answers outside of all hooks is counted', async () => {
    const { registry, request } = await start(
      (app) => app.get('/users/:id', () => 'ok'),
      version === '4' ? { maxParamLength: 10 } : { routerOptions: { maxParamLength: 10 } },
    )
    expect(await request('/%zz')).toBe(400)
    expect(await request(`/users/${'x'.repeat(11)}`)).toBe(version === '4' ? 404 : 414)
    await expectCounts(registry, { 'GET _unmatched 400': 1, [`GET _unmatched ${version === '4' ? 404 : 414}`]: 1 })
  })

  test('an error has the status that its handler gives it', async () => {
    const { registry, request } = await start((app) => {
      app.setErrorHandler((_error, _request, reply) => void reply.code(503).send('later'))
      app.get('/fail', async () => await Promise.reject(new Error('deliberate')))
    })
    expect(await request('/fail')).toBe(503)
    await expectCounts(registry, { 'GET /fail 503': 1 })
  })

  test('functions among the options are given the request of Fastify, or its beginnings where Fastify made none', async () => {
    const registry = new Registry()
    const app = fastify()
    await app.register(
      metrics({
        registry,
        processMetrics: false,
        labels: {
          plan: (request: FastifyRequest) => (request.params as { plan: string }).plan,
          host: (request: FastifyRequest) => request.raw.headers.host?.split(':')[0],
        },
        ignore: (endpoint, request: FastifyRequest) =>
          endpoint === '/:plan/health' && request.headers['x-probe'] === '1',
      }),
    )
    app.get('/:plan/health', () => 'ok')
    const { port, request } = await listen(app)
    await request('/gold/health')
    await fetch(`http://127.0.0.1:${port}/gold/health`, { headers: { 'X-Probe': '1' } })
    await request('/%zz')
    await expectLines(registry, 'app_request_count_total', [
      'app_request_count_total{method="GET",endpoint="/:plan/health",http_status="200",plan="gold",host="127.0.0.1"} 1',
      'app_request_count_total{method="GET",endpoint="_unmatched",http_status="400",plan="",host="127.0.0.1"} 1',
    ])
  })

  test.each(['labels', 'ignore', 'exemplars'] as const)(
    'a function among the options is given the request of Fastify, if it is the only one: %s',
    async (name) => {
      const seen: unknown[] = []
      const look = (request: FastifyRequest): undefined => void seen.push(request.params)
      const options = {
        labels: { labels: { plan: look } },
        ignore: { ignore: (_: unknown, request: FastifyRequest) => look(request) ?? false },
        exemplars: { exemplars: look },
      }
      const registry = new Registry()
      const app = fastify()
      await app.register(metrics({ registry, processMetrics: false, ...options[name] }))
      app.get('/:plan/health', () => 'ok')
      const { request } = await listen(app)
      await request('/gold/health')
      await vi.waitFor(() => expect(seen).toEqual([{ plan: 'gold' }]))
    },
  )

  test('an error is told by its class, or as what the handler says it is', async () => {
    const { registry, request } = await start((app) => {
      app.setErrorHandler((_error, incoming, reply) => {
        if (incoming.url === '/told') setError(incoming, new RangeError('deliberate'))
        void reply.code(503).send('later')
      })
      app.get('/thrown', () => {
        throw new TypeError('deliberate')
      })
      app.get('/told', async () => await Promise.reject(new Error('deliberate')))
    })
    for (const path of ['/thrown', '/told']) await request(path)
    await expectLines(registry, 'app_request_errors_total', [
      'app_request_errors_total{method="GET",endpoint="/thrown",error_type="TypeError"} 1',
      'app_request_errors_total{method="GET",endpoint="/told",error_type="RangeError"} 1',
    ])
  })

  test('inject() is measured and scraped as requests over the network are', async () => {
    const registry = new Registry()
    const app = fastify()
    await app.register(metrics({ registry, processMetrics: false }))
    app.get('/users/:id', () => 'ok')
    expect((await app.inject('/users/1')).statusCode).toBe(200)
    expect((await app.inject({ method: 'POST', url: '/nothing' })).statusCode).toBe(404)
    await expectCounts(registry, { 'GET /users/:id 200': 1, 'POST _unmatched 404': 1 })
    const scrape = await app.inject('/metrics')
    expect(scrape.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(scrape.body).toContain('app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1\n')
  })

  test('a WebSocket is measured until it is answered, with its route', async () => {
    const { registry, port, app } = await start((each) => {
      each.get('/chat/:room', (incoming, reply) => {
        reply.hijack()
        incoming.raw.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n')
      })
    })
    // As @fastify/websocket does it.
    app.server.on('upgrade', (incoming, socket: Socket) => {
      const response = new ServerResponse(incoming)
      response.assignSocket(socket)
      onTestFinished(() => void socket.destroy())
      app.routing(incoming, response)
    })
    const client = connect(port, '127.0.0.1')
    onTestFinished(() => void client.destroy())
    client.write('GET /chat/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n')
    await expectCounts(registry, { 'GET /chat/:room 101': 1 })
    expect(client.closed).toBe(false)
    client.destroy()
    await app.inject({ url: '/nothing', headers: { Upgrade: 'chat' } })
    await expectCounts(registry, { 'GET /chat/:room 101': 1, 'GET _unmatched 404': 1 })
  })

  test('HTTP/2 is measured and scraped', async () => {
    const registry = new Registry()
    const app = fastify({ http2: true }) as unknown as FastifyInstance
    await app.register(metrics({ registry, processMetrics: false }))
    app.get('/users/:id', () => 'ok')
    await app.listen({ port: 0, host: '127.0.0.1' })
    const client = http2.connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
    onTestFinished(async () => {
      client.destroy()
      await app.close()
    })
    const answerOf = async (path: string): Promise<string> => {
      let body = ''
      for await (const chunk of client.request({ ':path': path }).setEncoding('utf8')) body += String(chunk)
      return body
    }
    expect(await answerOf('/users/1')).toBe('ok')
    await expectCounts(registry, { 'GET /users/:id 200': 1 })
    expect(await answerOf('/metrics')).toContain('endpoint="/users/:id",http_status="200"} 1\n')
  })

  test('the plugin escapes the plugin that registers it, once', async () => {
    const registry = new Registry()
    const app = fastify()
    await app.register(
      Object.assign(
        async (inner: FastifyInstance) => {
          await inner.register(metrics({ registry, processMetrics: false }))
        },
        {
          [Symbol.for('skip-override')]: true,
        },
      ),
    )
    app.get('/outside', () => 'ok')
    const { request } = await listen(app)
    await request('/outside')
    await expectCounts(registry, { 'GET /outside 200': 1 })
    expect(app.hasPlugin('narthex')).toBe(true)
  })

  test('registered without being called, it says how it is meant', () => {
    // So does `app.register(metrics)`, and the compiler sees nothing wrong in it.
    expect(() => metrics(fastify())).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: 'It is app.register(metrics()), and not app.register(metrics).',
      }),
    )
  })

  async function listen(app: FastifyInstance): Promise<Listening> {
    await app.listen({ port: 0, host: '127.0.0.1' })
    onTestFinished(async () => await app.close())
    const { port } = app.server.address() as AddressInfo
    return { port, request: async (path, method = 'GET') => await statusOf(port, path, method) }
  }
})

interface Listening {
  readonly port: number
  readonly request: (path: string, method?: string) => Promise<number>
}

interface Started extends Listening {
  readonly app: FastifyInstance
  readonly registry: Registry
}

/** The contract brings its own server. */
function listenerOf(app: FastifyInstance): RequestListener {
  const ready = app.ready()
  return (request, response) => void ready.then(() => app.server.emit('request', request, response))
}

test('the plugins fit the types of Fastify 4 and 5', async () => {
  const options: MetricsOptions = { registry: new Registry(), processMetrics: false }
  const app4 = fastify4()
  const app5 = fastify5()
  for (const plugin of [metrics(options), measureRequests(options), answerScrapes(options)]) {
    await app4.register(plugin)
    await app5.register(plugin)
  }
  expect([app4.hasPlugin('narthex'), app5.hasPlugin('narthex')]).toEqual([true, true])
})
