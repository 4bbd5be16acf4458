import { warnOnConsole, type Warn } from '../console-warning.ts'
import { isArray, MetricError, shown } from '../errors.ts'
import { lengthOf, writeExposition, type Exposition } from '../exposition/exposition.ts'
import { FORMAT_NAMES, isFormatName, type FormatName } from '../exposition/format.ts'
import { ESCAPINGS, isEscaping } from '../exposition/name-escaping.ts'
import { TimeSlices } from '../exposition/time-slices.ts'
import { answerIn, negotiate, type NegotiatedFormat } from '../exposition/negotiate.ts'
import { isProduction } from '../testing/production.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import type { Registry } from '../registry/registry.ts'
import { ContentEncoding } from './content-encoding.ts'
import { checkMetricsOptions } from './metrics-option-checks.ts'
import { landingPage } from './landing-page.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { requestTarget } from './request-target.ts'
import { ScrapeAuth } from './scrape-auth.ts'
import { ScrapeMetrics } from './scrape-metrics.ts'
import { gatherTimeoutMs } from './scrape-timeout.ts'
import { WrittenFormats } from './written-formats.ts'

/** What is asked of a scrape handler: the few things that every server knows of a request. */
export interface ScrapeRequest {
  readonly method: string
  /** Its target: path and query. */
  readonly url: string
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined
}

/** What to answer. The blocks of the body go out one after the other, and must be left as they are. */
export interface ScrapeResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: readonly Uint8Array[]
}

/** How much a `name[]` filter may ask for. Beyond it somebody is not asking for metrics. */
const MOST_NAMES = 1024
const LONGEST_QUERY = 65_536

/** A family of so many series takes its time to be copied. */
const MANY_ROWS = 4096

const SLASH = 0x2f

/**
 * Answers the scrapes of a registry.
 *
 * @throws {MetricError} `INVALID_OPTION` if an option is unknown, the path does not begin with a slash, `formats` are
 * not names of formats, or `auth` or `maxConcurrentScrapes` is not what it must be
 *
 * @example
 * ```ts
 * import { scrapeHandler } from 'narthex/http'
 *
 * const scrapes = scrapeHandler()
 * export async function answer(request: Request): Promise<Response> {
 *   const { method, url, headers } = request
 *   if (!scrapes.matches(url)) return new Response(null, { status: 404 })
 *   const response = await scrapes.answer({ method, url, header: (name) => headers.get(name) ?? undefined })
 *   return new Response(new Blob([...response.body]), response)
 * }
 * ```
 */
export function scrapeHandler(options: MetricsOptions = {}): ScrapeHandler {
  checkMetricsOptions(options)
  const handler = new ScrapeHandler(options)
  // Whatever becomes of the warnings, the service goes on.
  if (options.lint !== false) warnOfNames(options).catch(() => {})
  return handler
}

/** Loaded only where it is needed: a service in production does without. */
async function warnOfNames({ registry = defaultRegistry, onWarning = warnOnConsole }: MetricsOptions): Promise<void> {
  if (isProduction()) return
  const { lintRegistrations } = await import('../testing/registration-lint.ts')
  lintRegistrations(registry, onWarning)
}

/** See {@link scrapeHandler}. It knows no server: a request is described to it, and it describes the response. */
export class ScrapeHandler {
  /** Without a slash at its end, unless that is all of it. */
  readonly path: string
  readonly #auth: ScrapeAuth | undefined
  readonly #registry: Registry
  readonly #formats: readonly FormatName[]
  readonly #startTimestamps: boolean
  /** A scraper asks for the same each time. */
  #last: { readonly accept: string | undefined; readonly negotiated: NegotiatedFormat } | undefined
  readonly #before: WrittenFormats = new WrittenFormats()
  readonly #encoding: ContentEncoding = new ContentEncoding()
  readonly #metrics: ScrapeMetrics | undefined
  readonly #maxConcurrent: number
  #running = 0
  readonly #warn: Warn

  constructor(options: MetricsOptions) {
    const { path = '/metrics', registry = defaultRegistry, formats = FORMAT_NAMES, onWarning = warnOnConsole } = options
    const { maxConcurrentScrapes = 16 } = options
    if (!/^\/[^?#]*$/.test(path)) {
      throw new MetricError('INVALID_OPTION', `The path of the metrics must begin with a slash, not be ${shown(path)}.`)
    }
    checkFormats(formats)
    if (typeof maxConcurrentScrapes !== 'number' || !(maxConcurrentScrapes >= 1)) {
      const given = shown(maxConcurrentScrapes)
      throw new MetricError('INVALID_OPTION', `maxConcurrentScrapes must be a number of 1 or more, not ${given}.`)
    }
    this.path = withoutSlash(path)
    this.#formats = [...formats]
    this.#startTimestamps = options.startTimestamps === true
    this.#auth = options.auth === undefined ? undefined : new ScrapeAuth(options.auth)
    this.#maxConcurrent = maxConcurrentScrapes
    this.#metrics = options.scrapeMetrics === false ? undefined : new ScrapeMetrics(registry)
    this.#registry = registry
    this.#warn = onWarning
  }

  /** Whether a request to this target is a scrape, whatever its method. */
  matches(url: string): boolean {
    // A path that begins otherwise, as that of nearly every request does; a target may begin with its host, too.
    if (url.charCodeAt(0) === SLASH && !url.startsWith(this.path)) return false
    return withoutSlash(requestTarget(url).path) === this.path
  }

  /** The response to a request that {@link matches}. Never rejects. */
  async answer(request: ScrapeRequest): Promise<ScrapeResponse> {
    const beganMs = performance.now()
    const full = (await this.#refusal(request)) ?? (await this.#read(request))
    const response = request.method === 'HEAD' ? { ...full, body: [] } : full
    this.#metrics?.answered(response.status, (performance.now() - beganMs) / 1000, lengthOf(response.body))
    return response
  }

  /** Whether a request is for the page that leads to the metrics: `/`, unless the metrics are there. */
  matchesLanding(url: string): boolean {
    return this.path !== '/' && requestTarget(url).path === '/'
  }

  /**
   * The response to a request that {@link matchesLanding}: to whom may scrape. It is no scrape, and not counted as one.
   */
  async answerLanding(request: ScrapeRequest): Promise<ScrapeResponse> {
    const refusal = await this.#refusal(request)
    if (refusal !== undefined) return request.method === 'HEAD' ? { ...refusal, body: [] } : refusal
    const page = new TextEncoder().encode(landingPage(this.path))
    const headers = contentHeaders('text/html; charset=utf-8', page.length)
    return { status: 200, headers, body: request.method === 'HEAD' ? [] : [page] }
  }

  /** The answer to who may not scrape, or does something else. Who may not learns nothing more. */
  async #refusal(request: ScrapeRequest): Promise<ScrapeResponse | undefined> {
    if (this.#auth !== undefined) {
      const verdict = await this.#auth.verdict(request.header('authorization'))
      if (verdict === 'refused') return plainText(401, 'Unauthorized.', { 'WWW-Authenticate': this.#auth.challenge })
      if (verdict === 'busy') return tryAgain()
    }
    if (request.method === 'GET' || request.method === 'HEAD') return undefined
    return plainText(405, 'Metrics are read with GET or HEAD.', { Allow: 'GET, HEAD' })
  }

  /** One among a limited number of those that are being read. */
  async #read(request: ScrapeRequest): Promise<ScrapeResponse> {
    if (this.#running >= this.#maxConcurrent) return tryAgain()
    const { query } = requestTarget(request.url)
    if (query.length > LONGEST_QUERY) return plainText(400, `The query is longer than ${LONGEST_QUERY} characters.`)
    const parameters = query === '' ? undefined : new URLSearchParams(query)
    const names = parameters?.getAll('name[]') ?? []
    if (names.length > MOST_NAMES) return plainText(400, `name[] is given more than ${MOST_NAMES} times.`)
    this.#running++
    try {
      const negotiated = this.#formatOf(parameters, request)
      if (typeof negotiated === 'string') return plainText(400, negotiated)
      const { format, escaping, contentType } = negotiated
      const timeoutMs = gatherTimeoutMs(request.header('x-prometheus-scrape-timeout-seconds'))
      const families = await this.#registry.gather(names.length === 0 ? { timeoutMs } : { names, timeoutMs })
      if (names.length === 0) this.#metrics?.gathered(families)
      // Copying so many has held up the event loop already: what waits has its turn before the writing begins.
      if (families.some(({ columns }) => columns.rowCount > MANY_ROWS)) await new TimeSlices().pause()
      // What a filter leaves out would be forgotten: only whole expositions are kept for the next.
      const before = names.length === 0 ? this.#before.of(negotiated) : undefined
      const startTimestamps = this.#startTimestamps
      const exposition = await writeExposition(families, { format, escaping, startTimestamps, before })
      return await this.#encoded(contentType, exposition, request.header('accept-encoding'))
    } catch (error) {
      // The reason is for those who run the service, not for whoever can reach it.
      this.#warn('narthex: the metrics could not be gathered', error)
      return plainText(500, 'The metrics could not be gathered.')
    } finally {
      this.#running--
    }
  }

  /** The one that the query names, for people in front of a terminal, or what is negotiated; or what is wrong. */
  #formatOf(parameters: URLSearchParams | undefined, request: ScrapeRequest): NegotiatedFormat | string {
    const named = parameters?.get('format') ?? undefined
    if (parameters === undefined || named === undefined) return this.#negotiated(request.header('accept'))
    const format = this.#formats.find((name) => name === named)
    if (format === undefined) return `The format can be one of: ${this.#formats.join(', ')}.`
    const escaping = parameters.get('escaping') ?? undefined
    if (escaping === undefined || isEscaping(escaping)) return answerIn(format, escaping)
    return `The escaping can be one of: ${ESCAPINGS.join(', ')}.`
  }

  #negotiated(accept: string | undefined): NegotiatedFormat {
    if (this.#last === undefined || this.#last.accept !== accept) {
      this.#last = { accept, negotiated: negotiate(accept, this.#formats) }
    }
    return this.#last.negotiated
  }

  async #encoded(
    contentType: string,
    { byteLength, blocks }: Exposition,
    accepted: string | undefined,
  ): Promise<ScrapeResponse> {
    const { coding, blocks: body } = await this.#encoding.encode(blocks, accepted)
    const headers = contentHeaders(contentType, coding === undefined ? byteLength : lengthOf(body))
    if (coding !== undefined) headers['Content-Encoding'] = coding
    // For caches on the way: the answer depends on both (conformance U8).
    headers['Vary'] = 'Accept, Accept-Encoding'
    return { status: 200, headers, body }
  }
}

function checkFormats(formats: readonly FormatName[]): void {
  if (isArray(formats) && formats.length > 0 && formats.every(isFormatName)) return
  const known = FORMAT_NAMES.join(', ')
  const given = isArray(formats) ? `[${formats.map(shown).join(', ')}]` : shown(formats)
  throw new MetricError('INVALID_OPTION', `formats must be an array of one or more of ${known}, not ${given}.`)
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function tryAgain(): ScrapeResponse {
  return plainText(503, 'Try again later.', { 'Retry-After': '1' })
}

function plainText(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): ScrapeResponse {
  const body = new TextEncoder().encode(`${sentence}\n`)
  return { status, headers: { ...headers, ...contentHeaders('text/plain; charset=utf-8', body.length) }, body: [body] }
}

function contentHeaders(contentType: string, byteLength: number): Record<string, string> {
  return { 'Content-Type': contentType, 'Content-Length': String(byteLength) }
}
