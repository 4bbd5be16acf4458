import { Counter, Histogram, Registry, Summary } from 'narthex'
import { writeExposition } from 'narthex/exposition'
import { scrapeHandler } from 'narthex/http'
import { gzipped } from './gzip.mjs'

/**
 * narthex, as built from this checkout.
 *
 * @returns {import('../harness/contestants.mjs').Client}
 */
export function open() {
  const registry = new Registry()
  return {
    counter: (options) => registry.register(new Counter(options)),
    histogram: (options) => registry.register(new Histogram(options)),
    summary: (options) => registry.register(new Summary(options)),
    timeNothing(histogram, labels) {
      histogram.labels(labels).startTimer().end()
    },
    ...scrapesOf(registry),
    scrapeIn: async (format) => (await writeExposition(await registry.gather(), { format })).blocks,
  }
}

/** Scrapes go through the handler that every adapter mounts, with what it keeps between them. */
function scrapesOf(registry) {
  const handler = scrapeHandler({ registry })
  const ask = async (encoding) => {
    const response = await handler.answer({
      method: 'GET',
      url: '/metrics',
      header: (name) => (name === 'accept-encoding' ? encoding : undefined),
    })
    if (response.status !== 200) throw new Error(`A scrape was answered with ${response.status}`)
    return response
  }
  return {
    scrape: async () => (await ask('identity')).body,
    async scrapeGzipped() {
      const { headers, body } = await ask('gzip')
      return headers['Content-Encoding'] === 'gzip' ? body : gzipped(body)
    },
  }
}
