import type { Socket } from 'node:net'
import type { ConnectionServer } from '../adapters/node-connections.ts'
import { isMeasured } from '../adapters/request-marks.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
import type { Settings } from './settings.ts'

/** What `tracing:net.server.listen:asyncStart` says of a server. */
interface ListenCall {
  readonly server: ConnectionServer
}

/**
 * Counts the connections of every HTTP server that listens from now on, but for those whose connections the program
 * counts, and for the endpoint. @returns what stops it
 */
export function countServedConnections({ prefix }: Settings, warn: Warn): () => void {
  const stops = new Set<() => void>()
  const known = new WeakSet<object>()
  let stopped = false

  async function count(server: ConnectionServer): Promise<void> {
    const early = new EarlyConnections(server)
    try {
      const { countConnections } = await import('../adapters/node-connections.ts')
      if (!stopped) stops.add(countConnections(server, prefix === undefined ? {} : { prefix }, early.open))
    } catch (error) {
      warn('narthex: connections are not counted', error)
    } finally {
      early.stop()
    }
  }

  stops.add(
    listenTo(
      'tracing:net.server.listen:asyncStart',
      ({ server }: ListenCall) => {
        if (!isOfHttp(server) || isMeasured(server) || known.has(server)) return
        known.add(server)
        void count(server)
      },
      warn,
    ),
  )
  return () => {
    stopped = true
    for (const stop of stops) stop()
  }
}

/** One of `node:net` alone has neither. */
function isOfHttp(server: object): boolean {
  return 'headersTimeout' in server || 'updateSettings' in server
}

/** Those that come while what counts them is loaded, and are still open then. */
class EarlyConnections {
  readonly open: Set<Socket> = new Set()
  readonly #server: ConnectionServer
  readonly #keep = (socket: Socket): void => {
    this.open.add(socket)
    socket.on('close', () => this.open.delete(socket))
  }

  constructor(server: ConnectionServer) {
    this.#server = server
    server.on('connection', this.#keep)
  }

  stop(): void {
    this.#server.off('connection', this.#keep)
  }
}
