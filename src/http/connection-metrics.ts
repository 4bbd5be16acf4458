import { counter, type Counter } from '../metrics/counter.ts'
import { gauge } from '../metrics/gauge.ts'
import { checkOptionNames } from '../option-names.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import { checkRegistry } from '../registry/registry-option.ts'
import type { Registry } from '../registry/registry.ts'

/** What `connectionMetrics` takes. All of it may be left out. */
export interface ConnectionMetricsOptions {
  /** Where the metrics are registered. By default the registry of the process. */
  readonly registry?: Registry
  /** What the names of the metrics begin with: `app` by default, as in `app_connections_open`. */
  readonly prefix?: string
}

/**
 * Why a connection was closed: by the `client`, in order or by a `reset`; by the `server`, on its own account, after a
 * `timeout`, because what came was `malformed` HTTP or no `tls`; or by any other `error` of the connection.
 */
export type CloseCause = 'client' | 'reset' | 'server' | 'timeout' | 'malformed' | 'tls' | 'error'

/** A connection that counts its bytes by itself. */
export interface CountedConnection {
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** Those of every registry, by prefix: servers that share the metrics share their connections. */
const known = new WeakMap<Registry, Map<string, ConnectionTotals>>()

/**
 * Declares the metrics of connections, or finds them where they are declared.
 *
 * @throws {MetricError} as every declaration
 */
export function connectionTotals(options: ConnectionMetricsOptions = {}): ConnectionTotals {
  checkOptionNames('connectionMetrics', options, OPTIONS)
  checkRegistry(options.registry)
  const { registry = defaultRegistry, prefix = 'app' } = options
  const byPrefix = known.get(registry) ?? new Map<string, ConnectionTotals>()
  const totals = byPrefix.get(prefix) ?? new ConnectionTotals()
  totals.declare(registry, prefix)
  known.set(registry, byPrefix.set(prefix, totals))
  return totals
}

const OPTIONS: Readonly<Record<keyof ConnectionMetricsOptions, true>> = { registry: true, prefix: true }

/** Counts connections. Their bytes are asked for at a scrape, so that a long connection is seen while it lives. */
export class ConnectionTotals {
  readonly #open: Set<CountedConnection> = new Set()
  #accepted: Counter | undefined
  #dropped: Counter | undefined
  #closed: Counter<['cause']> | undefined
  /** Of those that are closed. */
  #received = 0
  #sent = 0

  /** Only for {@link connectionTotals}. Again and again: the registry may have been cleared. */
  declare(registry: Registry, prefix: string): void {
    const names = prefix === '' ? 'connections' : `${prefix}_connections`
    gauge({
      name: `${names}_open`,
      help: 'Connections that are open.',
      collect: () => this.#open.size,
      registry,
    })
    this.#accepted = counter({ name: `${names}_accepted`, help: 'Connections that were accepted.', registry })
    this.#dropped = counter({
      name: `${names}_dropped`,
      help: 'Connections that were refused, because there were as many as the server takes.',
      registry,
    })
    this.#closed = counter({
      name: `${names}_closed`,
      help: 'Connections that were closed, by their cause.',
      labelNames: ['cause'],
      registry,
    })
    counter({
      name: `${names}_received_bytes`,
      help: 'Bytes that came in, as they were on the wire.',
      collect: () => this.#bytes(this.#received, (connection) => connection.bytesRead),
      registry,
    })
    counter({
      name: `${names}_sent_bytes`,
      help: 'Bytes that went out, as they were on the wire.',
      collect: () => this.#bytes(this.#sent, (connection) => connection.bytesWritten),
      registry,
    })
  }

  opened(connection: CountedConnection): void {
    this.#open.add(connection)
    this.#accepted?.inc()
  }

  closed(connection: CountedConnection, cause: CloseCause): void {
    if (this.forget(connection)) this.#closed?.inc({ cause })
  }

  dropped(): void {
    this.#dropped?.inc()
  }

  /** Stops counting a connection that may still be open; its bytes so far stay. @returns whether it was counted */
  forget(connection: CountedConnection): boolean {
    if (!this.#open.delete(connection)) return false
    this.#received += connection.bytesRead
    this.#sent += connection.bytesWritten
    return true
  }

  #bytes(ofClosed: number, bytesOf: (connection: CountedConnection) => number): number {
    let sum = ofClosed
    for (const connection of this.#open) sum += bytesOf(connection)
    return sum
  }
}
