import { gzipped } from './gzip.mjs'

/**
 * prom-client and what grew out of it have one interface; what differs is the module.
 *
 * @param {{ Counter: Function, Histogram: Function, Registry: Function, Summary: Function }} module
 * @returns {import('../harness/contestants.mjs').Client}
 */
export function openWith({ Counter, Histogram, Registry, Summary }) {
  const registry = new Registry()
  // A string is not ready for a socket yet.
  const scrape = async () => [Buffer.from(await registry.metrics())]
  return {
    counter: (options) => new Counter({ ...options, registers: [registry] }),
    histogram: (options) => new Histogram({ ...options, registers: [registry] }),
    summary: ({ quantiles: percentiles, ...options }) =>
      new Summary({ ...options, percentiles, registers: [registry] }),
    timeNothing(histogram, labels) {
      histogram.startTimer(labels)()
    },
    scrape,
    scrapeGzipped: async () => gzipped(await scrape()),
  }
}
