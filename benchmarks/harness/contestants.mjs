/**
 * What a question asks of a client. Metrics are those of the client itself where it has these verbs, so that nothing
 * stands between the question and the answer.
 *
 * @typedef {object} Client
 * @property {(options: MetricOptions) => any} counter with `inc(labels, amount?)` and `labels(…values).inc(amount?)`
 * @property {(options: MetricOptions & { buckets: number[] }) => any} histogram with `observe(labels, value)`
 * @property {(options: MetricOptions & { quantiles: number[], maxAgeSeconds: number, ageBuckets: number }) => any} [summary] with
 *   `labels(…values).observe(value)`
 * @property {(histogram: any, labels: object) => void} timeNothing starts a timer by labels and ends it
 * @property {() => Promise<Uint8Array[]>} scrape everything from asking to bytes that are ready for the socket
 * @property {() => Promise<Uint8Array[]>} scrapeGzipped the same for a scraper that takes gzip
 * @property {(format: string) => Promise<Uint8Array[]>} [scrapeIn] the same in a format, with nothing kept from the
 *   last
 *
 * @typedef {{ name: string, help: string, labelNames: string[] }} MetricOptions
 */

/** What a service installs to count and to be scraped; the first names the contestant. */
const PACKAGES = {
  narthex: ['narthex'],
  'prom-client': ['prom-client'],
  'prometheus-io': ['@prometheus-io/client'],
  platformatic: ['@platformatic/prom-client'],
  opentelemetry: ['@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'],
}

const MODULES = {
  narthex: '../contestants/narthex.mjs',
  'prom-client': '../contestants/prom-client.mjs',
  'prometheus-io': '../contestants/prometheus-io-client.mjs',
  platformatic: '../contestants/platformatic-prom-client.mjs',
  opentelemetry: '../contestants/opentelemetry.mjs',
}

export const NARTHEX = 'narthex'

/** Written by hand for one question: what the machine allows. */
export const FLOOR = 'floor'

/** All clients, narthex first. */
export const CLIENTS = Object.keys(PACKAGES)

/** @returns {string[]} */
export function packagesOf(contestant) {
  return PACKAGES[contestant]
}

/**
 * Loads a client, and only this one.
 *
 * @returns {Promise<() => Client>} opens a client with a registry of its own
 */
export async function load(contestant) {
  const { open } = await import(MODULES[contestant])
  return open
}
