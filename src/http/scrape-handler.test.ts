import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { counter, Registry } from 'narthex'
import { scrapeHandler } from './scrape-handler.ts'

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
    Vary: 'Accept-Encoding',
  })
})

test('who accepts gzip gets it, if there is enough to compress', async () => {
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
