import { requestMetrics } from '../http/request-metrics.ts'
import { ABORTED, type RequestOutcome } from '../http/request-observation.ts'
import { startOf, type NodeRequest } from './node-exchange.ts'
import { splitOptions } from './endpoint-option.ts'
import type { NodeMetricsOptions } from './node-http.ts'
import { endpointOfRequest, errorOfRequest, isFirstLook } from './request-marks.ts'

/** What is used of the connection that the event `upgrade` or `connect` hands over. */
export interface UpgradeSocket {
  write(...args: never): unknown
  end(...args: never): unknown
  readonly destroyed?: boolean
  once(event: 'close', listener: () => void): unknown
}

/**
 * Measures the requests that leave HTTP, such as those for a WebSocket: a server hands them to the listeners of
 * `upgrade` and `connect`, past every middleware. Call it first there.
 *
 * Such a request is measured until it is answered, usually with 101, and not as long as its connection lives. The
 * status is the one that the program writes to the connection.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { measureUpgrades, setEndpoint } from 'narthex/node'
 *
 * const measureUpgrade = measureUpgrades()
 * const server = createServer()
 * server.on('upgrade', (request, socket) => {
 *   measureUpgrade(request, socket)
 *   setEndpoint(request, '/chat')
 *   socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n')
 * })
 * ```
 */
export function measureUpgrades<Request extends NodeRequest>(
  options: NodeMetricsOptions<Request> = {},
): (request: Request, socket: UpgradeSocket) => void {
  const { shared, endpointOf } = splitOptions(options)
  const requests = requestMetrics(shared)
  return (request, socket) => {
    if (!isFirstLook(request, requests)) return
    const observation = requests.begin(request.method, startOf(request, requests.needs, request, performance.now()))
    const end = (status: RequestOutcome['status']): void => {
      const endpoint = endpointOfRequest(request, endpointOf)
      observation.end({ endpoint, status, error: errorOfRequest(request) })
    }
    whenAnswered(socket, (head) => end(statusIn(head)))
    const leave = (): void => end(ABORTED)
    // What comes late is not told any more; the program has not told its endpoint yet.
    if (socket.destroyed === true) setTimeout(leave, 0)
    else socket.once('close', leave)
  }
}

type Write = (this: unknown, ...args: unknown[]) => unknown

/** Tells what is written first, and lets the connection alone from then on. */
function whenAnswered(socket: UpgradeSocket, answered: (head: unknown) => void): void {
  const { write, end } = socket as unknown as { write: Write; end: Write }
  const once = (method: Write): Write =>
    function answer(this: unknown, ...args) {
      Object.assign(socket, { write, end })
      answered(args[0])
      return method.apply(this, args)
    }
  Object.assign(socket, { write: once(write), end: once(end) })
}

/** Whoever writes anything but an answer of HTTP has not answered. */
function statusIn(head: unknown): RequestOutcome['status'] {
  const text = typeof head === 'string' ? head : head instanceof Uint8Array ? new TextDecoder().decode(head) : ''
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(text)?.[1]
  return status === undefined ? ABORTED : Number(status)
}
