import { gunzipSync } from 'node:zlib'
import { describe, expect, test, vi, type Mock } from 'vitest'
import { counter, expose, gauge, Registry } from 'narthex'
import type { FormatName } from '../exposition/format.ts'
import { scrapeHandler, type ScrapeHandler } from './scrape-handler.ts'

// What a server makes of it is in the contract of the adapters.

const header = (): undefined => undefined

describe('the path', () => {
  test.each(['/metrics', '/metrics/'])('%s is the same with and without a slash at its end', (path) => {
    const scrapes = scrapeHandler({ path })
    expect(scrapes.path).toBe('/metrics')
    expect(['/metrics', '/metrics/', '/metrics?x', 'http://host/metrics'].every((url) => scrapes.matches(url))).toBe(
      true,
    )
    expect(['/', '', '/metrics//', '/metricss', '/METRICS', '/a/metrics'].some((url) => scrapes.matches(url))).toBe(
      false,
    )
  })

  test('may be the root', () => {
    const scrapes = scrapeHandler({ path: '/' })
    expect(scrapes.matches('/')).toBe(true)
    expect(scrapes.matches('/x')).toBe(false)
  })

  test.each(['', 'metrics', '/metrics?x', '/metrics#x', 'http://host/metrics'])('cannot be %o', (path) => {
    expect(() => scrapeHandler({ path })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

test('the response is described by status, headers and blocks', async () => {
  const registry = new Registry()
  counter({ name: 'cakes', help: 'Cakes.', registry }).inc()
  const response = await scrapeHandler({ registry, scrapeMetrics: false }).answer({
    method: 'GET',
    url: '/metrics',
    header,
  })
  const body = Buffer.concat(response.body).toString()
  expect(response.status).toBe(200)
  expect(body).toBe('# HELP cakes_total Cakes.\n# TYPE cakes_total counter\ncakes_total 1\n')
  expect(response.headers).toEqual({
    'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    'Content-Length': String(body.length),
    Vary: 'Accept, Accept-Encoding',
  })
})

test('U8: who accepts gzip gets it, if there is enough to compress', async () => {
  const registry = new Registry()
  const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  const ask = (encoding: string) =>
    scrapes.answer({
      method: 'GET',
      url: '/metrics',
      header: (name) => (name === 'accept-encoding' ? encoding : undefined),
    })

  expect((await ask('gzip')).headers).not.toHaveProperty('Content-Encoding')
  for (let i = 0; i < 1000; i++) cakes.inc({ kind: i }, i)
  const plain = Buffer.concat((await ask('identity')).body)
  const gzipped = await ask('gzip')
  const body = Buffer.concat(gzipped.body)
  expect(gzipped.headers).toMatchObject({ 'Content-Encoding': 'gzip', 'Content-Length': String(body.length) })
  expect(body.length).toBeLessThan(plain.length / 4)
  expect(gunzipSync(body)).toEqual(plain)
  expect((await ask('gzip;q=0')).headers).not.toHaveProperty('Content-Encoding')
})

test('what a broken escape in a query asks for is not there', async () => {
  const registry = new Registry()
  counter({ name: 'cakes', help: 'Cakes.', registry })
  const response = await scrapeHandler({ registry, scrapeMetrics: false }).answer({
    method: 'GET',
    url: '/metrics?name[]=%zz',
    header,
  })
  expect(response).toMatchObject({ status: 200, headers: { 'Content-Length': '0' } })
})

describe('the format of the answer', () => {
  const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
  const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

  test('is the one that the scraper prefers', async () => {
    const scrapes = scrapeHandler({ registry: withCakes(), scrapeMetrics: false })
    const accepting = (accept: string) => ask(scrapes, '/metrics', accept)
    expect(await accepting('application/openmetrics-text;version=1.0.0;escaping=dots,text/plain;q=0.5')).toEqual({
      status: 200,
      contentType: `${OPENMETRICS}; escaping=dots`,
      vary: 'Accept, Accept-Encoding',
      body: '# TYPE cakes counter\n# HELP cakes Cakes.\ncakes_total 1\n# EOF\n',
    })
    expect(await accepting('text/plain;version=1.0.0')).toEqual({
      status: 200,
      contentType: 'text/plain; version=1.0.0; charset=utf-8; escaping=underscores',
      vary: 'Accept, Accept-Encoding',
      body: '# HELP cakes_total Cakes.\n# TYPE cakes_total counter\ncakes_total 1\n',
    })
    expect(await accepting('text/html')).toMatchObject({ status: 200, contentType: TEXT })
  })

  test('or the one that the query names, whatever is accepted', async () => {
    const scrapes = scrapeHandler({ registry: withCakes(), scrapeMetrics: false })
    const openmetrics = await ask(scrapes, '/metrics?format=openmetrics', 'text/plain')
    expect(openmetrics).toMatchObject({ status: 200, contentType: OPENMETRICS })
    expect(openmetrics.body).toMatch(/# EOF\n$/)
    const text = await ask(scrapes, '/metrics?name[]=none&format=text', 'application/openmetrics-text')
    expect(text).toMatchObject({ status: 200, contentType: TEXT, body: '' })
  })

  test.each(['html', '', 'TEXT', '<script>', '__proto__'])('but not %j, which is none', async (format) => {
    const scrapes = scrapeHandler({ registry: withCakes(), scrapeMetrics: false })
    expect(await ask(scrapes, `/metrics?format=${encodeURIComponent(format)}`)).toMatchObject({
      status: 400,
      contentType: 'text/plain; charset=utf-8',
      body: 'The format can be one of: text, openmetrics, protobuf, openmetrics-2.\n',
    })
  })

  test('is one of those that the option allows; the first, if nothing is preferred', async () => {
    const textOnly = scrapeHandler({ registry: withCakes(), formats: ['text'] })
    expect((await ask(textOnly, '/metrics', 'application/openmetrics-text')).contentType).toBe(TEXT)
    expect(await ask(textOnly, '/metrics?format=openmetrics')).toMatchObject({
      status: 400,
      body: 'The format can be one of: text.\n',
    })
    const openmetricsFirst = scrapeHandler({ registry: withCakes(), formats: ['openmetrics', 'text'] })
    expect((await ask(openmetricsFirst, '/metrics')).contentType).toBe(OPENMETRICS)
    expect((await ask(openmetricsFirst, '/metrics', 'text/plain')).contentType).toBe(TEXT)
  })

  test.each([
    [[], '[]'],
    [['html'], '["html"]'],
    [['text', undefined], '["text", undefined]'],
    ['text', '"text"'],
    [null, 'null'],
  ])('cannot be allowed by %j', (formats, given) => {
    expect(() => scrapeHandler({ formats: formats as FormatName[] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: `formats must be an array of one or more of text, openmetrics, protobuf, openmetrics-2, not ${given}.`,
      }),
    )
  })

  test('does not get in the way of another: each is what it would be alone', async () => {
    const registry = new Registry()
    const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
    const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
    for (let round = 0; round < 40; round++) {
      for (let kind = 0; kind < 200; kind++) cakes.inc({ kind }, kind === round ? 1 : 0)
      // Both at a time, then only the one, until the other is forgotten.
      const formats = round < 10 || round > 30 ? (['text', 'openmetrics'] as const) : (['text'] as const)
      const answers = await Promise.all(formats.map((format) => ask(scrapes, `/metrics?format=${format}`)))
      for (const [i, format] of formats.entries()) expect(answers[i]!.body).toBe(await expose(registry, { format }))
    }
  })
})

describe('many scrapes at once', () => {
  /** A registry whose gauge answers when it is told to. */
  function waiting(): { registry: Registry; collect: Mock<() => Promise<number>>; go: () => void } {
    const registry = new Registry()
    let go!: () => void
    const gone = new Promise<void>((resolve) => (go = resolve))
    const collect = vi.fn<() => Promise<number>>(() => gone.then(() => 7))
    gauge({ name: 'slow', help: 'Slow.', registry, collect })
    return { registry, collect, go }
  }

  test('share one gathering, those that ask for a part of it apart', async () => {
    const { registry, collect, go } = waiting()
    const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
    const all = ['/metrics', '/metrics', '/metrics?format=openmetrics'].map((url) => ask(scrapes, url))
    const timed = ['10', '30'].map((seconds) => {
      const header = (name: string) => (name === 'x-prometheus-scrape-timeout-seconds' ? seconds : undefined)
      return scrapes.answer({ method: 'GET', url: '/metrics', header })
    })
    const part = ask(scrapes, '/metrics?name[]=slow')
    await new Promise((resolve) => setTimeout(resolve, 10))
    go()
    expect((await Promise.all(all)).every(({ body }) => /^slow 7$/m.test(body))).toBe(true)
    expect((await Promise.all(timed)).map(({ status }) => status)).toEqual([200, 200])
    expect((await part).body).toMatch(/^slow 7$/m)
    expect(collect).toHaveBeenCalledTimes(2)
  })

  test('are limited: one more is told to come again', async () => {
    const { registry, collect, go } = waiting()
    const scrapes = scrapeHandler({ registry, maxConcurrentScrapes: 3 })
    const running = Array.from({ length: 3 }, () => ask(scrapes, '/metrics'))
    await vi.waitFor(() => expect(collect).toHaveBeenCalled())
    const tooMany = await scrapes.answer({ method: 'GET', url: '/metrics', header })
    expect(tooMany).toMatchObject({ status: 503, headers: { 'Retry-After': '1', 'Content-Length': '17' } })
    expect(Buffer.concat(tooMany.body).toString()).toBe('Try again later.\n')
    go()
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200])
    const after = await ask(scrapes, '/metrics?name[]=narthex_scrapes_total')
    expect(after.body).toContain('narthex_scrapes_total{code="200"} 3\nnarthex_scrapes_total{code="503"} 1\n')
  })

  test.each([0, Number.NaN, -1, '2'])('cannot be limited to %j', (maxConcurrentScrapes) => {
    const options = { registry: new Registry(), maxConcurrentScrapes: maxConcurrentScrapes as number }
    expect(() => scrapeHandler(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

test('a slow collector is left out in the time that the scraper gives, and the scrape is answered', async () => {
  const registry = new Registry({ onWarning: () => {} })
  counter({ name: 'cakes', help: 'Cakes.', registry }).inc()
  gauge({ name: 'slow', help: 'Slow.', registry, collect: () => new Promise<number>(() => {}) })
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  const began = performance.now()
  const response = await scrapes.answer({
    method: 'GET',
    url: '/metrics',
    header: (name) => (name === 'x-prometheus-scrape-timeout-seconds' ? '1.000' : undefined),
  })
  expect(performance.now() - began).toBeGreaterThan(390)
  // By the usual time it would be later.
  expect(performance.now() - began).toBeLessThan(4000)
  const body = Buffer.concat(response.body).toString()
  expect(body).toContain('cakes_total 1\n')
  expect(body).toContain('narthex_collector_failures_total{collector="slow"} 1\n')
})

describe('the metrics of the endpoint', () => {
  test('tell of the scrapes before: how many, how long, how large', async () => {
    const registry = new Registry()
    const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
    for (let kind = 0; kind < 50; kind++) cakes.inc({ kind })
    cakes.remove({ kind: 7 })
    const scrapes = scrapeHandler({ registry })
    const first = await ask(scrapes, '/metrics')
    await ask(scrapes, '/metrics?format=none')
    await scrapes.answer({ method: 'POST', url: '/metrics', header })
    const { body } = await ask(scrapes, '/metrics?name[]=narthex_scrapes_total&name[]=narthex_scrape_series')
    expect(body).toBe(
      [
        '# HELP narthex_scrapes_total Scrapes that were answered, by HTTP status.',
        '# TYPE narthex_scrapes_total counter',
        'narthex_scrapes_total{code="200"} 1',
        'narthex_scrapes_total{code="400"} 1',
        'narthex_scrapes_total{code="405"} 1',
        '# HELP narthex_scrape_series Series that the last scrape of all metrics has shown.',
        '# TYPE narthex_scrape_series gauge',
        // 49 kinds, and four of the endpoint.
        'narthex_scrape_series 53',
        '',
      ].join('\n'),
    )
    const second = await ask(scrapes, '/metrics')
    const bytes = first.body.length + body.length
    expect(second.body).toContain(`narthex_scrape_response_bytes_sum ${bytes}\nnarthex_scrape_response_bytes_count 2\n`)
    expect(second.body).toMatch(
      /^narthex_scrape_duration_seconds_sum 0\.\d+\nnarthex_scrape_duration_seconds_count 2$/m,
    )
  })

  test('are those of all handlers of a registry together', async () => {
    const registry = new Registry()
    const [one, other] = [scrapeHandler({ registry }), scrapeHandler({ registry, path: '/other' })]
    await ask(one, '/metrics')
    await ask(other, '/other')
    expect((await ask(one, '/metrics')).body).toContain('narthex_scrapes_total{code="200"} 2\n')
  })

  test('leave what is kept of the others as it is', async () => {
    const registry = new Registry()
    const scrapes = scrapeHandler({ registry })
    const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
    for (let kind = 0; kind < 5000; kind++) cakes.inc({ kind })
    const blocksOf = async (encoding: string) => {
      const header = (name: string) => (name === 'accept-encoding' ? encoding : undefined)
      return (await scrapes.answer({ method: 'GET', url: '/metrics', header })).body
    }
    for (const encoding of ['identity', 'gzip']) {
      const before = new Set([...(await blocksOf(encoding)), ...(await blocksOf(encoding))])
      const after = await blocksOf(encoding)
      const lengthOf = (blocks: readonly Uint8Array[]) => blocks.reduce((sum, { length }) => sum + length, 0)
      expect(lengthOf(after.filter((block) => before.has(block)))).toBeGreaterThan(lengthOf(after) * 0.8)
    }
  })
})

function withCakes(): Registry {
  const registry = new Registry()
  counter({ name: 'cakes', help: 'Cakes.', registry }).inc()
  return registry
}

async function ask(
  scrapes: ScrapeHandler,
  url: string,
  accept?: string,
): Promise<{ status: number; contentType?: string; vary?: string; body: string }> {
  const headers = new Map([['accept', accept]])
  const response = await scrapes.answer({ method: 'GET', url, header: (name) => headers.get(name) })
  const { 'Content-Type': contentType, Vary: vary } = response.headers
  const body = Buffer.concat(response.body).toString()
  expect(response.headers['Content-Length']).toBe(String(Buffer.byteLength(body)))
  return { status: response.status, ...(contentType && { contentType }), ...(vary && { vary }), body }
}
