import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { counter, expose, Registry } from 'narthex'
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
  const response = await scrapeHandler({ registry }).answer({ method: 'GET', url: '/metrics', header })
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
  const scrapes = scrapeHandler({ registry })
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
  const response = await scrapeHandler({ registry }).answer({ method: 'GET', url: '/metrics?name[]=%zz', header })
  expect(response).toMatchObject({ status: 200, headers: { 'Content-Length': '0' } })
})

describe('the format of the answer', () => {
  const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
  const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

  test('is the one that the scraper prefers', async () => {
    const scrapes = scrapeHandler({ registry: withCakes() })
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
    const scrapes = scrapeHandler({ registry: withCakes() })
    const openmetrics = await ask(scrapes, '/metrics?format=openmetrics', 'text/plain')
    expect(openmetrics).toMatchObject({ status: 200, contentType: OPENMETRICS })
    expect(openmetrics.body).toMatch(/# EOF\n$/)
    const text = await ask(scrapes, '/metrics?name[]=none&format=text', 'application/openmetrics-text')
    expect(text).toMatchObject({ status: 200, contentType: TEXT, body: '' })
  })

  test.each(['protobuf', '', 'TEXT', '<script>', '__proto__'])('but not %j, which is none', async (format) => {
    const scrapes = scrapeHandler({ registry: withCakes() })
    expect(await ask(scrapes, `/metrics?format=${encodeURIComponent(format)}`)).toMatchObject({
      status: 400,
      contentType: 'text/plain; charset=utf-8',
      body: 'The format can be one of: text, openmetrics.\n',
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

  test.each([[[]], [['html']], [['text', undefined]], ['text'], [null]])('cannot be allowed by %j', (formats) => {
    expect(() => scrapeHandler({ formats: formats as FormatName[] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })

  test('does not get in the way of another: each is what it would be alone', async () => {
    const registry = new Registry()
    const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
    const scrapes = scrapeHandler({ registry })
    for (let round = 0; round < 40; round++) {
      for (let kind = 0; kind < 200; kind++) cakes.inc({ kind }, kind === round ? 1 : 0)
      // Both at a time, then only the one, until the other is forgotten.
      const formats = round < 10 || round > 30 ? (['text', 'openmetrics'] as const) : (['text'] as const)
      const answers = await Promise.all(formats.map((format) => ask(scrapes, `/metrics?format=${format}`)))
      for (const [i, format] of formats.entries()) expect(answers[i]!.body).toBe(await expose(registry, { format }))
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
