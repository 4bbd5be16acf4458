import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import https from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { counter, gauge, Registry } from 'narthex'
import { serveMetrics, type MetricsServer, type MetricsServerOptions } from 'narthex/node'
import { CERTIFICATE, KEY } from '../../test/adapters/certificate.ts'

test('answers the path of the metrics and nothing else, on a port of its own', async () => {
  const registry = new Registry()
  counter({ name: 'cakes', help: 'Cakes.', registry }).inc()
  const server = await start({ registry })
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`)
  const response = await fetch(server.url)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('# HELP cakes_total Cakes.\n# TYPE cakes_total counter\ncakes_total 1\n')
  for (const path of ['/metrics/x', '/users']) expect((await fetch(new URL(path, server.url))).status).toBe(404)
  expect((await fetch(server.url, { method: 'POST', body: 'x' })).status).toBe(405)
})

describe('the root', () => {
  test('is a page that leads to the metrics', async () => {
    const registry = new Registry()
    const server = await start({ registry, path: '/internal/metrics' })
    const root = new URL('/?from=browser', server.url)
    const response = await fetch(root)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const page = await response.text()
    expect(Number(response.headers.get('content-length'))).toBe(page.length)
    const [, link] = /<a href="(.*)">\/internal\/metrics<\/a>/.exec(page)!
    const scrape = await fetch(new URL(link!, root))
    expect(scrape.url).toBe(server.url)
    expect(await scrape.text()).not.toContain('narthex_scrapes_total{')
  })

  test('has its headers for HEAD, and no other methods', async () => {
    const server = await start()
    const head = await fetch(new URL('/', server.url), { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0)
    expect((await fetch(new URL('/', server.url), { method: 'POST' })).status).toBe(405)
  })

  test('is for those who may scrape', async () => {
    const server = await start({ auth: { bearerToken: 'a-token-of-twenty-four-ch' } })
    const root = new URL('/', server.url)
    const refused = await fetch(root)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="metrics"'])
    expect(await refused.text()).not.toContain('/metrics')
    const granted = await fetch(root, { headers: { authorization: 'Bearer a-token-of-twenty-four-ch' } })
    expect(granted.status).toBe(200)
  })

  test('is the metrics where these are there', async () => {
    const server = await start({ path: '/', processMetrics: true })
    expect(await (await fetch(server.url)).text()).toContain('# TYPE process_cpu_seconds_total counter')
  })

  test('shows a path as it is, whatever characters it has', async () => {
    const server = await start({ path: '/"><b>&amp;' })
    const page = await (await fetch(new URL('/', server.url))).text()
    expect(page).toContain('<a href="./&quot;>&lt;b>&amp;amp;">/&quot;>&lt;b>&amp;amp;</a>')
  })
})

test('shows the metrics of the process, unless told otherwise', async () => {
  const shown = async (options: MetricsServerOptions) => await (await fetch((await start(options)).url)).text()
  expect(await shown({ processMetrics: true })).toContain('\nprocess_cpu_seconds_total ')
  expect(await shown({ processMetrics: false })).not.toContain('process_')
})

test('the address is that of this machine alone, unless told otherwise', async () => {
  const ofThisMachine = await start()
  await expect(exchange(ofThisMachine.port, GET, '127.0.0.2')).rejects.toThrow('ECONNREFUSED')
  const everywhere = await start({ host: '0.0.0.0' })
  expect(await exchange(everywhere.port, GET, '127.0.0.2')).toMatch(/^HTTP\/1.1 200 /)
})

test('the address may be of version 6', async () => {
  const server = await start({ host: '::1' })
  expect(server.url).toBe(`http://[::1]:${server.port}/metrics`)
  expect((await fetch(server.url)).status).toBe(200)
})

test('a port that is taken is the error of Node', async () => {
  const { port } = await start()
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
})

test.each([
  [{ port: -1 }, 'port must be a whole number from 0 to 65535, not -1.'],
  [{ port: '80' as unknown as number }, 'port must be a whole number from 0 to 65535, not "80".'],
  [{ maxConnections: 0 }, 'maxConnections must be a whole number from 1 '],
  [{ timeouts: { idleMs: 0 } }, 'timeouts.idleMs must be a whole number from 1 to 2147483647, not 0.'],
  [{ timeouts: { answerMs: Infinity } }, 'timeouts.answerMs must be '],
  [{ tls: { key: KEY } as { key: string; cert: string } }, 'tls needs a key and a cert, each a text or bytes in PEM.'],
  [
    { tls: true as unknown as { key: string; cert: string } },
    'The options of tls must be an object with their names, not true.',
  ],
  [{ path: 'metrics' }, 'The path of the metrics must begin with a slash, not be "metrics".'],
])('%j is refused', async (options, message) => {
  await expect(serveMetrics(options)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining(message),
  })
})

describe('with TLS', () => {
  test('it is HTTPS', async () => {
    const server = await start({ tls: { key: KEY, cert: new TextEncoder().encode(CERTIFICATE) } })
    expect(server.url).toMatch(/^https:/)
    expect(await secureScrape(server)).toContain('cakes_total 1\n')
    expect(await exchange(server.port, GET)).toBe('')
  })

  test('and a CA for clients, only their certificates get an answer', async () => {
    const server = await start({ tls: { key: KEY, cert: CERTIFICATE, clientCa: CERTIFICATE } })
    await expect(secureScrape(server)).rejects.toThrow(/certificate required|socket hang up|ECONNRESET/)
    expect(await secureScrape(server, { key: KEY, cert: CERTIFICATE })).toContain('cakes_total 1\n')
  })

  test('a certificate that is none is the error of Node', async () => {
    await expect(start({ tls: { key: KEY, cert: 'no certificate' } })).rejects.toThrow(/PEM|no start line/)
  })
})

describe('a client', () => {
  test.each([
    ['says nothing', ''],
    ['sends half a header', 'GET /metrics HTTP/1.1\r\nHo'],
    ['sends half a body', 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf'],
  ])('that %s is disconnected in time', async (_, bytes) => {
    const server = await start({ timeouts: { headersMs: 50, requestMs: 50 } })
    await expect(exchange(server.port, bytes).catch(() => '')).resolves.toMatch(/^(HTTP\/1.1 (405|408) |$)/)
  })

  test('that sends a header now and then is disconnected all the same', async () => {
    const server = await start({ timeouts: { headersMs: 100 } })
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    socket.write('GET /metrics HTTP/1.1\r\n')
    const drip = setInterval(() => socket.write('x: y\r\n'), 20)
    expect(await text(socket).catch(() => '')).toMatch(/^(HTTP\/1.1 408 |$)/)
    clearInterval(drip)
  })

  test('that does nothing between two scrapes keeps its connection only so long', async () => {
    const server = await start({ timeouts: { idleMs: 50 } })
    expect(await exchange(server.port, GET_AND_STAY)).toMatch(/^HTTP\/1.1 200 /)
  })

  test('that does not read its answer is disconnected in time', async () => {
    const registry = new Registry()
    const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
    for (let i = 0; i < 200_000; i++) cakes.inc({ kind: `a kind with a long name that fills the buffers: ${i}` })
    let asked!: () => void
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    registry.register({ refresh: () => asked(), collect: () => [] })
    const server = await start({ registry, timeouts: { answerMs: 1000 } })
    const socket = connect(server.port, '127.0.0.1').pause()
    socket.write(GET_AND_STAY)
    await isAsked
    await server.close()
    // It gets some of it, and not the rest.
    let bytes = 0
    socket
      .on('error', () => {})
      .on('data', (data: Buffer) => (bytes += data.length))
      .resume()
    await new Promise<void>((resolve) => socket.on('close', () => resolve()))
    expect(bytes).toBeLessThan(200_000 * 80)
  }, 20_000)

  test('with very large headers is refused', async () => {
    const server = await start()
    const answer = await exchange(server.port, `GET /metrics HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 431 /)
  })

  test('that is one too many is disconnected, the others are not', async () => {
    const server = await start({ maxConnections: 1 })
    const first = connect(server.port, '127.0.0.1')
    await new Promise<void>((resolve) => first.on('connect', () => resolve()))
    await expect(exchange(server.port, GET).catch(() => '')).resolves.toBe('')
    first.write(GET)
    expect(await text(first)).toMatch(/^HTTP\/1.1 200 /)
    expect(await exchange(server.port, GET)).toMatch(/^HTTP\/1.1 200 /)
  })
})

describe('close', () => {
  test('waits for the scrapes that run, and for nobody who is idle', async () => {
    const registry = new Registry()
    let answer!: (value: number) => void
    const collect = vi.fn<() => Promise<number>>(() => new Promise<number>((resolve) => (answer = resolve)))
    gauge({ name: 'slow', help: 'Slow.', registry, collect })
    const server = await start({ registry })
    const idle = connect(server.port, '127.0.0.1')
    const idleEnd = new Promise<void>((resolve) => idle.on('close', () => resolve()))
    idle.on('error', () => {}).resume()
    const running = exchange(server.port, GET_AND_STAY)
    await vi.waitFor(() => expect(collect).toHaveBeenCalled())
    const closed = server.close()
    answer(7)
    expect(await running).toMatch(/slow 7\n$/)
    await closed
    idle.destroy()
    await idleEnd
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  test('may be called twice', async () => {
    const server = await start()
    await Promise.all([server.close(), server.close()])
    await expect(server.close()).resolves.toBeUndefined()
  })
})

test('with unref, a program ends as it would without, also while a scraper is connected', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'narthex-unref-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const program = join(folder, 'program.mjs')
  await build({
    stdin: {
      contents: `
        import { connect } from 'node:net'
        import { serveMetrics } from './src/adapters/metrics-server.ts'
        const server = await serveMetrics({ port: 0, unref: process.argv[2] !== 'ref' })
        const response = await fetch(server.url)
        console.log(response.status, (await response.text()).includes('process_cpu_seconds_total'))
        connect(server.port, '127.0.0.1').unref()
        if (process.argv[2] === 'ref') setTimeout(() => { console.log('still here'); process.exit(3) }, 100).unref()`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: program,
  })
  const run = async (argument: string) =>
    await promisify(execFile)(process.execPath, [program, argument], { timeout: 20_000 })
  expect((await run('')).stdout).toBe('200 true\n')
  await expect(run('ref')).rejects.toMatchObject({ code: 3, stdout: '200 true\nstill here\n' })
}, 30_000)

const GET = 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
const GET_AND_STAY = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'

async function start(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  const registry = new Registry()
  counter({ name: 'cakes', help: 'Cakes.', registry }).inc()
  const server = await serveMetrics({ port: 0, processMetrics: false, scrapeMetrics: false, registry, ...options })
  onTestFinished(() => server.close())
  return server
}

/** What comes back on one connection, until the server closes it. */
async function exchange(port: number, bytes: string, host = '127.0.0.1'): Promise<string> {
  const socket = connect(port, host)
  socket.write(bytes)
  return await text(socket)
}

async function secureScrape({ url }: MetricsServer, client: https.RequestOptions = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    https
      .get(url, { ca: CERTIFICATE, agent: false, ...client }, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
  })
}
