import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { describe, expect, test, vi } from 'vitest'
import { expose, Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { registerProcessMetrics } from 'narthex/process'
import { describeAdapter, expectCounts } from '../../test/adapters/contract.ts'
import { chunks, fetchHandlers } from '../../test/adapters/fetch-handlers.ts'
import { startService } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint, setError, type HonoMiddleware } from './hono.ts'

describe.each([
  { platform: 'Node', listenerOf: onNode },
  {
    platform: 'a platform that tells of no end',
    listenerOf: elsewhere,
    pipelineIsDeaf: 'the signal of a request that waits for its turn is not aborted',
    requestBodiesAreUnseen: 'the body is the own of the handler',
    protocolVersion: '',
  },
])('narthex/hono on $platform', ({ listenerOf, ...platform }) => {
  describeAdapter({
    service(options, times = 1) {
      withProcessMetrics(options)
      return listenerOf(contractApp(Array.from({ length: times }, () => metrics(options))))
    },
    halves: (options) => ({
      service: listenerOf(contractApp([measureRequests(options)])),
      scrapes: listenerOf(new Hono().use(answerScrapes(options))),
    }),
    thrownErrorType: 'Error',
    ...platform,
  })
})

function contractApp(middlewares: readonly HonoMiddleware[]): Hono {
  const app = quietApp()
  for (const middleware of middlewares) app.use(middleware)
  app.on(['GET', 'POST'], '/users/:id', async ({ req }) => await fetchHandlers.user(req.raw))
  app.get('/stream', fetchHandlers.stream)
  app.get('/silent', fetchHandlers.silent)
  app.get('/endless', fetchHandlers.endless)
  app.get('/throw', fetchHandlers.throw)
  return app
}

/** By default, Hono writes errors to the console. */
function quietApp(): Hono {
  return new Hono().onError((_, context) => context.text('An error.', 500))
}

/** What a program does that wants them: the adapter itself has to load where there is no process. */
function withProcessMetrics({ processMetrics, registry }: MetricsOptions): void {
  if (processMetrics !== false) registerProcessMetrics(registry ? { registry } : {})
}

describe('the endpoint is the path of the route', () => {
  test('with those of the applications around it', async () => {
    const items = new Hono().get('/', ok).get('/:item', ok)
    const users = new Hono().get('/', ok).route('/:id/items', items)
    await expectEndpoints(
      (app) => app.route('/users', users).basePath('/v1').get('/health', ok),
      [
        ['/users', '/users 200'],
        ['/users/42/items', '/users/:id/items 200'],
        ['/users/users/items/7?x=/users', '/users/:id/items/:item 200'],
        ['/v1/health', '/v1/health 200'],
        ['/users/42', '_unmatched 404'],
      ],
    )
  })

  test('as it is declared, whatever router finds it', async () => {
    await expectEndpoints(
      (app) => app.get('/posts/:id{[0-9]+}', ok).get('/files/*', ok).on('GET', ['/a', '/b'], ok),
      [
        ['/posts/7', '/posts/:id{[0-9]+} 200'],
        ['/posts/x', '_unmatched 404'],
        ['/files/a/b.png', '/files/* 200'],
        ['/b', '/b 200'],
      ],
    )
  })

  test('that answered, where several match', async () => {
    await expectEndpoints(
      (app) =>
        app
          .get('/a/:x', async (context, next) => (context.req.param('x') === 'next' ? await next() : ok()))
          .get('/a/*', ok)
          .all('*', ok),
      [
        ['/a/1', '/a/:x 200'],
        ['/a/next', '/a/* 200'],
        ['/b', '/* 200'],
      ],
    )
  })

  test('that was to answer, where a middleware did', async () => {
    await expectEndpoints(
      (app) =>
        app
          .use('/admin/*', async (context, next) => (context.req.query('key') ? await next() : context.text('no', 401)))
          .get('/admin/:page', ok)
          // What takes no `next` is no middleware, whatever it was declared by.
          .use('/closed/*', async (context) => context.text('closed', 403)),
      [
        ['/admin/users', '/admin/:page 401'],
        ['/admin/users?key=1', '/admin/:page 200'],
        ['/admin/users/1', '_unmatched 401'],
        ['/closed/1', '/closed/* 403'],
      ],
    )
  })

  test('and nothing where only middlewares match', async () => {
    await expectEndpoints(
      (app) =>
        app.use('/static/*', async (_, next) => await next()).notFound((context) => context.text('nothing', 404)),
      [
        ['/static/a.png', '_unmatched 404'],
        ['/wp-login.php', '_unmatched 404'],
      ],
    )
  })

  test('of an error too, in an application with an error handler of its own as well', async () => {
    const inner = new Hono().onError((_, context) => context.text('An error.', 418)).all('/:id', fetchHandlers.throw)
    await expectEndpoints(
      (app) => app.get('/later/:id', async () => await failLater()).route('/inner', inner),
      [
        ['/later/1', '/later/:id 500'],
        ['/inner/1', '/inner/:id 418'],
      ],
    )
  })

  test('unless a handler knows better', async () => {
    await expectEndpoints(
      (app) =>
        app.get('/*', (context) => {
          setEndpoint(context, '/pages/:page')
          return context.text('ok')
        }),
      [['/x', '/pages/:page 200']],
    )
  })
})

test('a response keeps its headers and its cookies when its body is watched', async () => {
  const registry = new Registry()
  const app = new Hono().use(metrics({ registry }))
  app.get('/', (context) => {
    context.header('x-one', '1')
    context.header('set-cookie', 'a=1', { append: true })
    context.header('set-cookie', 'b=2', { append: true })
    return context.body(chunks('some ', 5, 'text'), 201, { 'content-type': 'text/css' })
  })
  const response = await app.request('/')
  expect(response.status).toBe(201)
  expect([...response.headers]).toEqual([
    ['content-type', 'text/css'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['x-one', '1'],
  ])
  expect(await response.text()).toBe('some text')
  await expectCounts(registry, { 'GET / 201': 1 })
})

test('a handler that answers nothing is the 500 that Hono makes of it', async () => {
  for (const listenerOf of [onNode, elsewhere]) {
    const registry = new Registry()
    const app = quietApp().use(metrics({ registry }))
    app.get('/forgotten', (async () => await Promise.resolve()) as unknown as typeof ok)
    const { request } = await startService(listenerOf(app))
    expect(await request('/forgotten')).toBe(500)
    await expectCounts(registry, { 'GET /forgotten 500': 1 })
  }
})

test('the class of an error is its type, unless a handler says more', async () => {
  for (const listenerOf of [onNode, elsewhere]) {
    const registry = new Registry()
    const app = quietApp().use(metrics({ registry }))
    app.get('/type', () => {
      throw new TypeError('deliberate')
    })
    app.get('/told', (context) => {
      setError(context, new RangeError('deliberate'))
      return context.text('no', 503)
    })
    const { request } = await startService(listenerOf(app))
    await request('/type')
    await request('/told')
    await vi.waitFor(async () => {
      const exposition = await expose(registry)
      expect(exposition).toMatch(/^app_request_errors_total\{.*endpoint="\/type".*error_type="TypeError"\} 1$/m)
      expect(exposition).toMatch(/^app_request_errors_total\{.*endpoint="\/told".*error_type="RangeError"\} 1$/m)
    })
  }
})

test('the functions among the options are given the context', async () => {
  for (const listenerOf of [onNode, elsewhere]) {
    const registry = new Registry()
    const labels = { tenant: (context: Context) => context.req.header('x-tenant') ?? context.req.path.length }
    const { request } = await startService(listenerOf(new Hono().use(metrics({ registry, labels })).get('/four', ok)))
    await request('/four')
    await vi.waitFor(async () =>
      expect(await expose(registry)).toContain('endpoint="/four",http_status="200",tenant="5"} 1'),
    )
  }
})

test('what is thrown that is no error is counted as the platform answers it', async () => {
  const registry = new Registry()
  const app = new Hono().use(metrics({ registry })).get('/odd', () => {
    // oxlint-disable-next-line typescript/only-throw-error -- what is no error is tested
    throw 'deliberate'
  })
  const { request } = await startService(onNode(app))
  expect(await request('/odd')).toBe(500)
  await expectCounts(registry, { 'GET /odd 500': 1 })
})

/** Each path, and what its request is counted as, on Node and elsewhere. */
async function expectEndpoints(
  build: (app: Hono) => unknown,
  expected: readonly (readonly [path: string, endpointAndStatus: string])[],
): Promise<void> {
  for (const listenerOf of [onNode, elsewhere]) {
    const registry = new Registry()
    const app = quietApp().use(metrics({ registry }))
    build(app)
    const { request } = await startService(listenerOf(app))
    const counts: Record<string, number> = {}
    for (const [path, endpointAndStatus] of expected) {
      await request(path)
      const row = `GET ${endpointAndStatus}`
      counts[row] = (counts[row] ?? 0) + 1
    }
    await expectCounts(registry, counts)
  }
}

function onNode(app: Hono): RequestListener {
  const listener = getRequestListener(app.fetch)
  return (request, response) => void listener(request, response)
}

/** As on Bun or a Worker: with the request alone. */
function elsewhere(app: Hono): RequestListener {
  const listener = getRequestListener((request) => app.fetch(request))
  return (request, response) => void listener(request, response)
}

function ok(): Response {
  return new Response('ok')
}

async function failLater(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 2))
  throw new Error('deliberate')
}
