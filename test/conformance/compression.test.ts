import { expect, test } from 'vitest'
import { counter, Registry } from 'narthex'
import { scrapeHandler } from 'narthex/http'

test('U8: Accept-Encoding is honoured with its weights, identity has no Content-Encoding, errors are plain, Vary says so', async () => {
  const registry = new Registry()
  const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
  for (let kind = 0; kind < 1000; kind++) cakes.inc({ kind })
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  const headersOf = async (accepted: string, method = 'GET'): Promise<Readonly<Record<string, string>>> => {
    const header = (name: string): string | undefined => (name === 'accept-encoding' ? accepted : undefined)
    return (await scrapes.answer({ method, url: '/metrics', header })).headers
  }
  const encodingOf = async (accepted: string): Promise<string | undefined> =>
    (await headersOf(accepted))['Content-Encoding']
  expect(await encodingOf('gzip')).toBe('gzip')
  expect(await encodingOf('gzip;q=0.5, identity;q=0.4')).toBe('gzip')
  expect(await encodingOf('gzip;q=0.5, identity;q=0.6')).toBeUndefined()
  expect(await encodingOf('gzip;q=0')).toBeUndefined()
  expect(await encodingOf('')).toBeUndefined()
  expect(await headersOf('gzip', 'POST')).not.toHaveProperty('Content-Encoding')
  expect((await headersOf(''))['Vary']).toBe('Accept, Accept-Encoding')
})
