import { counter, type Counter } from '../metrics/counter.ts'
import { gauge, type Gauge } from '../metrics/gauge.ts'
import { summary, type Summary } from '../metrics/summary.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'

/**
 * What the endpoint says of itself: what was before the scrape that shows it. Handlers that share a registry share
 * them, and add up. They are few lines: a scrape changes nothing of what is kept of the others.
 */
export class ScrapeMetrics {
  readonly #scrapes: Counter<readonly ['code']>
  readonly #seconds: Summary<readonly []>
  readonly #bytes: Summary<readonly []>
  readonly #series: Gauge<readonly []>

  constructor(registry: Registry) {
    this.#scrapes = counter({
      registry,
      name: 'narthex_scrapes_total',
      help: 'Scrapes that were answered, by HTTP status.',
      labelNames: ['code'],
    })
    // There before the first scrape has ended, so that a rate begins with it.
    this.#scrapes.labels('200')
    this.#seconds = summary({
      registry,
      name: 'narthex_scrape_duration_seconds',
      help: 'Time from a scrape to the beginning of its answer: gathering, writing and compressing.',
    })
    this.#bytes = summary({
      registry,
      name: 'narthex_scrape_response_bytes',
      help: 'Size of the bodies that scrapes were answered with, as they were sent.',
    })
    this.#series = gauge({
      registry,
      name: 'narthex_scrape_series',
      help: 'Series that the last scrape of all metrics has shown.',
    })
  }

  /** One more answer. Times and sizes are those of expositions. */
  answered(status: number, seconds: number, byteLength: number): void {
    this.#scrapes.inc({ code: status })
    if (status !== 200) return
    this.#seconds.observe(seconds)
    this.#bytes.observe(byteLength)
  }

  /** All that the registry has was gathered. */
  gathered(families: readonly MetricFamily[]): void {
    this.#series.set(families.reduce((sum, { columns }) => sum + columns.rowCount - (columns.removedRows ?? 0), 0))
  }
}
