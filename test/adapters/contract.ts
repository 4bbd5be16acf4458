import http from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { counter, histogram, Registry, type MetricFamily } from 'narthex'
import { hashPassword, type MetricsOptions } from 'narthex/http'
import { describeRequestMetrics, type RequestContract } from './request-contract.ts'
import { counted, latencies, startService, type Service } from './service.ts'
import { get, leaveAfter } from './wire.ts'

/** What a handler of the contract's service does, in every framework. */
export const handlers = {
  /** `GET /users/:id`; 201 for `POST`, when all of the body has come. */
  user(request: http.IncomingMessage, response: http.ServerResponse): void {
    response.statusCode = request.method === 'POST' ? 201 : 200
    if (request.method !== 'POST' || request.readableEnded) response.end('a user')
    else request.resume().on('end', () => response.end('a user'))
  },
  /** `GET /stream`: a body that takes {@link STREAM_MS}. */
  stream(_: http.IncomingMessage, response: http.ServerResponse): void {
    response.write('first')
    setTimeout(() => response.end('last'), STREAM_MS)
  },
  /** `GET /silent`: never answers. */
  silent(): void {},
  /** `GET /endless`: begins to answer. */
  endless(_: http.IncomingMessage, response: http.ServerResponse): void {
    response.write('first')
  },
  /** `GET /throw`: the framework answers 500. */
  throw(): never {
    throw new Error('deliberate')
  },
}

const STREAM_MS = 60

/** One framework, with {@link handlers} on their routes. */
export interface Framework extends RequestContract {
  /** The service, measured and scraped by `metrics(options)` of its adapter, which is used as often as said. */
  service(options: MetricsOptions, times?: number): http.RequestListener
  /** The same by the two halves apart: the service, and the listener that answers scrapes. */
  halves(options: MetricsOptions): { service: http.RequestListener; scrapes: http.RequestListener }
  /** Starts the service; by default on HTTP. */
  readonly serve?: (listener: http.RequestListener) => Promise<Service>
  /** Why it does not learn that the client of a pipelined request has left, where it does not. */
  readonly pipelineIsDeaf?: string
}

/** What every adapter shows, whatever the framework. */
export function describeAdapter(framework: Framework): void {
  const { serve = startService } = framework
  const start = async (options: MetricsOptions = {}, times?: number): Promise<Service & { registry: Registry }> => {
    const registry = options.registry ?? new Registry()
    const service = framework.service({ processMetrics: false, scrapeMetrics: false, ...options, registry }, times)
    return { ...(await serve(service)), registry }
  }

  describe('requests', () => {
    test('are counted by method, route pattern and status', async () => {
      const { request, registry } = await start()
      expect(await request('/users/1')).toBe(200)
      expect(await request('/users/2?page=3')).toBe(200)
      expect(await request('/users/2', 'POST')).toBe(201)
      expect(await request('/users/2', 'HEAD')).toBe(200)
      await expectCounts(registry, { 'GET /users/:id 200': 2, 'HEAD /users/:id 200': 1, 'POST /users/:id 201': 1 })
    })

    test('are timed, each once', async () => {
      const { request, registry } = await start()
      await request('/users/1')
      await request('/users/2')
      await expectCounts(registry, { 'GET /users/:id 200': 2 })
      const { 'GET /users/:id': users } = await latencies(registry)
      expect(users?.count).toBe(2)
      expect(users?.sum).toBeGreaterThan(0)
      expect(users?.sum).toBeLessThan(5)
    })

    test('whose body is streamed are timed to its end', async () => {
      const { request, registry } = await start()
      await request('/stream')
      await expectCounts(registry, { 'GET /stream 200': 1 })
      expect((await latencies(registry))['GET /stream']?.sum).toBeGreaterThan((STREAM_MS * 0.95) / 1000)
    })

    test('that fail keep their route', async () => {
      const { request, registry } = await start()
      expect(await request('/throw')).toBe(500)
      await expectCounts(registry, { 'GET /throw 500': 1 })
    })

    test('that match nothing have one endpoint', async () => {
      const { request, registry } = await start()
      expect(await request('/nothing')).toBe(404)
      expect(await request('/users/1/nothing')).toBe(404)
      await expectCounts(registry, { 'GET _unmatched 404': 2 })
    })

    test('with an unknown method have one method', async () => {
      const { request, registry } = await start()
      await request('/nothing', 'PURGE')
      await request('/nothing', 'PROPFIND')
      await expectCounts(registry, { '_OTHER _unmatched 404': 2 })
    })

    test('on one connection are counted each', async () => {
      const { port, registry } = await start()
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      const sockets = new Set()
      for (let i = 0; i < 3; i++) sockets.add(await socketOf({ port, agent, host: '127.0.0.1', path: '/users/1' }))
      agent.destroy()
      expect(sockets.size).toBe(1)
      await expectCounts(registry, { 'GET /users/:id 200': 3 })
    })

    test('that are pipelined are counted each', async () => {
      const { exchange, registry } = await start()
      const answer = await exchange(`${get('/stream')}${get('/users/1')}${get('/users/2', 'Connection: close')}`)
      expect(answer.match(/HTTP\/1.1 200/g)).toHaveLength(3)
      await expectCounts(registry, { 'GET /stream 200': 1, 'GET /users/:id 200': 2 })
    })

    test('at the same time do not mix', async () => {
      const { request, registry } = await start()
      const paths = Array.from({ length: 60 }, (_, i) => ['/users/1', '/stream', '/throw', '/nothing'][i % 4]!)
      await Promise.all(paths.map(async (path) => await request(path)))
      await expectCounts(registry, {
        'GET /stream 200': 15,
        'GET /throw 500': 15,
        'GET /users/:id 200': 15,
        'GET _unmatched 404': 15,
      })
    })
  })

  describeRequestMetrics(start, framework)

  describe('a client that leaves', () => {
    test('before the headers is counted once, with no status invented', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, get('/silent'), () => true)
      await expectCounts(registry, { 'GET /silent aborted': 1 })
    })

    test('in the middle of a body is counted once, with the status that was sent', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, get('/endless'), (answer) => answer.includes('first'))
      await expectCounts(registry, { 'GET /endless 200': 1 })
    })

    test('in the course of a later request of its connection is counted once for each', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, get('/silent'), () => true, get('/users/1'))
      await leaveAfter(port, get('/endless'), (answer) => answer.includes('first'), get('/users/1'))
      await leaveAfter(port, get('/users/2'), (answer) => answer.includes('a user'), get('/users/1'))
      await expectCounts(registry, { 'GET /endless 200': 1, 'GET /silent aborted': 1, 'GET /users/:id 200': 4 })
    })

    test.skipIf(framework.pipelineIsDeaf)(
      'with later requests that are pipelined is counted once for each',
      async () => {
        const { port, registry } = await start()
        const pipelined = `${get('/users/2')}${get('/endless')}${get('/silent')}`
        await leaveAfter(port, pipelined, (answer) => answer.includes('first'), get('/users/1'))
        await vi.waitFor(async () => {
          const { 'GET /users/:id': users, ...others } = await latencies(registry)
          expect(users?.count).toBe(2)
          expect(Object.entries(others).map(([name, { count }]) => [name, count])).toEqual([
            ['GET /endless', 1],
            ['GET /silent', 1],
          ])
        })
      },
    )

    test.skipIf(framework.pipelineIsDeaf)('with pipelined requests is counted once for each', async () => {
      const { port, registry } = await start()
      await leaveAfter(port, `${get('/endless')}${get('/silent')}${get('/users/1')}`, (answer) =>
        answer.includes('first'),
      )
      await vi.waitFor(async () => {
        const counts = Object.values(await counted(registry))
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3)
      })
      expect(Object.keys(await latencies(registry)).toSorted()).toEqual([
        'GET /endless',
        'GET /silent',
        'GET /users/:id',
      ])
    })
  })

  describe('series', () => {
    test('stay few, whatever a scanner asks for', async () => {
      const { request, registry } = await start()
      const methods = ['GET', 'POST', 'DELETE', 'MKCOL', 'PROPFIND', 'PURGE', 'REPORT', 'SEARCH']
      for (let i = 0; i < 300; i++) {
        const path = Math.random().toString(36).slice(2)
        await request(i % 3 === 0 ? `/users/${path}` : `/${path}/${path}.php?${path}`, methods[i % methods.length])
      }
      await vi.waitFor(async () => {
        expect(Object.values(await counted(registry)).reduce((sum, count) => sum + count, 0)).toBe(300)
      })
      expect(Object.keys(await counted(registry)).length).toBeLessThanOrEqual(9)
    })

    test('beyond maxSeries are one', async () => {
      const onWarning = vi.fn<(message: string) => void>()
      const { request, registry } = await start({ maxSeries: 2, registry: new Registry({ onWarning }) })
      for (const path of ['/users/1', '/stream', '/throw', '/nothing', '/nothing']) await request(path)
      await expectCounts(registry, {
        'GET /stream 200': 1,
        'GET /users/:id 200': 1,
        '_overflow _overflow _overflow': 3,
      })
      expect((await latencies(registry))['_overflow _overflow']?.count).toBe(3)
      expect(onWarning.mock.calls.map(([message]) => message).join('\n')).toContain('app_request_count_total')
    })
  })

  describe('a scrape', () => {
    test('gets the exposition, its type and its exact length', async () => {
      const { url, registry } = await start()
      counter({ name: 'cakes', help: 'Cakes, also crème brûlée.', registry }).inc(3)
      const response = await fetch(`${url}/metrics`)
      const bytes = await response.arrayBuffer()
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(response.headers.get('content-length')).toBe(String(bytes.byteLength))
      expect(new TextDecoder().decode(bytes)).toContain(
        '# HELP cakes_total Cakes, also crème brûlée.\n# TYPE cakes_total counter\ncakes_total 3\n',
      )
    })

    test('gets it in the format that it prefers, or that the query names', async () => {
      const { url, registry } = await start()
      counter({ name: 'cakes', help: 'Cakes.', registry }).inc(3)
      const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' }
      for (const asked of [
        fetch(`${url}/metrics?name[]=cakes`, { headers }),
        fetch(`${url}/metrics?name[]=cakes&format=openmetrics`),
      ]) {
        const response = await asked
        expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
        expect(await response.text()).toBe('# TYPE cakes counter\n# HELP cakes Cakes.\ncakes_total 3\n# EOF\n')
      }
    })

    test.each(['/metrics/', '/metrics?', '/metrics/?x=y'])('is answered at %s too', async (path) => {
      const { url, registry } = await start()
      counter({ name: 'cakes', help: 'Cakes.', registry }).inc(3)
      expect(await (await fetch(url + path)).text()).toContain('cakes_total 3\n')
    })

    test.each(['/metricsx', '/metrics/x', '/Metrics', '/', '//metrics'])('is not what asks for %s', async (path) => {
      const { request } = await start()
      expect(await request(path)).toBe(404)
    })

    test('with HEAD gets the same headers and no body', async () => {
      const { url, exchange, registry } = await start()
      counter({ name: 'cakes', help: 'Cakes.', registry })
      const length = (await (await fetch(`${url}/metrics?name[]=cakes`)).text()).length
      const answer = await exchange('HEAD /metrics?name[]=cakes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      expect(answer).toMatch(/^HTTP\/1.1 200 /)
      expect(answer).toMatch(/^Content-Type: text\/plain; version=0.0.4; charset=utf-8\r$/im)
      expect(answer).toMatch(new RegExp(`^Content-Length: ${length}\\r$`, 'im'))
      expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe('')
    })

    test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PURGE'])('cannot be %s', async (method) => {
      const { port } = await start()
      const response = await responseTo({ port, host: '127.0.0.1', path: '/metrics', method, agent: false })
      const body = await text(response)
      expect(response.statusCode).toBe(405)
      expect(response.headers['allow']).toBe('GET, HEAD')
      expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(response.headers['content-length']).toBe(String(body.length))
    })

    test('is compressed for who takes gzip, and its length is still exact', async () => {
      const { port, registry } = await start()
      const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
      for (let i = 0; i < 100; i++) cakes.inc({ kind: `kind ${i}` }, i)
      const scrape = async (encoding: string): Promise<{ headers: http.IncomingHttpHeaders; bytes: Buffer }> => {
        const headers = { 'Accept-Encoding': encoding }
        const path = '/metrics?name[]=cakes'
        const response = await responseTo({ port, host: '127.0.0.1', path, headers, agent: false })
        return { headers: response.headers, bytes: await buffer(response) }
      }
      const plain = await scrape('identity')
      const compressed = await scrape('gzip')
      expect(plain.headers).not.toHaveProperty('content-encoding')
      expect(compressed.headers['content-encoding']).toBe('gzip')
      for (const { headers, bytes } of [plain, compressed]) {
        expect(headers['content-length']).toBe(String(bytes.length))
        expect(headers['vary']).toBe('Accept, Accept-Encoding')
      }
      expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 2)
      expect(gunzipSync(compressed.bytes).equals(plain.bytes)).toBe(true)
    })

    test('is answered to who has the credentials, and tells nobody else anything', async () => {
      const bearerToken = 'a-token-for-the-contract'
      const passwordHash = await hashPassword('tea time')
      const { url, request } = await start({ auth: [{ bearerToken }, { username: 'prometheus', passwordHash }] })
      const ask = async (authorization?: string, method = 'GET'): Promise<Response> => {
        return await fetch(`${url}/metrics`, { method, ...(authorization && { headers: { authorization } }) })
      }
      for (const refused of [
        await ask(),
        await ask('Bearer another-token-of-somebody'),
        await ask('Basic eDp5', 'POST'),
      ]) {
        expect(refused.status).toBe(401)
        expect(refused.headers.get('www-authenticate')).toBe(
          'Bearer realm="metrics", Basic realm="metrics", charset="UTF-8"',
        )
        expect(refused.headers.get('content-length')).toBe('14')
        expect(await refused.text()).toBe('Unauthorized.\n')
      }
      expect((await ask(`Bearer ${bearerToken}`)).status).toBe(200)
      expect((await ask(`Basic ${btoa('prometheus:tea time')}`)).status).toBe(200)
      expect((await ask(`Bearer ${bearerToken}`, 'POST')).status).toBe(405)
      expect(await request('/users/1')).toBe(200)
    })

    test('may ask for families by their name or that of a sample', async () => {
      const { url, registry } = await start()
      counter({ name: 'cakes', help: 'Cakes.', registry })
      histogram({ name: 'slow', help: 'Slow.', registry })
      histogram({ name: 'fast', help: 'Fast.', registry })
      const familiesOf = async (query: string): Promise<string[]> => {
        const exposition = await (await fetch(`${url}/metrics?${query}`)).text()
        return [...exposition.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
      }
      expect(await familiesOf('name[]=cakes_total&name[]=slow')).toEqual(['cakes_total', 'slow'])
      expect(await familiesOf('name%5B%5D=slow_bucket')).toEqual(['slow'])
      expect(await familiesOf('name[]=cakes&name[]=cakes_total')).toEqual(['cakes_total'])
      expect(await familiesOf('name[]=nothing')).toEqual([])
      expect(await familiesOf('other=slow')).toContain('fast')
    })

    test('may not ask for very much', async () => {
      const { request } = await start()
      expect(await request(`/metrics?${'name[]=x&'.repeat(1024)}`)).toBe(200)
      expect(await request(`/metrics?${'name[]=x&'.repeat(1025)}`)).toBe(400)
      expect(await request(`/metrics?name[]=${'x'.repeat(65_000)}`)).toBe(200)
      expect(await request(`/metrics?name[]=${'x'.repeat(65_536)}`)).toBe(400)
    })

    test('that fails says so, and why only to the service', async () => {
      const onWarning = vi.fn<(message: string, cause?: unknown) => void>()
      const { url, registry } = await start({ registry: new BrokenRegistry(), onWarning })
      const response = await fetch(`${url}/metrics`)
      const body = await response.text()
      expect(response.status).toBe(500)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(response.headers.get('content-length')).toBe(String(body.length))
      expect(body).toBe('The metrics could not be gathered.\n')
      expect(JSON.stringify([...response.headers])).not.toContain('secret')
      expect(onWarning.mock.calls).toEqual([
        ['narthex: the metrics could not be gathered', new Error('the secret is 1234')],
      ])
      expect(registry).toBeInstanceOf(BrokenRegistry)
    })

    test('is a request as every other, and sees those before it', async () => {
      const { request, url, registry } = await start()
      await request('/metrics/')
      await expectCounts(registry, { 'GET /metrics 200': 1 })
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        'app_request_count_total{method="GET",endpoint="/metrics",http_status="200"} 1\n',
      )
      await request('/metrics', 'POST')
      await expectCounts(registry, { 'GET /metrics 200': 2, 'POST /metrics 405': 1 })
    })
  })

  describe('the options', () => {
    test('give the metrics the names, helps and types of the seeds by default', async () => {
      const { request, url } = await start({ info: { version: '1', config: 'develop' } })
      await request('/users/1')
      const exposition = await (await fetch(`${url}/metrics`)).text()
      expect(exposition.split('\n').filter((line) => line.startsWith('#'))).toEqual([
        '# HELP app_request_latency_seconds Application Request Latency',
        '# TYPE app_request_latency_seconds histogram',
        '# HELP app_request_count_total Application Request Count',
        '# TYPE app_request_count_total counter',
        '# HELP app_requests_in_progress Requests whose response is not closed yet.',
        '# TYPE app_requests_in_progress gauge',
        '# HELP app_request_errors_total Requests that failed, by the class of the error or the status.',
        '# TYPE app_request_errors_total counter',
        '# HELP app_requests_aborted_total Requests whose connection ended before the response.',
        '# TYPE app_requests_aborted_total counter',
        '# HELP app_request_queue_seconds Time from X-Request-Start, which a proxy sets, to the start of the request.',
        '# TYPE app_request_queue_seconds histogram',
        '# HELP app_version_info Application Version',
        '# TYPE app_version_info gauge',
      ])
      expect(exposition).toContain('\napp_version_info{version="1",config="develop"} 1\n')
      expect(exposition.match(/le="[^"]+"/g)).toHaveLength(12)
    })

    test('change path, prefix and buckets', async () => {
      const { request, url, registry } = await start({ path: '/internal/scrape/', prefix: 'shop', buckets: [0.5, 60] })
      expect(await request('/metrics')).toBe(404)
      await request('/users/1')
      await vi.waitFor(async () => {
        expect(await counted(registry, 'shop')).toEqual({ 'GET /users/:id 200': 1, 'GET _unmatched 404': 1 })
      })
      const exposition = await (await fetch(`${url}/internal/scrape`)).text()
      expect(exposition).toContain(
        'shop_request_latency_seconds_bucket{method="GET",endpoint="/users/:id",le="0.5"} 1\n',
      )
      expect(await request('/internal/scrape')).toBe(200)
      await vi.waitFor(async () => {
        expect(await counted(registry, 'shop')).toMatchObject({ 'GET /internal/scrape 200': 2 })
      })
    })

    test('show the metrics of the process, unless told otherwise', async () => {
      const registry = new Registry()
      const { url } = await start({ registry, processMetrics: true })
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('\nprocess_cpu_seconds_total ')
      const without = await start()
      expect(await (await fetch(`${without.url}/metrics`)).text()).not.toContain('process_')
    })

    test('show the metrics of the endpoint, unless told otherwise', async () => {
      const { url } = await start({ scrapeMetrics: true })
      await (await fetch(`${url}/metrics`)).text()
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('\nnarthex_scrapes_total{code="200"} 1\n')
      const without = await start()
      expect(await (await fetch(`${without.url}/metrics`)).text()).not.toContain('narthex_')
    })

    test('are checked at once', () => {
      const registry = new Registry()
      const declared = (options: MetricsOptions): (() => unknown) => {
        return () => framework.service({ processMetrics: false, scrapeMetrics: false, registry, ...options })
      }
      expect(declared({ path: 'metrics' })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
      expect(declared({ prefix: '1' })).toThrow(expect.objectContaining({ code: 'INVALID_METRIC_NAME' }))
      expect(declared({ buckets: [2, 1] })).toThrow(expect.objectContaining({ code: 'INVALID_BUCKETS' }))
      expect(declared({ maxConcurrentScrapes: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
      expect(declared({ maxSeries: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    })
  })

  describe('used more than once', () => {
    test('on one registry, a request is still counted once', async () => {
      const { request, url, registry } = await start({}, 3)
      await request('/users/1')
      await expectCounts(registry, { 'GET /users/:id 200': 1 })
      await fetch(`${url}/metrics`)
      await expectCounts(registry, { 'GET /metrics 200': 1, 'GET /users/:id 200': 1 })
    })

    test('in two halves, the scrapes may be answered elsewhere', async () => {
      const registry = new Registry()
      const { service, scrapes } = framework.halves({ registry, processMetrics: false })
      const [served, scraped] = [await serve(service), await serve(scrapes)]
      expect(await served.request('/metrics')).toBe(404)
      expect(await scraped.request('/users/1')).toBe(404)
      expect(await (await fetch(`${scraped.url}/metrics`)).text()).toContain(
        'app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 1\n',
      )
      expect(await counted(registry)).toEqual({ 'GET _unmatched 404': 1 })
    })
  })
}

/** Waits for these counts: a request is counted when its response is closed, which a client does not see. */
export async function expectCounts(registry: Registry, counts: Record<string, number>): Promise<void> {
  await vi.waitFor(async () => expect(await counted(registry)).toEqual(counts))
  // And none comes after.
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await counted(registry)).toEqual(counts)
}

/** What an error of the registry itself would be like: none is known. */
class BrokenRegistry extends Registry {
  override async gather(): Promise<readonly MetricFamily[]> {
    return await Promise.reject(new Error('the secret is 1234'))
  }
}

async function responseTo(options: http.RequestOptions): Promise<http.IncomingMessage> {
  return await new Promise((resolve, reject) => http.request(options, resolve).on('error', reject).end())
}

async function socketOf(options: http.RequestOptions): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const request = http.get(options, (response) => response.resume().on('end', () => resolve(request.socket)))
    request.on('error', reject)
  })
}
