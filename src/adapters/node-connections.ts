import type { Socket } from 'node:net'
import { connectionTotals, type CloseCause, type ConnectionMetricsOptions } from '../http/connection-metrics.ts'
import { leaveUnmeasured } from './request-marks.ts'

export type { CloseCause, ConnectionMetricsOptions } from '../http/connection-metrics.ts'

/** What is used of a server of `node:http`, `node:https`, `node:http2`, `node:tls` or `node:net`. */
export interface ConnectionServer {
  on(event: string, listener: ConnectionListener): unknown
  off(event: string, listener: ConnectionListener): unknown
}

// oxlint-disable-next-line typescript/no-explicit-any -- as Node's own types have it: it depends on the event
export type ConnectionListener = (...args: any[]) => void

/**
 * Counts the connections of a server, as the status pages of nginx and Apache do: open, accepted, dropped, closed by
 * cause, bytes in and out on the wire. Call it before the server listens. Servers that share a registry are counted
 * together.
 *
 * A connection of TLS is one from the first byte on, whether its handshake succeeds or not.
 *
 * @returns a function that stops it
 * @throws {MetricError} if a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { connectionMetrics } from 'narthex/node'
 *
 * const server = createServer()
 * const stop = connectionMetrics(server)
 * server.on('close', stop)
 * ```
 */
export function connectionMetrics(server: ConnectionServer, options: ConnectionMetricsOptions = {}): () => void {
  return countConnections(server, options, [])
}

/** The same, with connections that are open already. */
export function countConnections(
  server: ConnectionServer,
  options: ConnectionMetricsOptions,
  opened: Iterable<Socket>,
): () => void {
  const totals = connectionTotals(options)
  // By whoever counts the connections of all servers of the process.
  leaveUnmeasured(server)
  const open = new Map<string, Connection>()

  // What is above a connection, TLS or a session of HTTP/2, is another object with the same address.
  const listeners = {
    connection(socket: Socket): void {
      const address = addressOf(socket)
      const connection = new Connection(socket)
      open.set(address, connection)
      totals.opened(socket)
      socket.on('close', () => {
        if (open.get(address) === connection) open.delete(address)
        totals.closed(socket, connection.cause)
      })
    },
    secureConnection(socket: Socket): void {
      open.get(addressOf(socket))?.watch(socket)
    },
    tlsClientError(_: Error, socket: Socket): void {
      open.get(addressOf(socket))?.isNoTls()
    },
    session(session: Http2Session): void {
      // A session without TLS is there before the connection comes to us.
      const address = session.socket && addressOf(session.socket)
      session.on('goaway', () => address !== undefined && open.get(address)?.endedByClient())
    },
    drop(): void {
      totals.dropped()
    },
  }
  for (const socket of opened) listeners.connection(socket)
  for (const [event, listener] of Object.entries(listeners)) server.on(event, listener)
  return () => {
    for (const [event, listener] of Object.entries(listeners)) server.off(event, listener)
    for (const { socket } of open.values()) totals.forget(socket)
    open.clear()
  }
}

interface Http2Session {
  readonly socket?: Socket
  on(event: 'goaway', listener: () => unknown): unknown
}

/** One connection, and what is known of its end so far. Only listens to what changes nothing when it is listened to. */
class Connection {
  readonly socket: Socket
  readonly #watched: Socket[] = []
  #known: CloseCause | undefined

  constructor(socket: Socket) {
    this.socket = socket
    this.watch(socket)
  }

  /** Listens to a socket of the connection: to its own, or to that of TLS above it. */
  watch(socket: Socket): void {
    this.#watched.push(socket)
    // Before the listeners of the server, which end it in turn.
    socket.prependListener('end', () => {
      if (!socket.writableEnded) this.endedByClient()
    })
    socket.on('timeout', () => (this.#known ??= 'timeout'))
  }

  endedByClient(): void {
    this.#known ??= 'client'
  }

  isNoTls(): void {
    this.#known = 'tls'
  }

  /** Once it is closed. */
  get cause(): CloseCause {
    const error = this.#watched.map(({ errored }) => errored).find((each) => each !== null)
    return causeOf(error) ?? this.#known ?? 'server'
  }
}

function causeOf(error: NodeJS.ErrnoException | undefined): CloseCause | undefined {
  if (error === undefined) return undefined
  const { code = '' } = error
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'timeout'
  return code.startsWith('HPE_') ? 'malformed' : 'error'
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
