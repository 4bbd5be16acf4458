import type { FormatName } from '../exposition/format.ts'
import type { LabelValue } from '../model/label-set.ts'
import type { NativeHistogramOptions } from '../metrics/native-options.ts'
import type { ExemplarLabels } from '../metrics/sampled-series.ts'
import type { Registry } from '../registry/registry.ts'
import type { ScrapeAuthOption } from './scrape-auth.ts'
import type { NamingName, RequestMetricName } from './request-naming.ts'

/**
 * What every adapter's `metrics(options)` takes. All of it may be left out.
 *
 * `Request` is what the adapter's framework calls a request: what the functions among the options are given.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- options that are passed on fit every framework
export interface MetricsOptions<in Request = any> {
  /** Where the metrics are registered, and what a scrape shows. By default the registry of the process. */
  readonly registry?: Registry
  /**
   * What the metrics and their labels are called: `seeds` by default, as in
   * `app_request_latency_seconds{method,endpoint}`. With `semconv`, as OpenTelemetry's conventions have it, translated
   * for Prometheus: `http_server_request_duration_seconds{http_request_method,http_route,http_response_status_code,…}`.
   */
  readonly naming?: NamingName
  /**
   * What the names of the request metrics begin with: `app` by default, as in `app_request_count_total`; with
   * `naming: 'semconv'` nothing.
   */
  readonly prefix?: string
  /**
   * Where scrapes are answered: `/metrics` by default. A slash at its end makes no difference, here and in a request.
   */
  readonly path?: string
  /**
   * Who may scrape: `{ bearerToken }`, `{ username, passwordHash }`, or an array of them; anybody else is answered 401.
   * By default everybody may. Credentials cross the network as they are: use them with TLS.
   */
  readonly auth?: ScrapeAuthOption
  /**
   * In which formats scrapes may be answered: by default all, `['text', 'openmetrics', 'protobuf', 'openmetrics-2']`. A
   * scraper chooses with its `Accept` header; who has no preference gets the first.
   *
   * Every Prometheus prefers OpenMetrics, which writes an upper bound as `le="1.0"` and not as `le="1"`. To a
   * Prometheus before 3.0 these are different series: where it has read the text format until now, the buckets with a
   * whole number begin anew, and queries and rules that name such a bound no longer find it. Later ones read both
   * alike. A histogram with negative bounds has no `_sum` and no `_count` in OpenMetrics. With `['text']` everything
   * stays as it was.
   */
  readonly formats?: readonly FormatName[]
  /**
   * Whether OpenMetrics 1.0 says in a `_created` line when each counter, histogram and summary began: `false` by
   * default, as it is one more line per series. The formats that have a place of its own for it always say it.
   */
  readonly startTimestamps?: boolean
  /**
   * Upper bounds of the histograms of times, in seconds; by default those of every histogram, .005 to 10. With
   * `naming: 'semconv'` those of the conventions, which have .075, .75 and 7.5 besides.
   */
  readonly buckets?: readonly number[]
  /**
   * Native buckets for all histograms of requests, beside the classic ones, or instead of them where these are `[]`:
   * `true`, or how they are chosen. By default there are none. See docs/guides/native-histograms.md.
   */
  readonly native?: boolean | NativeHistogramOptions
  /** Upper bounds of the histograms of sizes, in bytes; by default 100 to 100,000,000 by tens. */
  readonly sizeBuckets?: readonly number[]
  /**
   * How many series each request metric may have: 1,000 by default. What comes after is counted in one more series,
   * whose labels all are `_overflow`, and `narthex_series_overflow_total` tells how much that was.
   */
  readonly maxSeries?: number
  /**
   * Which of the metrics are on. By default all but `firstByte`, `requestSize` and `responseSize`, which have their
   * price: a histogram each, and a call more for each part of a body.
   */
  readonly measure?: Readonly<Partial<Record<RequestMetricName, boolean>>>
  /**
   * Labels besides those that there are: a name, and what tells the value from the request when it has ended. They are
   * on every metric that has the route.
   *
   * Every value multiplies the series: a label of ten values makes ten times as many, until `maxSeries`. Take what the
   * service knows (a tenant of its list, a version), never what a client can invent. A function that throws, or that
   * returns what is no label value, gives the empty value, which to Prometheus is no label.
   */
  readonly labels?: Readonly<Record<string, (request: Request) => LabelValue | undefined>>
  /**
   * Requests that are not counted, by the pattern of their route and not by their path: patterns, `_unmatched` for the
   * rest, regular expressions to try on a pattern; or a function that says whether to leave a request out, of the
   * pattern (`undefined` if no route matched) and the request. Decided when the request has ended; in progress it is
   * counted until then. By default none.
   */
  readonly ignore?: readonly (string | RegExp)[] | ((endpoint: string | undefined, request: Request) => boolean)
  /** Whether statuses are shown by their class, as `2xx`: `false` by default. */
  readonly groupStatus?: boolean
  /**
   * Labels that lead to a request, such as `{ trace_id }`; `undefined` for one that nobody could follow. Asked when the
   * request has ended, and shown by its latency and its count. It is asked for every request: what makes exemplars by
   * itself, such as `exemplarsFromSpans()`, costs less and needs no such option.
   */
  readonly exemplars?: (request: Request) => ExemplarLabels | undefined
  /**
   * What `app_version_info` says, such as `{ version: '1', config: 'develop' }`. By default there is no such metric.
   */
  readonly info?: Readonly<Record<string, LabelValue>>
  /** Whether the metrics of the process and of the runtime are shown too: `true` by default. */
  readonly processMetrics?: boolean
  /** Whether the endpoint shows metrics of itself, `narthex_scrape…`: `true` by default. */
  readonly scrapeMetrics?: boolean
  /** How many scrapes may be worked on at once: 16 by default. One more is answered 503, with `Retry-After`. */
  readonly maxConcurrentScrapes?: number
  /**
   * Whether names and help texts are held against the rules of `promtool check metrics` when a metric is registered,
   * with one warning for each problem: `true` by default, and never where `NODE_ENV` is `production`.
   */
  readonly lint?: boolean
  /** Told why a scrape could not be answered: nobody else learns it. By default one line on the console. */
  readonly onWarning?: (message: string, cause?: unknown) => void
}
