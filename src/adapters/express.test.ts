import express5 from 'express'
import express4 from 'express4'
import { describe, expect, test } from 'vitest'
import { Registry } from 'narthex'
import type { MetricsOptions } from 'narthex/http'
import { describeAdapter, expectCounts, handlers } from '../../test/adapters/contract.ts'
import { startService } from '../../test/adapters/service.ts'
import { answerScrapes, measureRequests, metrics, setEndpoint } from './express.ts'

type Express = typeof express5

describe.each([
  ['4', express4 as unknown as Express],
  ['5', express5],
])('narthex/express on Express %s', (version, express) => {
  describeAdapter({
    service: (options, times = 1) => contractApp(Array.from({ length: times }, () => metrics(options))),
    halves: (options) => ({
      service: contractApp([measureRequests(options)]),
      scrapes: express().use(answerScrapes(options)),
    }),
  })

  function contractApp(middlewares: readonly express5.RequestHandler[]): express5.Express {
    const app = quietApp()
    for (const middleware of middlewares) app.use(middleware)
    app.get('/users/:id', handlers.user)
    app.post('/users/:id', handlers.user)
    app.get('/stream', handlers.stream)
    app.get('/silent', handlers.silent)
    app.get('/endless', handlers.endless)
    app.get('/throw', handlers.throw)
    return app
  }

  /** Express writes errors that it answers itself to the console, unless this is a test. */
  function quietApp(): express5.Express {
    return express().set('env', 'test')
  }

  async function start(build: (app: express5.Express) => void, options: MetricsOptions = {}): Promise<Started> {
    const registry = new Registry()
    const app = quietApp().use(metrics({ registry, processMetrics: false, ...options }))
    build(app)
    const { request } = await startService(app)
    return {
      request,
      async expectEndpoints(expected) {
        const counts: Record<string, number> = {}
        for (const [path, endpointAndStatus] of expected) {
          await request(path)
          const row = `GET ${endpointAndStatus}`
          counts[row] = (counts[row] ?? 0) + 1
        }
        await expectCounts(registry, counts)
      },
    }
  }

  const ok: express5.RequestHandler = (_, response) => void response.send('ok')
  const fail: express5.RequestHandler = () => {
    throw new Error('deliberate')
  }
  /** Express 4 does not know about promises: its programs call `next`. */
  const failLater: express5.RequestHandler = async (_request, _response, next) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (version === '4') next(new Error('deliberate'))
    else throw new Error('deliberate')
  }

  describe('the endpoint is the pattern of the route', () => {
    test('with those of the routers it is mounted in', async () => {
      const { expectEndpoints } = await start((app) => {
        const items = express.Router({ mergeParams: true }).get('/', ok).get('/:item', ok)
        const users = express.Router().get('/', ok).use('/:id/items', items)
        app.use('/users', users)
        app.use('/api/v1/', express.Router().use(express.Router().get('/health', ok)))
        app.use(express.Router().get('/about', ok))
      })
      await expectEndpoints([
        ['/users', '/users 200'],
        ['/users/', '/users 200'],
        ['/users/users/items', '/users/:id/items 200'],
        ['/users/42/items/7', '/users/:id/items/:item 200'],
        ['/users/items/items/items?x=/users', '/users/:id/items/:item 200'],
        ['/api/v1/health', '/api/v1/health 200'],
        ['/about', '/about 200'],
      ])
    })

    test('and nothing where a router had none', async () => {
      const { expectEndpoints } = await start((app) => {
        app.use('/users/:id', express.Router().get('/items', ok))
        app.use('/static', (_, response) => void response.send('a file'))
      })
      await expectEndpoints([
        ['/users/1/nothing', '_unmatched 404'],
        ['/users/1', '_unmatched 404'],
        ['/static/a.png', '_unmatched 200'],
      ])
    })

    test('which of several, where it is declared with several', async () => {
      const { expectEndpoints } = await start((app) => {
        app.get(['/a', '/b/:x', /^\/c\d+$/], ok)
        app.use(['/v1', '/v2/:tenant'], express.Router().get(['/x', '/y'], ok))
      })
      await expectEndpoints([
        ['/b/1', '/b/:x 200'],
        ['/a', '/a 200'],
        ['/c12', '^\\/c\\d+$ 200'],
        ['/v1/y', '/v1/y 200'],
        ['/v2/acme/x', '/v2/:tenant/x 200'],
      ])
    })

    test('or its regular expression, cut where it is very long', async () => {
      const long = new RegExp(`^/(?:${'x'.repeat(300)}|y)$`)
      const { expectEndpoints } = await start((app) => {
        app.get(/^\/files\/(.+)\.(png|jpg)$/, ok)
        app.get(long, ok)
        app.use(/^\/v(\d+)/, express.Router().get('/x', ok))
      })
      await expectEndpoints([
        ['/files/a.png', '^\\/files\\/(.+)\\.(png|jpg)$ 200'],
        ['/files/b.jpg', '^\\/files\\/(.+)\\.(png|jpg)$ 200'],
        ['/y', `${long.source.slice(0, 255)}… 200`],
        ['/v17/x', '^\\/v(\\d+)/x 200'],
        ['/v18/x', '^\\/v(\\d+)/x 200'],
      ])
    })

    test('also of a wildcard', async () => {
      const { expectEndpoints } = await start((app) => {
        app.all(version === '4' ? '/files/*' : '/files/*path', ok)
        app.all(version === '4' ? '*' : '/{*rest}', ok)
      })
      await expectEndpoints([
        ['/files/a/b', version === '4' ? '/files/* 200' : '/files/*path 200'],
        ['/else', version === '4' ? '* 200' : '/{*rest} 200'],
        ['/', version === '4' ? '* 200' : '/{*rest} 200'],
      ])
    })

    test('after app.route, router.param and next(route)', async () => {
      const { expectEndpoints } = await start((app) => {
        const router = express.Router()
        router.param('id', (_request, _response, next, id) => next(id === 'bad' ? new Error('deliberate') : undefined))
        router
          .route('/:id')
          .all((_request, _response, next) => next())
          .get(ok)
        app.use('/things', router)
        app.get('/pick/:one', (request, _, next) => next(request.params['one'] === '1' ? undefined : 'route'), ok)
        app.get('/pick/:other', ok)
      })
      await expectEndpoints([
        ['/things/1', '/things/:id 200'],
        ['/things/bad', '/things/:id 500'],
        ['/pick/1', '/pick/:one 200'],
        ['/pick/2', '/pick/:other 200'],
      ])
    })

    test('whatever case the client writes it in', async () => {
      const { expectEndpoints } = await start((app) => {
        app.use('/Users/:id', express.Router().get('/Items', ok))
      })
      await expectEndpoints([
        ['/USERS/x/ITEMS', '/Users/:id/Items 200'],
        ['/users/y/items', '/Users/:id/Items 200'],
      ])
    })

    test('whatever its parameters contain', async () => {
      const { expectEndpoints } = await start((app) => app.use('/:a', express.Router().get('/:b', ok)))
      await expectEndpoints([
        ['/%F0%9F%8C%BF/%2F', '/:a/:b 200'],
        ['/:b/:a', '/:a/:b 200'],
        ['/%/x', '_unmatched 400'],
        ['/x/%', '_unmatched 400'],
      ])
    })

    test('of the routes that took it, where its target was rewritten', async () => {
      const { expectEndpoints } = await start((app) => {
        app.use((request, _, next) => {
          request.url = request.url.replace(/^\/old/, '/users')
          next()
        })
        app.use('/users/:id', express.Router().get(['/a', '/b'], ok))
      })
      await expectEndpoints([['/old/1/b', '/users/:id/b 200']])
    })

    test('of the place that took it, where a router is mounted twice', async () => {
      const { expectEndpoints } = await start((app) => {
        const shared = express.Router().get('/x', ok).get('/fail', fail)
        app.use('/a', shared)
        app.use('/b/:id', express.Router().use('/c', shared))
        app.use('/c', express.Router().use('/a', shared))
      })
      await expectEndpoints([
        ['/c/a/x', '/c/a/x 200'],
        ['/b/1/c/x', '/b/:id/c/x 200'],
        ['/a/x', '/a/x 200'],
        ['/b/1/c/fail', '/b/:id/c/fail 500'],
        ['/a/fail', '/a/fail 500'],
      ])
    })

    test('of the place that took it, where a router hides in several functions', async () => {
      const { expectEndpoints } = await start((app) => {
        const hidden = express.Router().get('/x', ok)
        app.use('/a/:id', (request, response, next) => hidden(request, response, next))
        app.use('/b', (request, response, next) => hidden(request, response, next))
      })
      await expectEndpoints([
        ['/a/1/x', '/a/:id/x 200'],
        ['/b/x', '/b/x 200'],
        ['/a/2/x', '/a/:id/x 200'],
      ])
    })

    test('of the application that took it, where two share a router', async () => {
      const shared = express.Router().get('/x', ok)
      const open = await start((app) => app.use('/a', shared))
      const { expectEndpoints } = await start((app) => app.use('/b/:id', shared))
      for (const path of ['/a/x', '/a/x']) await open.request(path)
      await expectEndpoints([
        ['/b/1/x', '/b/:id/x 200'],
        ['/b/2/x', '/b/:id/x 200'],
      ])
    })

    test('also where a router is mounted in itself', async () => {
      const { expectEndpoints } = await start((app) => {
        const router = express.Router()
        router.get('/x', ok)
        router.use('/deeper', router)
        app.use('/a', router)
      })
      await expectEndpoints([
        ['/a/deeper/deeper/x', '/a/x 200'],
        ['/a/x', '/a/x 200'],
      ])
    })

    test('also of routes that are declared later', async () => {
      let late: express5.Express | undefined
      const { expectEndpoints } = await start((app) => (late = app))
      late?.use('/late', express.Router().get('/:x', ok))
      await expectEndpoints([['/late/1', '/late/:x 200']])
    })

    test('also of a router that hides in a function', async () => {
      const { expectEndpoints } = await start((app) => {
        const hidden = express.Router().get('/:item', ok)
        app.use('/users/:id', (request, response, next) => hidden(request, response, next))
      })
      await expectEndpoints([['/users/1/2', '/users/:id/:item 200']])
    })

    test('unless the handler tells another', async () => {
      const { expectEndpoints } = await start((app) => {
        app.use('/dispatch', (request, response) => {
          setEndpoint(request, '/dispatch/:command')
          response.send('ok')
        })
      })
      await expectEndpoints([['/dispatch/start', '/dispatch/:command 200']])
    })
  })

  describe('an error keeps the endpoint', () => {
    test.each([
      ['thrown', fail],
      ['thrown later', failLater],
    ])('where it is %s in mounted routers', async (_, failing) => {
      const { expectEndpoints } = await start((app) => {
        const items = express.Router().get('/:item', failing)
        app.use('/users/:id', express.Router().use('/items', items))
      })
      await expectEndpoints([['/users/1/items/2', '/users/:id/items/:item 500']])
    })

    test('and has the status that its handler gives it', async () => {
      const { expectEndpoints } = await start((app) => {
        const items = express.Router().get('/teapot', fail).get('/other', fail)
        const inner = express.Router().use('/items', items)
        inner.use(((_error, request, response, next) => {
          if (request.originalUrl.endsWith('teapot')) response.status(418).end()
          else next(_error)
        }) satisfies express5.ErrorRequestHandler)
        app.use('/users/:id', inner)
        app.use(
          ((_error, _request, response, _next) =>
            void response.status(503).end()) satisfies express5.ErrorRequestHandler,
        )
      })
      await expectEndpoints([
        ['/users/1/items/teapot', '/users/:id/items/teapot 418'],
        ['/users/1/items/other', '/users/:id/items/other 503'],
      ])
    })

    test('and there is none where it came before the routes', async () => {
      const { expectEndpoints } = await start((app) => app.use(fail).get('/x', ok))
      await expectEndpoints([['/x', '_unmatched 500']])
    })
  })

  describe('an application in an application', () => {
    test('is mounted where it took the request, of several places', async () => {
      const { expectEndpoints } = await start((app) => {
        const twice = quietApp()
        twice.get('/x/:id', ok)
        twice.get('/fail', fail)
        const listed = quietApp()
        listed.use('/deeper/:y', twice)
        listed.get(['/x', '/y'], ok)
        app.use('/A', twice)
        app.use(['/c', '/d/:tenant'], listed)
        app.use('/b/:id', twice)
      })
      await expectEndpoints([
        ['/a/x/1', '/A/x/:id 200'],
        ['/b/1/x/1', '/b/:id/x/:id 200'],
        ['/A/fail', '/A/fail 500'],
        ['/c/x', '/c/x 200'],
        ['/d/1/y', '/d/:tenant/y 200'],
        ['/c/y', '/c/y 200'],
      ])
    })

    test('is a part of the pattern', async () => {
      const { expectEndpoints } = await start((app) => {
        const inner = quietApp()
        inner.get('/', ok)
        inner.get('/fail', fail)
        inner.use('/users/:id', express.Router().get(['/a', '/b'], ok).get('/fail', fail))
        const outer = quietApp()
        outer.use('/inner', inner)
        app.use('/outer/:tenant', outer)
      })
      await expectEndpoints([
        ['/outer/1/inner/users/2/fail', '/outer/:tenant/inner/users/:id/fail 500'],
        ['/outer/1/inner/users/2/b', '/outer/:tenant/inner/users/:id/b 200'],
        ['/outer/1/inner/fail', '/outer/:tenant/inner/fail 500'],
        ['/outer/1/inner', '/outer/:tenant/inner 200'],
        ['/outer/1/nothing', '_unmatched 404'],
      ])
    })

    test('may be a mere handler', async () => {
      const { expectEndpoints } = await start((app) => {
        const inner = quietApp()
        inner.use('/:id', express.Router().get('/ok', ok).get('/fail', fail))
        app.get('/x', ok)
        app.use('/inner', (request, response) => void inner(request, response))
      })
      await expectEndpoints([
        ['/x', '/x 200'],
        ['/inner/1/ok', '/:id/ok 200'],
        ['/inner/2/fail', '/:id/fail 500'],
      ])
    })

    test('may share its middleware with another', async () => {
      const registry = new Registry()
      const measured = metrics({ registry, processMetrics: false })
      const apps = ['a', 'b'].map((name) => {
        const app = quietApp().use(measured)
        return app.use(`/${name}/:id`, express.Router().get('/ok', ok).get('/fail', fail))
      })
      const { request } = await startService((message, response) =>
        apps[message.url?.[1] === 'a' ? 0 : 1]!(message, response),
      )
      for (const path of ['/a/1/ok', '/b/1/ok', '/a/1/fail', '/b/1/fail']) await request(path)
      await expectCounts(registry, {
        'GET /a/:id/ok 200': 1,
        'GET /b/:id/ok 200': 1,
        'GET /a/:id/fail 500': 1,
        'GET /b/:id/fail 500': 1,
      })
    })

    test('may be the only one that is measured', async () => {
      const registry = new Registry()
      const inner = quietApp().use(metrics({ registry, processMetrics: false }))
      inner.get('/:id', fail)
      const outer = quietApp().use('/inner', inner)
      let routeAtTheEnd: unknown
      outer.use(((_error, request, response, _next) => {
        routeAtTheEnd = request.route.path
        response.status(500).end()
      }) satisfies express5.ErrorRequestHandler)
      const { request } = await startService(outer)
      await request('/inner/1')
      expect(await request('/inner/metrics')).toBe(200)
      await expectCounts(registry, { 'GET /inner/:id 500': 1, 'GET /metrics 200': 1 })
      expect(routeAtTheEnd).toBe('/:id')
    })
  })

  test('request.route is what it is without us', async () => {
    const seen: unknown[] = []
    const { expectEndpoints } = await start((app) => {
      app.use((request, _, next) => {
        seen.push(request.route)
        next()
      })
      app.get('/x', (request, response) => {
        seen.push(request.route.path, 'route' in request)
        response.send('ok')
      })
    })
    await expectEndpoints([['/x', '/x 200']])
    expect(seen).toEqual([undefined, '/x', true])
  })

  test('a scrape is answered where the middleware is mounted', async () => {
    const registry = new Registry()
    const app = quietApp().use('/internal', metrics({ registry, processMetrics: false }))
    const { request } = await startService(app)
    expect(await request('/internal/metrics')).toBe(200)
    expect(await request('/metrics')).toBe(404)
  })
})

interface Started {
  readonly request: (path: string, method?: string) => Promise<number>
  /** Path and what is counted, as `/users/:id 200`. */
  readonly expectEndpoints: (expected: readonly (readonly [path: string, counted: string])[]) => Promise<void>
}

test('the middlewares fit the types of Express 4 and 5', () => {
  const options: MetricsOptions = { registry: new Registry(), processMetrics: false }
  const handlers4: express4.RequestHandler[] = [metrics(options), measureRequests(options), answerScrapes(options)]
  const handlers5: express5.RequestHandler[] = [metrics(options), measureRequests(options), answerScrapes(options)]
  expect(handlers4).toHaveLength(handlers5.length)
})
