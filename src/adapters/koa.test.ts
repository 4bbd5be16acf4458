import type { RequestListener } from 'node:http'
import { Router } from '@koa/router'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { describeAdapter, expectCounts, handlers } from '../../test/adapters/contract.ts'
import { expectLines } from '../../test/adapters/request-contract.ts'
import { startService, type Service } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint, setError } from './koa.ts'

describe('narthex/koa', () => {
  describeAdapter({
    thrownErrorType: 'Error',
    service: (options, times = 1) => contractApp(Array.from({ length: times }, () => metrics(options))),
    halves: (options) => ({
      service: contractApp([measureRequests(options)]),
      scrapes: listenerOf(quietApp().use(answerScrapes(options))),
    }),
  })
})

describe('the endpoint is the path of the route', () => {
  test('with the prefixes of the routers it is nested in', async () => {
    const { registry, request } = await start((app) => {
      const items = new Router({ prefix: '/items' }).get('/', ok).get('/:item', ok)
      const users = new Router({ prefix: '/users' }).get('/', ok).use('/:id', items.routes())
      app.use(users.routes()).use(new Router().get(['/a', '/b/:x'], ok).get('/', ok).routes())
    })
    for (const path of ['/', '/users', '/users/1/items', '/users/1/items/2?x=/y', '/a', '/b/1']) await request(path)
    await expectCounts(registry, {
      'GET / 200': 1,
      'GET /a 200': 1,
      'GET /b/:x 200': 1,
      'GET /users 200': 1,
      'GET /users/:id/items 200': 1,
      'GET /users/:id/items/:item 200': 1,
    })
  })

  test('or its regular expression', async () => {
    const { registry, request } = await start((app) => {
      app.use(new Router().get(/^\/files\/(.+)\.(png|jpg)$/, ok).routes())
    })
    await request('/files/a.png')
    await request('/files/b.jpg')
    await expectCounts(registry, { 'GET ^\\/files\\/(.+)\\.(png|jpg)$ 200': 2 })
  })

  test('of the one that took the request, where more than one matches', async () => {
    const { registry, request } = await start((app) => {
      const router = new Router()
      router.get('/pick/me', ok)
      router.get('/pick/:one', async (context, next) => (context.params['one'] === '1' ? ok(context) : await next()))
      router.get('/pick/:other', ok)
      app.use(router.routes())
    })
    for (const path of ['/pick/me', '/pick/1', '/pick/2']) await request(path)
    await expectCounts(registry, { 'GET /pick/:one 200': 1, 'GET /pick/:other 200': 1, 'GET /pick/me 200': 1 })
  })

  test('also where a middleware of its router answers', async () => {
    const { registry, request } = await start((app) => {
      const router = new Router({ prefix: '/users' })
      router.use((context) => {
        context.status = 401
      })
      app.use(router.get('/:id', ok).post('/:id', ok).routes())
    })
    await request('/users/1')
    expect(await request('/users/1/nothing')).toBe(404)
    await expectCounts(registry, { 'GET /users/:id 401': 1, 'GET _unmatched 404': 1 })
  })

  test('and nothing where there is none, whatever a program tells the router of the path', async () => {
    const { registry, request } = await start((app) => {
      app.use(async (context, next) => {
        context['routerPath'] = context.path
        await next()
      })
      const router = new Router().get('/users/:id', ok)
      app.use(router.routes()).use(router.allowedMethods())
    })
    expect(await request('/nothing')).toBe(404)
    expect(await request('/users/1', 'DELETE')).toBe(405)
    expect(await request('/users/1', 'OPTIONS')).toBe(200)
    await expectCounts(registry, {
      'DELETE _unmatched 405': 1,
      'GET _unmatched 404': 1,
      'OPTIONS _unmatched 200': 1,
    })
  })

  test('unless the handler tells another', async () => {
    const { registry, request } = await start((app) => {
      app.use((context) => {
        setEndpoint(context, '/dispatch/:command')
        ok(context)
      })
    })
    await request('/dispatch/start')
    await expectCounts(registry, { 'GET /dispatch/:command 200': 1 })
  })
})

test('an error keeps the endpoint, and has the status that is sent', async () => {
  const { registry, request } = await start((app) => {
    app.use(async (context, next) => {
      try {
        await next()
      } catch (error) {
        if (context.path !== '/fail/teapot') throw error
        context.status = 418
      }
    })
    const router = new Router({ prefix: '/fail' })
    router.get('/teapot', () => handlers.throw())
    router.get('/later', async () => await Promise.reject(new Error('deliberate')))
    router.get('/:status', (context) => context.throw(Number(context.params['status'])))
    app.use(router.routes())
  })
  for (const path of ['/fail/teapot', '/fail/later', '/fail/409']) await request(path)
  await expectCounts(registry, { 'GET /fail/:status 409': 1, 'GET /fail/later 500': 1, 'GET /fail/teapot 418': 1 })
})

test('functions among the options are given the context', async () => {
  const registry = new Registry()
  const app = quietApp()
  app.use(
    metrics({
      registry,
      processMetrics: false,
      labels: { plan: (context: Koa.Context) => context.state['plan'] as string },
      ignore: (endpoint, context: Koa.Context) => endpoint === '/health' && context.get('X-Probe') === '1',
    }),
  )
  app.use(async (context, next) => {
    context.state['plan'] = 'gold'
    await next()
  })
  app.use(new Router().get('/health', ok).routes())
  const { url, request } = await startService(listenerOf(app))
  await request('/health')
  await fetch(`${url}/health`, { headers: { 'X-Probe': '1' } })
  await expectLines(registry, 'app_request_count_total', [
    'app_request_count_total{method="GET",endpoint="/health",http_status="200",plan="gold"} 1',
  ])
})

test('an error is told by its class, or as what the handler says it is', async () => {
  const { registry, request } = await start((app) => {
    app.use(async (context, next) => {
      try {
        await next()
      } catch (error) {
        if (context.path === '/thrown') throw error
        setError(context, error)
        context.status = 503
      }
    })
    app.use(() => {
      throw new TypeError('deliberate')
    })
  })
  for (const path of ['/thrown', '/caught']) await request(path)
  await expectLines(registry, 'app_request_errors_total', [
    'app_request_errors_total{method="GET",endpoint="_unmatched",error_type="TypeError"} 2',
  ])
})

test('the middlewares fit the types of Koa, and of a router', () => {
  const options: MetricsOptions = { registry: new Registry(), processMetrics: false }
  const app = new Koa()
  const router = new Router()
  for (const middleware of [metrics(options), measureRequests(options), answerScrapes(options)]) {
    app.use(middleware)
    router.use(middleware)
  }
  expect(app.middleware).toHaveLength(3)
})

function contractApp(middlewares: readonly ReturnType<typeof metrics>[]): RequestListener {
  const app = quietApp()
  for (const middleware of middlewares) app.use(middleware)
  const raw = (handler: RequestListener) => (context: Koa.Context) => {
    context.respond = false
    // Of Koa it has 404 until there is a body.
    context.res.statusCode = 200
    handler(context.req, context.res)
  }
  const router = new Router()
  router.get('/users/:id', raw(handlers.user)).post('/users/:id', raw(handlers.user))
  router.get('/stream', raw(handlers.stream))
  router.get('/silent', raw(handlers.silent))
  router.get('/endless', raw(handlers.endless))
  router.get('/throw', () => handlers.throw())
  return listenerOf(app.use(router.routes()))
}

/** Koa writes errors to the console unless it is silent. */
function quietApp(): Koa {
  return Object.assign(new Koa(), { silent: true })
}

function listenerOf(app: Pick<Koa, 'callback'>): RequestListener {
  const listener = app.callback()
  return (request, response) => void listener(request, response)
}

async function start(build: (app: Koa) => void): Promise<Service & { registry: Registry }> {
  const registry = new Registry()
  const app = quietApp()
  app.use(metrics({ registry, processMetrics: false }))
  build(app)
  return { ...(await startService(listenerOf(app))), registry }
}

function ok(context: Pick<Koa.Context, 'body'>): void {
  context.body = 'ok'
}
