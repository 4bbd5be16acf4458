/** What a collector has if the scraper says nothing. */
const DEFAULT_MS = 4000
/** Less would leave out collectors that only had to wait for their turn. */
const LEAST_MS = 100
/** Of the time of a scrape, what is kept for writing, compressing and the network. */
const RESERVE = 0.1

/**
 * How long a collector may take for each of its two steps, in milliseconds, so that the scrape is answered in the time
 * that the scraper gives it: the value of `X-Prometheus-Scrape-Timeout-Seconds`. Nonsense is ignored; nobody gives more
 * than the usual time.
 *
 * In whole tenths of a second: scrapers that give nearly the same share one gathering, and no client can make it many.
 */
export function gatherTimeoutMs(header: string | undefined): number {
  if (header === undefined || !/^\d{1,9}(\.\d{1,9})?$/.test(header)) return DEFAULT_MS
  const eachStepMs = (Number(header) * 1000 * (1 - RESERVE)) / 2
  return Math.min(DEFAULT_MS, Math.max(LEAST_MS, Math.floor(eachStepMs / 100) * 100))
}
