import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { warnOnConsole } from '../console-warning.ts'
import { MetricError, shown } from '../errors.ts'
import { checkMetricsOptions } from '../http/metrics-option-checks.ts'
import type { MetricsOptions } from '../http/metrics-options.ts'
import { checkOptionNames } from '../option-names.ts'
import { answerEndpoint } from './node-http.ts'
import { leaveUnmeasured } from './request-marks.ts'

/** What {@link serveMetrics} takes. All of it may be left out. */
export interface MetricsServerOptions extends MetricsOptions {
  /**
   * The address to listen on: `127.0.0.1` by default, which only this machine reaches. `0.0.0.0` or `::` is all of
   * them.
   */
  readonly host?: string
  /** 9464 by default; 0 for one that is free. */
  readonly port?: number
  /** HTTPS, with these. By default HTTP. */
  readonly tls?: MetricsServerTls
  /** How long clients may take. */
  readonly timeouts?: MetricsServerTimeouts
  /** How many connections may be open at once: 100 by default. One more is closed as it comes. */
  readonly maxConnections?: number
  /** Whether the process may end while the server listens: `false` by default. */
  readonly unref?: boolean
}

/** Keys and certificates, in PEM. */
export interface MetricsServerTls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
  /** Of the key, if it is encrypted. */
  readonly passphrase?: string
  /** With it, only clients whose certificate one of these has signed get as far as asking. */
  readonly clientCa?: string | Uint8Array
}

/** In milliseconds. Who takes longer is disconnected. */
export interface MetricsServerTimeouts {
  /** For the headers of a request, and for a handshake: 5,000 by default. */
  readonly headersMs?: number
  /** For a whole request: 10,000 by default. */
  readonly requestMs?: number
  /** Between two requests on one connection: 90,000 by default, so that a scraper keeps its connection. */
  readonly idleMs?: number
  /** From a request to the end of its answer: 60,000 by default. */
  readonly answerMs?: number
}

/** The endpoint on a port of its own, while it runs. */
export interface MetricsServer {
  /** Where the metrics are, such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string
  readonly port: number
  /** Takes no more connections, and resolves when the scrapes that run are answered: after five seconds in any case. */
  close(): Promise<void>
}

/**
 * Answers scrapes on a port of their own, which is what keeps metrics from whoever reaches the service.
 * `/` is a page that leads to them, for whom they are for; anything else is 404. No signal handlers: end it with
 * {@link MetricsServer.close}.
 *
 * @returns when it listens; rejects with the error of Node if it cannot, such as `EADDRINUSE`
 * @throws {MetricError} `INVALID_OPTION` if an option is wrong
 *
 * @example
 * ```ts
 * import { serveMetrics } from 'narthex/node'
 *
 * const server = await serveMetrics({ port: 0 })
 * console.log((await fetch(server.url)).status) // 200
 * await server.close()
 * ```
 */
export async function serveMetrics(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  const shared = adapterOptions(options)
  const { host = '127.0.0.1', port = 9464, path = '/metrics', maxConnections = 100, unref = false, tls } = options
  const timeouts = timeoutsOf(options.timeouts)
  checkWholeNumber('port', port, 0, 65_535)
  checkWholeNumber('maxConnections', maxConnections, 1, Number.MAX_SAFE_INTEGER)
  const answer = answerEndpoint(shared)

  const server = await createServer(tls, timeouts)
  server.maxConnections = maxConnections
  // By whoever counts the connections of all servers of the process; below, the requests.
  leaveUnmeasured(server)
  let running = 0
  // Not only idle ones: a connection on which nothing was asked yet does not count as idle.
  const closeIfUnused = (): void => {
    if (running === 0 && !server.listening) server.closeAllConnections()
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    running++
    leaveUnmeasured(request)
    const tooSlow = setTimeout(() => response.destroy(), timeouts.answerMs).unref()
    response.on('close', () => {
      clearTimeout(tooSlow)
      running--
      closeIfUnused()
    })
    answer(request, response)
  })
  if (unref)
    for (const event of ['connection', 'secureConnection']) server.on(event, (socket: Socket) => socket.unref())

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).once('listening', resolve)
    // Exclusive: in a cluster, a shared port would show the metrics of another worker each time.
    server.listen({ host, port, exclusive: true })
    if (unref) server.unref()
  })
  // Such as no more file descriptors: the endpoint must not be what ends the service.
  const { onWarning = warnOnConsole } = options
  server.removeAllListeners('error').on('error', (error) => onWarning('narthex: the metrics server has failed', error))

  const listening = server.address() as AddressInfo
  const origin = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${listening.port}`
  return {
    url: origin + path,
    port: listening.port,
    async close() {
      const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        closeIfUnused()
      })
      clearTimeout(impatience)
    },
  }
}

/** What is left of the options when those of the server are taken out. @throws {MetricError} `INVALID_OPTION` */
export function adapterOptions(options: MetricsServerOptions): MetricsOptions {
  checkMetricsOptions(options, SERVER_OPTIONS)
  const {
    host: _host,
    port: _port,
    tls: _tls,
    timeouts: _timeouts,
    maxConnections: _most,
    unref: _unref,
    ...rest
  } = options
  return rest
}

/** What the server has besides the options of every adapter. */
export const SERVER_OPTIONS: Readonly<Record<Exclude<keyof MetricsServerOptions, keyof MetricsOptions>, true>> = {
  host: true,
  port: true,
  tls: true,
  timeouts: true,
  maxConnections: true,
  unref: true,
}

const CLOSE_MS = 5000

const TLS_OPTIONS: Readonly<Record<keyof MetricsServerTls, true>> = {
  key: true,
  cert: true,
  passphrase: true,
  clientCa: true,
}

const TIMEOUTS: Required<MetricsServerTimeouts> = {
  headersMs: 5000,
  requestMs: 10_000,
  idleMs: 90_000,
  answerMs: 60_000,
}

/** Not imported before it is needed: a service that never calls for it has no use for TLS. */
async function createServer(
  tls: MetricsServerTls | undefined,
  timeouts: Required<MetricsServerTimeouts>,
): Promise<Server> {
  const { headersMs, requestMs, idleMs } = timeouts
  const limits = {
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(1000, headersMs),
    maxHeaderSize: 16_384,
  }
  if (tls === undefined) return (await import('node:http')).createServer(limits)
  checkOptionNames('tls', tls, TLS_OPTIONS)
  const { key, cert, passphrase, clientCa } = tls
  if (!isPem(key) || !isPem(cert))
    throw new MetricError('INVALID_OPTION', 'tls needs a key and a cert, each a text or bytes in PEM.')
  return (await import('node:https')).createServer({
    ...limits,
    handshakeTimeout: headersMs,
    key: bytesOf(key),
    cert: bytesOf(cert),
    ...(passphrase !== undefined && { passphrase }),
    ...(clientCa !== undefined && { ca: bytesOf(clientCa), requestCert: true, rejectUnauthorized: true }),
  })
}

function isPem(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array
}

function bytesOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem)
}

function timeoutsOf(given: MetricsServerTimeouts = {}): Required<MetricsServerTimeouts> {
  checkOptionNames('timeouts', given, TIMEOUTS)
  const timeouts = { ...TIMEOUTS, ...given }
  // Nothing is unlimited; the longest that a timer can wait is 24 days.
  for (const [name, value] of Object.entries(timeouts)) checkWholeNumber(`timeouts.${name}`, value, 1, 2 ** 31 - 1)
  return timeouts
}

function checkWholeNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new MetricError(
    'INVALID_OPTION',
    `${name} must be a whole number from ${least} to ${most}, not ${shown(value)}.`,
  )
}
