import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Registry } from 'narthex'
import {
  answerScrapes,
  measureRequests,
  metrics,
  MetricsModule,
  setEndpoint,
  setError,
  type NestDynamicModule,
} from 'narthex/nest'
import { expectExample } from '../example-server.ts'
import { describeAdapter, expectCounts, handlers } from '../adapters/contract.ts'
import { expectLines } from '../adapters/request-contract.ts'
import { startService, statusOf } from '../adapters/service.ts'
import { loadNest, type Nest, type NestApplication } from '../nest/nest.ts'
import { isMissing, pathOf } from './real-parts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe.each(['nest11', 'nest12'] as const)('narthex/nest on %s', (part) => {
  // Without the part there is nothing to measure: `npm run test:real` says how to get it.
  describe.skipIf(isMissing(part)).each(['express', 'fastify'] as const)('on %s', (platform) => {
    let nest: Nest
    beforeAll(async () => {
      nest = await loadNest(pathOf(part))
    })

    describeAdapter({
      service: (options, times = 1) => contractListener(Array.from({ length: times }, () => metrics(options))),
      halves: (options) => ({
        service: contractListener([measureRequests(options)]),
        scrapes: listenerOf(createApp([answerScrapes(options)], [])),
      }),
    })

    function contractListener(modules: readonly NestDynamicModule[]): RequestListener {
      class Contract {
        user(request: object, response: object): void {
          raw(handlers.user, request, response)
        }
        created(request: object, response: object): void {
          raw(handlers.user, request, response)
        }
        stream(request: object, response: object): void {
          raw(handlers.stream, request, response)
        }
        silent(request: object, response: object): void {
          raw(handlers.silent, request, response)
        }
        endless(request: object, response: object): void {
          raw(handlers.endless, request, response)
        }
        throw(): void {
          handlers.throw()
        }
      }
      const { Controller, Get, Post, Req, Res } = nest.common
      Controller()(Contract)
      decorate(Contract, 'user', [Get('users/:id')], [Req(), Res()])
      decorate(Contract, 'created', [Post('users/:id')], [Req(), Res()])
      for (const name of ['stream', 'silent', 'endless'] as const) decorate(Contract, name, [Get(name)], [Req(), Res()])
      decorate(Contract, 'throw', [Get('throw')])
      return listenerOf(createApp(modules, [Contract]))
    }

    function raw(handler: RequestListener, request: object, response: object): void {
      if (platform === 'express') {
        handler(request as IncomingMessage, response as ServerResponse)
        return
      }
      const reply = response as { raw: ServerResponse; hijack(): void }
      reply.hijack()
      handler((request as { raw: IncomingMessage }).raw, reply.raw)
    }

    async function createApp(
      imports: readonly object[],
      controllers: readonly object[],
      prepare: (app: NestApplication) => void = () => {},
    ): Promise<NestApplication> {
      class AppModule {}
      nest.common.Module({ imports, controllers })(AppModule)
      const adapter = platform === 'express' ? new nest.express.ExpressAdapter() : new nest.fastify.FastifyAdapter()
      const app = await nest.core.NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false })
      prepare(app)
      await app.init()
      await app.getHttpAdapter().getInstance().ready?.()
      return app
    }

    async function start(
      controllers: readonly object[],
      prepare?: (app: NestApplication) => void,
    ): Promise<{
      app: NestApplication
      registry: Registry
      port: number
      request: (path: string, method?: string) => Promise<number>
    }> {
      const registry = new Registry()
      const app = await createApp([MetricsModule.forRoot({ registry, processMetrics: false })], controllers, prepare)
      const server = await app.listen(0, '127.0.0.1')
      onTestFinished(async () => await app.close())
      const { port } = server.address() as AddressInfo
      return { app, registry, port, request: async (path, method = 'GET') => await statusOf(port, path, method) }
    }

    test('the endpoint has the global prefix and the version, where they are a part of the path', async () => {
      class First {
        one(): string {
          return 'first'
        }
      }
      class Second extends First {
        override one(): string {
          return 'second'
        }
      }
      const { Controller, Get } = nest.common
      for (const [version, controller] of [
        ['1', First],
        ['2', Second],
      ] as const) {
        Controller({ path: 'users', version })(controller)
        decorate(controller, 'one', [Get(':id')])
      }
      const { registry, request } = await start([First, Second], (app) => {
        app.setGlobalPrefix('api')
        app.enableVersioning({ type: URI_VERSIONING })
      })
      expect(await request('/api/v1/users/7')).toBe(200)
      expect(await request('/api/v2/users/7')).toBe(200)
      expect(await request('/api/v3/users/7')).toBe(404)
      expect(await request('/api/metrics')).toBe(404)
      expect(await request('/metrics')).toBe(200)
      await expectCounts(registry, {
        'GET /api/v1/users/:id 200': 1,
        'GET /api/v2/users/:id 200': 1,
        'GET /metrics 200': 1,
        'GET _unmatched 404': 2,
      })
    })

    test('what a guard, a pipe or a filter answers is counted with its route', async () => {
      const { Catch, Controller, Get, Param, ParseIntPipe, UseFilters, UseGuards } = nest.common
      class Never {
        canActivate(): boolean {
          return false
        }
      }
      class Teapot {
        catch(_error: unknown, host: ArgumentsHost): void {
          host.switchToHttp().getResponse().status(418).send('a teapot')
        }
      }
      Catch()(Teapot)
      class Things {
        guarded(): string {
          return 'unreachable'
        }
        number(id: number): string {
          return String(id)
        }
        async rejected(): Promise<never> {
          return await Promise.reject(new Error('deliberate'))
        }
        filtered(): never {
          throw new Error('deliberate')
        }
      }
      Controller('things')(Things)
      decorate(Things, 'guarded', [Get('guarded/:id'), UseGuards(Never)])
      decorate(Things, 'number', [Get('number/:id')], [Param('id', ParseIntPipe)])
      decorate(Things, 'rejected', [Get('rejected')])
      decorate(Things, 'filtered', [Get('filtered'), UseFilters(Teapot)])
      const { registry, request } = await start([Things])
      for (const path of ['guarded/1', 'number/1', 'number/x', 'rejected', 'filtered']) await request(`/things/${path}`)
      await expectCounts(registry, {
        'GET /things/filtered 418': 1,
        'GET /things/guarded/:id 403': 1,
        'GET /things/number/:id 200': 1,
        'GET /things/number/:id 400': 1,
        'GET /things/rejected 500': 1,
      })
    })

    test('what comes to no route is counted: a body that cannot be read, a middleware of main.ts, a target that is none', async () => {
      const { Controller, Post } = nest.common
      class Orders {
        take(): string {
          return 'taken'
        }
      }
      Controller('orders')(Orders)
      decorate(Orders, 'take', [Post(':id')])
      const { registry, request, port } = await start([Orders], (app) => {
        app.use((incoming, response, next) => {
          if ((incoming as IncomingMessage).url !== '/early') next()
          else (response as ServerResponse).writeHead(401).end()
        })
      })
      const order = async (body: string): Promise<number> => {
        const headers = { 'Content-Type': 'application/json' }
        return (await fetch(`http://127.0.0.1:${port}/orders/1`, { method: 'POST', body, headers })).status
      }
      expect(await order('{}')).toBe(201)
      expect(await order('{')).toBe(400)
      expect(await request('/early')).toBe(401)
      // 404 or 400: that differs by platform and version.
      const notDecoded = await request('/%zz')
      expect(notDecoded).toBeGreaterThanOrEqual(400)
      await expectCounts(registry, {
        'GET _unmatched 401': 1,
        [`GET _unmatched ${notDecoded}`]: 1,
        'POST /orders/:id 201': 1,
        // Express reads bodies before it looks for a route.
        [`POST ${platform === 'express' ? '_unmatched' : '/orders/:id'} 400`]: 1,
      })
    })

    test('a handler may tell another endpoint', async () => {
      const { Controller, Get, Req } = nest.common
      class Dispatch {
        run(request: object): string {
          setEndpoint(request, '/dispatch/:command')
          return 'ok'
        }
      }
      Controller()(Dispatch)
      decorate(Dispatch, 'run', [Get('dispatch/:a/:b')], [Req()])
      const { registry, request } = await start([Dispatch])
      await request('/dispatch/start/now')
      await expectCounts(registry, { 'GET /dispatch/:command 200': 1 })
    })

    test('a filter may tell the error', async () => {
      const { Catch, Controller, Get, UseFilters } = nest.common
      class Later {
        catch(error: unknown, host: ArgumentsHost): void {
          setError(host.switchToHttp().getRequest(), error)
          host.switchToHttp().getResponse().status(503).send('later')
        }
      }
      Catch()(Later)
      class Failing {
        fail(): never {
          throw new TypeError('deliberate')
        }
      }
      Controller()(Failing)
      decorate(Failing, 'fail', [Get('fail'), UseFilters(Later)])
      const { registry, request } = await start([Failing])
      expect(await request('/fail')).toBe(503)
      await expectLines(registry, 'app_request_errors_total', [
        'app_request_errors_total{method="GET",endpoint="/fail",error_type="TypeError"} 1',
      ])
    })

    test('the registry can be injected', async () => {
      const { app, registry } = await start([])
      expect(app.get(Registry)).toBe(registry)
    })

    test('options can be injected, and are those of forRoot then', async () => {
      class Configuration {
        readonly prefix = 'shop'
      }
      class ConfigurationModule {}
      nest.common.Module({ providers: [Configuration], exports: [Configuration] })(ConfigurationModule)
      class Registries {
        readonly registry = new Registry()
      }
      const registries = { module: class {}, providers: [Registries], exports: [Registries] }
      const { Controller, Get } = nest.common
      class Users {
        one(): string {
          return 'ok'
        }
      }
      Controller('users')(Users)
      decorate(Users, 'one', [Get(':id')])
      const module = MetricsModule.forRootAsync({
        imports: [ConfigurationModule, registries],
        inject: [Configuration, Registries],
        useFactory: async ({ prefix }: Configuration, { registry }: Registries) =>
          await Promise.resolve({ prefix, registry, processMetrics: false }),
      })
      // Twice: each application has options of its own.
      const apps = await Promise.all([createApp([module], [Users]), createApp([module], [Users])])
      for (const [i, app] of apps.entries()) {
        const server = await app.listen(0, '127.0.0.1')
        onTestFinished(async () => await app.close())
        const { port } = server.address() as AddressInfo
        for (let n = 0; n <= i; n++) expect(await statusOf(port, '/users/7', 'GET')).toBe(200)
        const scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
        const counted = `shop_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} ${i + 1}\n`
        expect(scraped).toContain(counted)
      }
      expect(apps[0].get(Registry)).not.toBe(apps[1].get(Registry))
    })

    test('options that are injected and wrong end the start, as those of forRoot', async () => {
      const module = MetricsModule.forRootAsync({ useFactory: () => ({ path: 'metrics' }) })
      await expect(createApp([module], [])).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    })

    test('what does not come from the server is measured, too', async () => {
      const { app, registry } = await start([])
      const instance = app.getHttpAdapter().getInstance()
      const status = instance.inject
        ? (await instance.inject('/nothing')).statusCode
        : await (await startService(instance as unknown as RequestListener)).request('/nothing')
      expect(status).toBe(404)
      await expectCounts(registry, { 'GET _unmatched 404': 1 })
    })
  })

  describe.skipIf(isMissing(part))('to a user of the package', () => {
    /** Below the folder of the part, so that its NestJS is found; ignored as all that is built. */
    const built = (): string => join(pathOf(part), 'dist')

    beforeAll(() => {
      const installed = join(pathOf(part), 'node_modules', 'narthex')
      rmSync(installed, { recursive: true, force: true })
      for (const each of ['package.json', 'dist']) cpSync(join(root, each), join(installed, each), { recursive: true })
      cpSync(join(root, 'examples', 'nest'), built(), { recursive: true })
      cpSync(join(root, 'test', 'nest', 'types.ts'), join(built(), 'types.ts'))
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const options = ['--typeRoots', join(root, 'node_modules', '@types')]
      execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', ...options], { cwd: built(), stdio: 'inherit' })
    })

    test('the module fits the types of NestJS', () => {
      // By having been compiled, strictly: examples/nest/main.ts and test/nest/types.ts.
      expect(existsSync(join(built(), 'dist', 'types.js'))).toBe(true)
    })

    test('the example is short, starts, greets, shows its metrics, and ends when it is told to', async () => {
      const source = readFileSync(join(root, 'examples', 'nest', 'main.ts'), 'utf8')
      expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
      await expectExample([join(built(), 'dist', 'main.js')])
    })
  })
})

const URI_VERSIONING = 0

interface ArgumentsHost {
  switchToHttp(): { getRequest(): object; getResponse(): { status(status: number): { send(body: string): void } } }
}

/** As `@Decorator() name(@Parameter() first)` does it, without the compiler option that this would need. */
function decorate<C extends new () => object>(
  controller: C,
  name: string & keyof InstanceType<C>,
  decorators: readonly MethodDecorator[],
  parameters: readonly ParameterDecorator[] = [],
): void {
  const prototype = controller.prototype as object
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!
  for (const decorator of decorators) decorator(prototype, name, descriptor)
  for (const [i, decorator] of parameters.entries()) decorator(prototype, name, i)
}

/** The contract brings its own server. */
function listenerOf(app: Promise<NestApplication>): RequestListener {
  return (request, response) => void app.then((ready) => ready.getHttpServer().emit('request', request, response))
}
