import type { FormatName } from '../exposition/format.ts'
import type { LabelValue } from '../model/label-set.ts'
import type { Registry } from '../registry/registry.ts'
import type { ScrapeAuthOption } from './scrape-auth.ts'

/** What every adapter's `metrics(options)` takes. All of it may be left out. */
export interface MetricsOptions {
  /** Where the metrics are registered, and what a scrape shows. By default the registry of the process. */
  readonly registry?: Registry
  /** What the names of the request metrics begin with: `app` by default, as in `app_request_count_total`. */
  readonly prefix?: string
  /** Where scrapes are answered: `/metrics` by default. A slash at its end makes no difference, here and in a request. */
  readonly path?: string
  /**
   * Who may scrape: `{ bearerToken }`, `{ username, passwordHash }`, or an array of them; anybody else is answered 401.
   * By default everybody may. Credentials cross the network as they are: use them with TLS.
   */
  readonly auth?: ScrapeAuthOption
  /**
   * In which formats scrapes may be answered: by default all, `['text', 'openmetrics']`. A scraper chooses with its `Accept`
   * header; who has no preference gets the first.
   *
   * Every Prometheus prefers OpenMetrics, which writes an upper bound as `le="1.0"` and not as `le="1"`. To a Prometheus
   * before 3.0 these are different series: where it has read the text format until now, the buckets with a whole number
   * begin anew, and queries and rules that name such a bound no longer find it. Later ones read both alike. A histogram with
   * negative bounds has no `_sum` and no `_count` in OpenMetrics. With `['text']` everything stays as it was.
   */
  readonly formats?: readonly FormatName[]
  /**
   * Whether OpenMetrics 1.0 says in a `_created` line when each counter, histogram and summary began: `false` by default,
   * as it is one more line per series. The formats that have a place of its own for it always say it.
   */
  readonly startTimestamps?: boolean
  /** Upper bounds of the latency histogram in seconds; by default those of every histogram, .005 to 10. */
  readonly buckets?: readonly number[]
  /**
   * How many series each request metric may have: 1,000 by default. What comes after is counted in one more series,
   * whose labels all are `_overflow`.
   */
  readonly maxSeries?: number
  /** What `app_version_info` says, such as `{ version: '1', config: 'develop' }`. By default there is no such metric. */
  readonly info?: Readonly<Record<string, LabelValue>>
  /** Whether the metrics of the process and of the runtime are shown too: `true` by default. */
  readonly processMetrics?: boolean
  /** Told why a scrape could not be answered: nobody else learns it. By default one line on the console. */
  readonly onWarning?: (message: string, cause?: unknown) => void
}
