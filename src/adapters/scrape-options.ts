import type { MetricsOptions } from '../http/metrics-options.ts'
import { scrapeHandler, type ScrapeHandler } from '../http/scrape-handler.ts'

/**
 * What the half that answers scrapes is given: the other half may have an option that says where endpoints come from.
 */
export interface ScrapeOptions extends MetricsOptions {
  readonly endpoint?: unknown
}

/** @throws {MetricError} as `scrapeHandler` */
export function scrapesOf({ endpoint: _ofTheOtherHalf, ...shared }: ScrapeOptions): ScrapeHandler {
  return scrapeHandler(shared)
}
