import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect as http2Connect } from 'node:http2'
import { get as httpsGet } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { hashPassword } from 'narthex/http'
import { CERTIFICATE, KEY } from '../adapters/certificate.ts'
import { attach, run, type AttachedProgram, type Form, type Place } from './attached-program.ts'

/** What the programs load besides narthex and its peers. */
export const PACKAGES = [
  'express',
  'express4',
  'fastify',
  'fastify4',
  'hono',
  '@hono/node-server',
  'koa',
  '@koa/router',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/sdk-trace-base',
]

/** What `--import narthex/register` promises, on one version of Node. Packages must be linked. */
export function describeRegister(place: () => Place): void {
  describe.each<Form>(['ESM', 'CommonJS', 'bundled ESM', 'bundled CommonJS'])('a program in the form %s', (form) => {
    test('of node:http is measured and scraped, and ends by itself', async () => {
      const program = await attach(place(), PLAIN, { form })
      await get(program, '/a', '/b')
      await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 2'])
      expect(await program.scrape('process_cpu_seconds_total')).toHaveLength(1)
      await expectSamples(program, 'app_request_latency_seconds_count', [
        'app_request_latency_seconds_count{method="GET",endpoint="_unmatched"} 2',
      ])
      expect(await program.end()).toMatchObject({ code: 0, signal: null })
    })

    test.each(['express', 'express4'])('of %s has its routes', async (name) => {
      const program = await attach(place(), EXPRESS.replaceAll('NAME', name), { form })
      await get(program, '/users/1/items/2', '/users/2/items/3', '/users/1/fail', '/nothing')
      await expectCounts(program, [
        '{method="GET",endpoint="/users/:id/items/:item",http_status="200"} 2',
        '{method="GET",endpoint="/users/:id/fail",http_status="500"} 1',
        '{method="GET",endpoint="_unmatched",http_status="404"} 1',
      ])
    })

    test.each(['fastify', 'fastify4'])('of %s has its routes', async (name) => {
      const program = await attach(place(), FASTIFY.replaceAll('NAME', name), { form })
      await get(program, '/users/1/items/2', '/users/2/items/3', '/users/1/fail', '/nothing', '/%zz')
      await expectCounts(program, [
        '{method="GET",endpoint="/users/:id/items/:item",http_status="200"} 2',
        '{method="GET",endpoint="/users/:id/fail",http_status="500"} 1',
        '{method="GET",endpoint="_unmatched",http_status="404"} 1',
        '{method="GET",endpoint="_unmatched",http_status="400"} 1',
      ])
    })
  })

  test.each<Form>(['ESM', 'CommonJS'])(
    'a program of Koa in the form %s has the routes of @koa/router',
    async (form) => {
      const program = await attach(place(), KOA, { form })
      await get(program, '/users/1/items/2', '/users/2/items/3', '/users/1/fail', '/nothing')
      await expectCounts(program, [
        '{method="GET",endpoint="/users/:id/items/:item",http_status="200"} 2',
        '{method="GET",endpoint="/users/:id/fail",http_status="500"} 1',
        '{method="GET",endpoint="_unmatched",http_status="404"} 1',
      ])
    },
  )

  describe.each<Form>(['ESM', 'CommonJS'])('a program of Hono in the form %s', (form) => {
    test.each([
      ['zero code', ''],
      ['its adapter', 'app.use(metrics())'],
    ])('has these routes by %s', async (by, use) => {
      const program = await attach(place(), HONO.replace('USE', use), { form })
      await get(program, '/v1/users/1/items/2', '/v1/users/2/items/3', '/v1/users/1/fail', '/v1/users/1/closed')
      await get(program, '/v1/health', '/files/a/b.png', '/mounted/x', '/asks', '/later', '/nothing', '/v1/users/1')
      await (await fetch(`${program.url}/v1/health`, { method: 'HEAD' })).text()
      const hooks = by === 'its adapter' || hasHooks(place())
      await expectCounts(program, hooks ? HONO_ROUTES : HONO_WITHOUT_ROUTES)
    })

    test('gets the contexts that Hono makes', async () => {
      const program = await attach(
        place(),
        `const { Context, Hono } = load('hono')
        const { getRequestListener } = load('@hono/node-server')
        const { createServer } = load('node:http')
        const app = new Hono().get('/', (context) => context.json([
          context instanceof Context,
          Object.getPrototypeOf(context) === Context.prototype,
          Context.name,
          new Context(new Request('http://x/')) instanceof Context,
          app.fetch.length,
        ]))
        const hostile = new Proxy({}, { get() { throw new Error('deliberate') } })
        listen(createServer(getRequestListener((request) => app.fetch(request, hostile))))`,
        { form },
      )
      expect(await (await fetch(program.url)).json()).toEqual([true, true, 'Context', true, 1])
      // What hands on no Node request has none whose route could be told.
      await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 1'])
      expect(program.errors().trimEnd().split('\n')).toHaveLength(1)
    })

    test('is the same beside hooks that run in a thread of their own', async () => {
      const hooks = 'export const load = (url, context, next) => next(url, context)'
      const registers = `data:text/javascript,import{register}from'node:module';register('data:text/javascript,${hooks}')`
      const program = await attach(
        place(),
        `const { Hono } = load('hono')
        const { getRequestListener } = load('@hono/node-server')
        const { createServer } = load('node:http')
        const app = new Hono().get('/:id', (context) => context.text('ok'))
        listen(createServer(getRequestListener(app.fetch)))`,
        { form, nodeOptions: ['--import', registers, '--import', 'narthex/register'] },
      )
      await get(program, '/1')
      const endpoint = hasHooks(place()) ? '/:id' : '_unmatched'
      await expectCounts(program, [`{method="GET",endpoint="${endpoint}",http_status="200"} 1`])
    })
  })

  test.each([
    ['Hono', () => HONO.replace('USE', ''), '/v1/health'],
    ['Koa', () => KOA, '/users/1/items/2'],
  ])('a bundled program of %s is measured without its routes', async (_, source, path) => {
    const program = await attach(place(), source(), { form: 'bundled ESM' })
    await get(program, path)
    await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 1'])
  })

  test('HTTP/2 is measured, and HTTP/1 on the same port once', async () => {
    const program = await attach(
      place(),
      `const { createSecureServer } = load('node:http2')
      const options = { key: ${JSON.stringify(KEY)}, cert: ${JSON.stringify(CERTIFICATE)}, allowHTTP1: true }
      listen(createSecureServer(options, (request, response) => response.end('ok')))`,
    )
    const url = program.url.replace('http:', 'https:')
    await getSecurely(url)
    const client = http2Connect(url, { ca: CERTIFICATE })
    await text(client.request({ ':path': '/' }))
    client.destroy()
    await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 2'])
    await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
  })

  test('an Express application that hides in a function shows its routes from the first request on', async () => {
    const program = await attach(
      place(),
      EXPRESS.replaceAll('NAME', 'express').replace('(app)', '((q, r) => app(q, r))'),
    )
    await get(program, '/users/1/items/2', '/users/1/fail')
    await expectCounts(program, [
      '{method="GET",endpoint="/users/:id/items/:item",http_status="200"} 1',
      '{method="GET",endpoint="/users/:id/fail",http_status="500"} 1',
    ])
  })

  test('a program that traces its requests with OpenTelemetry has metrics that lead to their spans', async () => {
    const program = await attach(place(), TRACED)
    // What comes before the API is loaded leads nowhere.
    await vi.waitFor(async () => {
      await get(program, '/a')
      const scrape = await fetch(`${program.metricsUrl}?format=openmetrics`)
      const count = (await scrape.text()).split('\n').find((line) => line.startsWith('app_request_count_total{'))
      expect(count).toMatch(/ # \{trace_id="[0-9a-f]{32}",span_id="[0-9a-f]{16}"\} 1 \d+/)
    }, 5_000)
    const deaf = await attach(place(), TRACED, { environment: { NARTHEX_EXEMPLARS: 'false' } })
    await get(deaf, '/a')
    await expectCounts(deaf, ['{method="GET",endpoint="_unmatched",http_status="200"} 1'])
    expect(await (await fetch(`${deaf.metricsUrl}?format=openmetrics`)).text()).not.toContain('trace_id')
  })

  test('requests that come before all is loaded are counted, too', async () => {
    const program = await attach(
      place(),
      `const express = load('express')
      const { createServer, get } = load('node:http')
      const app = express()
      app.get('/users/:id', (request, response) => void response.send('ok'))
      const server = createServer((request, response) => app(request, response))
      server.once('listening', () => {
        const { port } = server.address()
        for (let i = 0; i < 3; i++) get({ port, host: '127.0.0.1', path: '/users/' + i }, (answer) => answer.resume())
      })
      listen(server)`,
    )
    await expectCounts(program, ['{method="GET",endpoint="/users/:id",http_status="200"} 3'])
    await expectSamples(program, 'app_outgoing_request_count_total', [expect.stringMatching(/http_status="200"} 3$/)])
    await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
  })

  test('a request is in progress until it is closed', async () => {
    const program = await attach(
      place(),
      `const { createServer } = load('node:http')
      let first
      listen(createServer((request, response) => {
        if (request.url === '/first') first = response
        else first.end(() => response.end())
      }))`,
    )
    const answer = get(program, '/first')
    await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 1'])
    await get(program, '/second')
    await answer
    await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
  })

  test('a scan adds a handful of series', async () => {
    const program = await attach(place(), PLAIN)
    const methods = ['GET', 'POST', 'MKCOL', 'PROPFIND', 'PURGE', 'REPORT']
    for (let i = 0; i < 120; i++) {
      const path = `/${Math.random().toString(36).slice(2)}.php`
      await (await fetch(program.url + path, { method: methods[i % methods.length]! })).text()
    }
    await expectCounts(program, [
      '{method="GET",endpoint="_unmatched",http_status="200"} 20',
      '{method="POST",endpoint="_unmatched",http_status="200"} 20',
      '{method="_OTHER",endpoint="_unmatched",http_status="200"} 80',
    ])
  })

  test('the workers of a cluster share no port: each has its own or none', async () => {
    const { code, errors } = await run(place(), CLUSTER, { environment: { NARTHEX_PORT: String(await freePort()) } })
    expect(code).toBe(0)
    // The primary and one of the workers want the same.
    expect(errors.match(/is taken\. Each process needs one of its own/g)).toHaveLength(1)
    expect(errors.match(/served on http:/g)).toHaveLength(1)
    expect(errors.trimEnd().split('\n')).toHaveLength(2)
  })

  test('a request whose client leaves is counted once', async () => {
    const program = await attach(
      place(),
      `const { createServer } = load('node:http')
      listen(createServer((request, response) => { if (request.url === '/begun') response.write('first') }))`,
    )
    for (const path of ['/silent', '/begun']) {
      const socket = connect(Number(new URL(program.url).port), '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
      await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 1'])
      socket.destroy()
      await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
    }
    await expectCounts(program, [
      '{method="GET",endpoint="_unmatched",http_status="aborted"} 1',
      '{method="GET",endpoint="_unmatched",http_status="200"} 1',
    ])
  })

  describe('a program that measures itself', () => {
    test('with the same metrics is measured once, and served on both ports', async () => {
      const program = await attach(
        place(),
        `const express = load('express')
        const { metrics } = load('narthex/express')
        const { createServer } = load('node:http')
        const app = express().use(metrics())
        app.get('/users/:id', (request, response) => void response.send('ok'))
        listen(createServer(app))`,
      )
      await get(program, '/users/1')
      const expected = 'app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1\n'
      expect(await (await fetch(`${program.url}/metrics`)).text()).toContain(expected)
      expect(await (await fetch(program.metricsUrl)).text()).toContain(expected)
    })

    test('with options of its own keeps them: another prefix, other buckets, its own endpoint', async () => {
      const program = await attach(
        place(),
        `const { createServer } = load('node:http')
        const { measureRequests } = load('narthex/node')
        const shop = measureRequests({ prefix: 'shop', endpoint: () => '/own' })
        const app = measureRequests({ buckets: [1] })
        listen(createServer((request, response) => {
          ;(request.url === '/shop' ? shop : app)(request, response)
          response.end()
        }))`,
      )
      await get(program, '/shop', '/app')
      await expectSamples(program, 'shop_request_count_total', [
        'shop_request_count_total{method="GET",endpoint="/own",http_status="200"} 1',
      ])
      await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 1'])
      await expectSamples(program, 'app_request_latency_seconds_bucket', [
        'app_request_latency_seconds_bucket{method="GET",endpoint="_unmatched",le="1"} 1',
        'app_request_latency_seconds_bucket{method="GET",endpoint="_unmatched",le="+Inf"} 1',
      ])
      expect(program.errors().trimEnd().split('\n')).toHaveLength(1)
    })

    test('only after it has waited is counted once all the same, and in progress once at the end', async () => {
      const program = await attach(
        place(),
        `const { createServer } = load('node:http')
        const { measureRequests } = load('narthex/node')
        const measure = measureRequests()
        listen(createServer((request, response) => {
          setTimeout(() => {
            measure(request, response)
            response.end()
          }, 20)
        }))`,
      )
      await get(program, '/a', '/b')
      await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 2'])
      await expectSamples(program, 'app_requests_in_progress', ['app_requests_in_progress{method="GET"} 0'])
    })

    test('in a metric of that name that is quite another keeps that, and is told once', async () => {
      const program = await attach(
        place(),
        `const { createServer } = load('node:http')
        const { gauge } = load('narthex')
        gauge({ name: 'app_request_count', help: 'Its own.' }).set(7)
        gauge({ name: 'app_request_latency_seconds', help: 'Its own.' }).set(7)
        listen(createServer((request, response) => response.end()))`,
      )
      await get(program, '/a', '/b')
      await expectSamples(program, 'app_request_count', ['app_request_count 7'])
      expect(program.errors().match(/requests are not measured/g)).toHaveLength(1)
    })
  })

  describe('how a program ends does not change', () => {
    test.each([
      ['an empty one', '', 0],
      ['one that waits for a moment', `setTimeout(() => console.log('done'), 50)`, 0],
      ['one that lives longer than the endpoint waits', `setTimeout(() => console.log('done'), 1200)`, 0],
      ['one that sets its code', 'process.exitCode = 7', 7],
      ['one that exits', 'process.exit(5)', 5],
      [
        'one that exits while it listens',
        `load0.createServer().listen(0, () => setTimeout(() => process.exit(4), 20))`,
        4,
      ],
      ['one that throws', `throw new Error('deliberate')`, 1],
      ['one that rejects', `Promise.reject(new Error('deliberate'))`, 1],
    ])('%s', async (_, source, code) => {
      const program = `const load0 = load('node:http')\n${source}`
      const options = { form: 'CommonJS', environment: { NARTHEX_PORT: String(await freePort()) } } as const
      const alone = await run(place(), program, { ...options, nodeOptions: NOTHING })
      const attached = await run(place(), program, options)
      expect(withoutFiles(attached)).toEqual(withoutFiles(alone))
      expect(attached.code).toBe(code)
    })

    test.each(['SIGTERM', 'SIGINT'] as const)('one that gets %s', async (signal) => {
      const program = await attach(place(), PLAIN)
      expect(await program.kill(signal)).toMatchObject({ code: null, signal })
    })

    test('one whose scraper keeps its connection', async () => {
      const program = await attach(place(), PLAIN)
      const { port, pathname } = new URL(program.metricsUrl)
      const socket = connect(Number(port), '127.0.0.1')
      onTestFinished(() => void socket.destroy())
      socket.on('error', () => {}).write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`)
      await new Promise((resolve) => socket.once('data', resolve))
      expect(await program.end()).toMatchObject({ code: 0 })
    })
  })

  describe('a port', () => {
    test('that is taken gives one line, and the program goes on', async () => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void other.close())
      const { port } = other.address() as AddressInfo
      const { code, output, errors } = await run(place(), WORKS_A_WHILE, {
        environment: { NARTHEX_PORT: String(port) },
      })
      expect({ code, output }).toEqual({ code: 0, output: 'worked\n' })
      expect(errors).toBe(
        `narthex: no metrics are served: port ${port} of 127.0.0.1 is taken. ` +
          'Each process needs one of its own: set NARTHEX_PORT, to 0 for any that is free\n',
      )
    })

    test('is left to the program that a package manager starts', async () => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void other.close())
      const environment = { NARTHEX_PORT: String((other.address() as AddressInfo).port) }
      const { code, errors } = await run(place(), WORKS_A_WHILE, { name: 'npm-cli', environment })
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
    })

    test('that the program wants later is left to it', async () => {
      const port = await freePort()
      const { code, output, errors } = await run(
        place(),
        `const { createServer } = load('node:http')
        const first = createServer().listen(0, () => setTimeout(() => {
          const second = createServer().listen(${port}, '127.0.0.1', () => {
            console.log('listens')
            first.close()
            second.close()
          })
        }, 1500))`,
        { environment: { NARTHEX_PORT: String(port) } },
      )
      expect({ code, output }).toEqual({ code: 0, output: 'listens\n' })
      expect(errors).toBe(`narthex: no metrics are served any more: the program listens on port ${port} itself\n`)
    })
  })

  test('a wrong environment gives one line for each variable, and the defaults', async () => {
    const { code, output, errors } = await run(place(), `console.log('worked')`, {
      environment: {
        NARTHEX_HOST: 'not a host',
        NARTHEX_PORT: '94640',
        NARTHEX_PATH: 'metrics',
        NARTHEX_PREFIX: '1st',
        NARTHEX_MAX_SERIES: '0',
        NARTHEX_MAX_HOSTS: 'many',
        NARTHEX_NAMING: 'otel',
        NARTHEX_OUTGOING: 'no',
        NARTHEX_CONNECTIONS: '1',
      },
    })
    expect({ code, output }).toEqual({ code: 0, output: 'worked\n' })
    expect(errors.trimEnd().split('\n')).toEqual([
      'narthex: NARTHEX_HOST must be an address or the name of a host, not "not a host": it is ignored',
      'narthex: NARTHEX_PORT must be a whole number from 0 to 65535, not "94640": it is ignored',
      'narthex: NARTHEX_PATH must be a path that begins with a slash, not "metrics": it is ignored',
      'narthex: NARTHEX_NAMING must be one of seeds, semconv, not "otel": it is ignored',
      'narthex: NARTHEX_PREFIX must be what can begin a metric name, not "1st": it is ignored',
      'narthex: NARTHEX_MAX_SERIES must be a whole number, 1 or more, not "0": it is ignored',
      'narthex: NARTHEX_MAX_HOSTS must be a whole number, 0 or more, not "many": it is ignored',
      'narthex: NARTHEX_CONNECTIONS must be true or false, not "1": it is ignored',
      'narthex: NARTHEX_OUTGOING must be true or false, not "no": it is ignored',
    ])
  })

  test('the environment says where the metrics are and what they are called', async () => {
    const program = await attach(place(), PLAIN, {
      environment: { NARTHEX_PATH: '/internal/metrics', NARTHEX_PREFIX: 'shop' },
    })
    expect(new URL(program.metricsUrl).pathname).toBe('/internal/metrics')
    await get(program, '/a')
    await expectSamples(program, 'shop_request_count_total', [
      'shop_request_count_total{method="GET",endpoint="_unmatched",http_status="200"} 1',
    ])
  })

  describe('the endpoint', () => {
    test('is guarded as the environment says, and a secret is told to nobody', async () => {
      const passwordHash = await hashPassword('correct horse')
      writeFileSync(join(place().folder, 'token'), 'of-a-file-0123456789\n')
      const program = await attach(place(), PLAIN, {
        environment: {
          NARTHEX_TOKEN: 'of-the-environment',
          NARTHEX_TOKEN_FILE: 'token',
          NARTHEX_USERNAME: 'prometheus',
          NARTHEX_PASSWORD_HASH: passwordHash,
        },
      })
      const statusWith = async (authorization: string): Promise<number> =>
        (await fetch(program.metricsUrl, { headers: { authorization } })).status
      expect(await statusWith('')).toBe(401)
      expect(await statusWith('Bearer of-nobody-0123456789')).toBe(401)
      expect(await statusWith('Bearer of-the-environment')).toBe(200)
      expect(await statusWith('Bearer of-a-file-0123456789')).toBe(200)
      expect(await statusWith(`Basic ${btoa('prometheus:correct horse')}`)).toBe(200)
      expect(program.errors()).toBe(`narthex: the metrics are served on ${program.metricsUrl}\n`)
    })

    test('speaks TLS with the certificate that the environment names', async () => {
      writeFileSync(join(place().folder, 'cert.pem'), CERTIFICATE)
      writeFileSync(join(place().folder, 'key.pem'), KEY)
      const program = await attach(place(), PLAIN, {
        environment: { NARTHEX_TLS_CERT: 'cert.pem', NARTHEX_TLS_KEY: 'key.pem' },
      })
      expect(program.metricsUrl).toMatch(/^https:/)
      await getSecurely(program.metricsUrl)
    })

    test.each([
      [{ NARTHEX_TOKEN: 'short secret' }, 'NARTHEX_TOKEN: auth has a bearerToken that is not 16 characters or more'],
      [{ NARTHEX_TOKEN_FILE: 'no-file' }, "NARTHEX_TOKEN_FILE: ENOENT: no such file or directory, open 'no-file'"],
      [{ NARTHEX_TOKEN_FILE: 'package.json' }, 'NARTHEX_TOKEN_FILE: auth has a bearerToken that is not 16 characters'],
      [{ NARTHEX_USERNAME: 'prometheus' }, 'NARTHEX_USERNAME needs NARTHEX_PASSWORD_HASH'],
      [{ NARTHEX_PASSWORD_HASH: 'short secret' }, 'NARTHEX_PASSWORD_HASH needs NARTHEX_USERNAME'],
      [
        { NARTHEX_USERNAME: 'prometheus', NARTHEX_PASSWORD_HASH: 'short secret' },
        'NARTHEX_USERNAME, NARTHEX_PASSWORD_HASH: A passwordHash must be what hashPassword makes',
      ],
      [{ NARTHEX_TLS_KEY: 'package.json' }, 'NARTHEX_TLS_KEY needs NARTHEX_TLS_CERT'],
      [
        { NARTHEX_TLS_CERT: 'package.json', NARTHEX_TLS_KEY: 'package.json' },
        'NARTHEX_TLS_CERT, NARTHEX_TLS_KEY: error:',
      ],
    ])('does not open with %o, and the program goes on', async (environment, reason) => {
      const port = await freePort()
      const { code, output, errors } = await run(place(), WORKS_A_WHILE, {
        environment: { NARTHEX_PORT: String(port), ...environment },
      })
      expect({ code, output }).toEqual({ code: 0, output: 'worked\n' })
      expect(errors).toContain(`narthex: no metrics are served: ${reason}`)
      expect(errors.trimEnd().split('\n')).toHaveLength(1)
      expect(errors).not.toContain('short secret')
    })
  })

  describe('the connections of servers', () => {
    const OPEN = `
      const { connect } = load('node:net')
      server.once('listening', () => connect(server.address().port, '127.0.0.1').unref().on('error', () => {}))
      listen(server)`

    test.each([
      ['node:http', `const { createServer } = load('node:http')\n const server = createServer()`],
      ['node:http2', `const { createServer } = load('node:http2')\n const server = createServer()`],
    ])('of %s are counted if the environment says so, from the first on', async (_, create) => {
      const program = await attach(place(), create + OPEN, { environment: { NARTHEX_CONNECTIONS: 'true' } })
      await expectSamples(program, 'app_connections_accepted_total', ['app_connections_accepted_total 1'])
      const socket = connect(Number(new URL(program.url).port), '127.0.0.1')
      socket.on('error', () => {})
      await expectSamples(program, 'app_connections_open', ['app_connections_open 2'])
      socket.destroy()
      await expectSamples(program, 'app_connections_open', ['app_connections_open 1'])
      // Those of the scrapes are not among them.
      await expectSamples(program, 'app_connections_accepted_total', ['app_connections_accepted_total 2'])
    })

    test('are not, if it does not; and once, if the program counts them itself', async () => {
      const create = `const { createServer } = load('node:http')\n const server = createServer()`
      const silent = await attach(place(), create + OPEN)
      await expectSamples(silent, 'app_connections', [])
      const counts = `const { connectionMetrics } = load('narthex/node')\n connectionMetrics(server)`
      const program = await attach(place(), `${create}\n${counts}${OPEN}`, {
        environment: { NARTHEX_CONNECTIONS: 'true' },
      })
      await expectSamples(program, 'app_connections_accepted_total', ['app_connections_accepted_total 1'])
      expect(await program.end()).toMatchObject({ code: 0 })
    })
  })

  test('the names are those of the conventions if the environment says so', async () => {
    const program = await attach(place(), EXPRESS.replaceAll('NAME', 'express'), {
      environment: { NARTHEX_NAMING: 'semconv' },
    })
    await get(program, '/users/1/items/2')
    await expectSamples(program, 'http_server_request_duration_seconds_count', [
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/users/:id/items/:item",' +
        'http_response_status_code="200",url_scheme="http",network_protocol_version="1.1",error_type=""} 1',
    ])
  })

  describe('outgoing requests', () => {
    test('are measured, unless the environment says otherwise', async () => {
      for (const NARTHEX_OUTGOING of ['true', 'false']) {
        const program = await attach(place(), CALLS_ITSELF, { environment: { NARTHEX_OUTGOING } })
        await get(program, '/fetch', '/http')
        const { host } = new URL(program.url)
        await expectSamples(
          program,
          'app_outgoing_request_count_total',
          NARTHEX_OUTGOING === 'true'
            ? [`app_outgoing_request_count_total{method="GET",host="${host}",http_status="200"} 2`]
            : [],
        )
      }
    })

    test('of a program that measures them itself are counted once, with its own options', async () => {
      const program = await attach(
        place(),
        `const { outgoingRequestMetrics } = load('narthex/outgoing')
        outgoingRequestMetrics({ prefix: 'shop' })${CALLS_ITSELF}`,
      )
      await get(program, '/fetch', '/http')
      await expectSamples(program, 'app_outgoing', [])
      await expectSamples(program, 'shop_outgoing_request_latency_seconds_count', [expect.stringMatching(/ 2$/)])
    })
  })

  test('a program that imports it can stop it', async () => {
    const program = await attach(
      place(),
      `const { stop } = load('narthex/register')
      const { expose } = load('narthex')
      const { createServer } = load('node:http')
      listen(createServer((request, response) => {
        if (request.url === '/stop') stop()
        if (request.url === '/own') expose().then((text) => response.end(text))
        else response.end('ok')
      }))`,
      { nodeOptions: [] },
    )
    await get(program, '/a', '/stop', '/b')
    await expect(fetch(program.metricsUrl)).rejects.toThrow('fetch failed')
    const own = await (await fetch(`${program.url}/own`)).text()
    expect(own).toContain('app_request_count_total{method="GET",endpoint="_unmatched",http_status="200"} 2\n')
    expect(await program.end()).toMatchObject({ code: 0 })
  })

  test('it attaches through NODE_OPTIONS too, once in a process and not in its worker threads', async () => {
    const program = await attach(
      place(),
      `const { Worker } = load('node:worker_threads')
      const { createServer } = load('node:http')
      const worker = new Worker('setTimeout(() => {}, 1500)', { eval: true })
      worker.on('exit', () => console.log('worker ended'))
      listen(createServer((request, response) => response.end()))`,
      { nodeOptions: [], environment: { NODE_OPTIONS: '--import narthex/register --import narthex/register' } },
    )
    await get(program, '/a')
    await expectCounts(program, ['{method="GET",endpoint="_unmatched",http_status="200"} 1'])
    const { code, output } = await program.end()
    expect({ code, output: output.split('\n').slice(1) }).toEqual({ code: 0, output: ['worker ended', ''] })
    expect(program.errors().trimEnd().split('\n')).toHaveLength(1)
  })
}

/** What `--import` does to a stack is Node's. */
const NOTHING = ['--import', 'data:text/javascript,']

const TRACED = `
  const { context, trace } = load('@opentelemetry/api')
  const { AsyncLocalStorageContextManager } = load('@opentelemetry/context-async-hooks')
  const { BasicTracerProvider } = load('@opentelemetry/sdk-trace-base')
  const { createServer } = load('node:http')
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new BasicTracerProvider())
  const answer = (response) => trace.getTracer('program').startActiveSpan('request', () => response.end('ok'))
  listen(createServer((request, response) => answer(response)))`

const PLAIN = `
  const { createServer } = load('node:http')
  listen(createServer((request, response) => response.end('ok')))`

const KOA = `
  const Koa = load('koa')
  const { Router } = load('@koa/router')
  const { createServer } = load('node:http')
  const app = new Koa()
  app.silent = true
  const users = new Router()
  users.get('/items/:item', (context) => { context.body = 'ok' })
  users.get('/fail', () => { throw new Error('deliberate') })
  const router = new Router()
  router.use('/users/:id', users.routes())
  app.use(router.routes())
  listen(createServer(app.callback()))`

const HONO = `
  const { Hono } = load('hono')
  const { getRequestListener } = load('@hono/node-server')
  const { metrics } = load('narthex/hono')
  const { createServer } = load('node:http')
  const app = new Hono()
  USE
  app.use('/v1/*', async (context, next) => await next())
  const users = new Hono()
  users.get('/items/:item', (context) => context.text('ok'))
  users.get('/fail', () => { throw new Error('deliberate') })
  users.use('/closed', async (context, next) => context.req.query('key') ? await next() : context.text('no', 401))
  users.get('/closed', (context) => context.text('ok'))
  users.onError((error, context) => context.text('failed', 500))
  app.basePath('/v1').route('/users/:id', users).get('/health', (context) => context.text('ok'))
  app.get('/files/*', (context) => context.text('ok'))
  app.mount('/mounted', new Hono().get('/:inner', (context) => context.text('ok')).fetch)
  app.get('/asks', async (context) => await app.request('/files/1', {}, context.env))
  app.get('/later', async (context) => { throw new Error('deliberate') })
  app.onError((error, context) => context.text('failed', 500))
  listen(createServer(getRequestListener(app.fetch)))`

const HONO_ROUTES = [
  '{method="GET",endpoint="/v1/users/:id/items/:item",http_status="200"} 2',
  '{method="GET",endpoint="/v1/users/:id/fail",http_status="500"} 1',
  '{method="GET",endpoint="/v1/users/:id/closed",http_status="401"} 1',
  '{method="GET",endpoint="/v1/health",http_status="200"} 1',
  '{method="GET",endpoint="/files/*",http_status="200"} 1',
  '{method="GET",endpoint="_unmatched",http_status="200"} 1',
  '{method="GET",endpoint="/asks",http_status="200"} 1',
  '{method="GET",endpoint="/later",http_status="500"} 1',
  '{method="GET",endpoint="_unmatched",http_status="404"} 2',
  '{method="HEAD",endpoint="/v1/health",http_status="200"} 1',
]

const HONO_WITHOUT_ROUTES = [
  '{method="GET",endpoint="_unmatched",http_status="200"} 6',
  '{method="GET",endpoint="_unmatched",http_status="500"} 2',
  '{method="GET",endpoint="_unmatched",http_status="401"} 1',
  '{method="GET",endpoint="_unmatched",http_status="404"} 2',
  '{method="HEAD",endpoint="_unmatched",http_status="200"} 1',
]

const CALLS_ITSELF = `
  const http = load('node:http')
  listen(http.createServer((request, response) => {
    const url = 'http://' + request.headers.host + '/ok'
    if (request.url === '/fetch') fetch(url).then((answer) => answer.text()).then((text) => response.end(text))
    else if (request.url === '/http') http.get(url, (answer) => answer.resume().on('close', () => response.end()))
    else response.end('ok')
  }))`

const EXPRESS = `
  const express = load('NAME')
  const { createServer } = load('node:http')
  const app = express()
  app.set('env', 'test')
  const users = express.Router({ mergeParams: true })
  users.get('/items/:item', (request, response) => void response.send('ok'))
  users.get('/fail', () => { throw new Error('deliberate') })
  app.use('/users/:id', users)
  listen(createServer(app))`

const FASTIFY = `
  const fastify = load('NAME')
  const app = fastify()
  app.register(async (users) => {
    users.get('/items/:item', async () => 'ok')
    users.get('/fail', async () => { throw new Error('deliberate') })
  }, { prefix: '/users/:id' })
  app.ready(() => listen(app.server))`

const CLUSTER = `
  const cluster = load('node:cluster')
  const { createServer } = load('node:http')
  if (cluster.isPrimary) {
    cluster.fork({ NARTHEX_PORT: '0' })
    cluster.fork()
  } else {
    createServer().listen(0, '127.0.0.1', () => setTimeout(() => cluster.worker.disconnect(), 1500))
  }`

const WORKS_A_WHILE = `
  const { createServer } = load('node:http')
  const server = createServer().listen(0, '127.0.0.1', () => setTimeout(() => {
    console.log('worked')
    server.close()
  }, 1500))`

/** Whether this Node can hand out another module than the program asked for: 22.15 and later. */
function hasHooks({ node }: Place): boolean {
  return (
    execFileSync(node, ['-p', "typeof require('node:module').registerHooks"], { encoding: 'utf8' }) === 'function\n'
  )
}

async function get(program: AttachedProgram, ...paths: string[]): Promise<void> {
  for (const path of paths) await (await fetch(program.url + path)).text()
}

async function getSecurely(url: string): Promise<void> {
  await new Promise((resolve, reject) => {
    httpsGet(url, { ca: CERTIFICATE, agent: false }, (response) => response.resume().on('close', resolve)).on(
      'error',
      reject,
    )
  })
}

/** A response may be closed a moment after the client has read it. */
async function expectSamples(program: AttachedProgram, name: string, expected: readonly unknown[]): Promise<void> {
  await vi.waitFor(async () => expect(await program.scrape(name)).toEqual(expected), 5000)
}

async function expectCounts(program: AttachedProgram, expected: readonly string[]): Promise<void> {
  await expectSamples(
    program,
    'app_request_count_total',
    expected.map((line) => `app_request_count_total${line}`),
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The stack of an error names files, and each run has its own. */
function withoutFiles<Ended extends { readonly errors: string }>(ended: Ended): Ended {
  return { ...ended, errors: ended.errors.replaceAll(/program-\d+/g, 'program') }
}
