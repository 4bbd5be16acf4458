import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { warnOnConsole, type Warn } from '../console-warning.ts'
import { checkMetricsOptions } from '../http/metrics-option-checks.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import {
  adapterOptions,
  SERVER_OPTIONS,
  serveMetrics,
  type MetricsServer,
  type MetricsServerOptions,
} from './metrics-server.ts'
import { NextRoutes } from './next-routes.ts'
import { observeExchange, type NodeRequest, type NodeResponse } from './node-exchange.ts'
import { isMeasured } from './request-marks.ts'

export type { MetricsServerOptions } from './metrics-server.ts'

/** The options of `serveMetrics` of `narthex/node`, and where the build is. */
export interface NextMetricsOptions extends MetricsServerOptions {
  /** The folder of the build: `.next` in the working directory by default, as in Next.js itself. */
  readonly distDir?: string
}

/** The metrics of a Next.js server, while they run. */
export interface NextMetrics {
  /**
   * Where they are scraped; `undefined` if the port was taken: then only a warning says so, and requests are measured.
   */
  readonly url: string | undefined
  /** Measures no more, and serves no more. */
  close(): Promise<void>
}

/**
 * Measures every request of the process from now on, and serves the metrics on a port of their own, 9464 of this
 * machine by default. Call it in `register()` of `instrumentation.ts`, which Next.js calls as the server starts; called
 * again, it returns what runs already.
 *
 * `endpoint` is the page as its files are named: a request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/[id]",http_status="200"} 1`. It is found by the routes of the
 * build; under `next dev` there are none, and every request is `_unmatched`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * // instrumentation.ts
 * export async function register(): Promise<void> {
 *   if (process.env.NEXT_RUNTIME !== 'nodejs') return
 *   const { metrics } = await import('narthex/next')
 *   await metrics({ info: { version: '1', config: 'develop' } })
 * }
 * ```
 */
export async function metrics(options: NextMetricsOptions = {}): Promise<NextMetrics> {
  const holder = globalThis as { [RUNNING]?: Promise<NextMetrics> }
  holder[RUNNING] ??= start(options)
  try {
    return await holder[RUNNING]
  } catch (error) {
    delete holder[RUNNING]
    throw error
  }
}

/** Next.js may load the module more than once, in bundles of its own. */
const RUNNING = Symbol.for('narthex.next')

async function start(options: NextMetricsOptions): Promise<NextMetrics> {
  checkMetricsOptions(options, { ...SERVER_OPTIONS, distDir: true })
  const { distDir = '.next', ...serverOptions } = options
  const { onWarning = warnOnConsole } = options
  const requests = requestMetrics(adapterOptions(serverOptions))
  const pageOf = pageFinder(distDir, onWarning)
  const measure = (message: unknown): void => {
    const { request, response } = message as { request: NodeRequest; response: NodeResponse }
    const startMs = performance.now()
    // As it was asked for: Next.js takes the base path and more off it on the way.
    const { url = '' } = request
    const endpointOf = (): string | undefined => pageOf(url)
    // The server is called next. The endpoint says of its requests that they are none of the service, and so may a
    // program.
    process.nextTick(() => {
      if (!isMeasured(request)) observeExchange(requests, request, response, endpointOf, { startMs, givesWay: true })
    })
  }
  const server = await served(serverOptions, onWarning)
  subscribe(REQUEST_START, measure)
  return {
    url: server?.url,
    async close() {
      unsubscribe(REQUEST_START, measure)
      delete (globalThis as { [RUNNING]?: unknown })[RUNNING]
      await server?.close()
    },
  }
}

const REQUEST_START = 'http.server.request.start'

/** Reads the routes when the first request has ended: the build is there by then, or never. */
function pageFinder(distDir: string, warn: Warn): (url: string) => string | undefined {
  let routes: NextRoutes | undefined
  return (url) => {
    routes ??= routesOf(distDir, warn)
    return routes.pageOf(url)
  }
}

function routesOf(distDir: string, warn: Warn): NextRoutes {
  try {
    return NextRoutes.of(distDir)
  } catch (error) {
    warn('narthex: there are no routes of Next.js, so every request is _unmatched', error)
    return new NextRoutes({})
  }
}

/** A port that is taken must not be what keeps a service from starting. */
async function served(options: MetricsServerOptions, warn: Warn): Promise<MetricsServer | undefined> {
  try {
    return await serveMetrics({ unref: true, ...options })
  } catch (error) {
    if (typeof (error as { syscall?: unknown }).syscall !== 'string') throw error
    warn('narthex: the metrics cannot be served', error)
    return undefined
  }
}
