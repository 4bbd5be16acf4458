import { observeOutgoing } from './observed-clients.ts'
import { OutgoingRequests, type OutgoingRequestOptions } from './outgoing-requests.ts'
import { runningMetrics, type OutgoingRequestMetrics } from './running-metrics.ts'

export type { OutgoingRequestOptions } from './outgoing-requests.ts'
export type { OutgoingRequestMetrics } from './running-metrics.ts'

/**
 * Measures every request that the process makes with `node:http`, `node:https`, `node:http2` (from Node 22.17 on),
 * `fetch` or undici, each once, to the end of its response or to the error that it ends with.
 *
 * A process has them once: asked again while they run, it returns those that run, whatever the options.
 *
 * @throws {MetricError} `INVALID_OPTION` if an option is wrong, or as every declaration
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { defaultRegistry, expose } from 'narthex'
 * import { outgoingRequestMetrics } from 'narthex/outgoing'
 *
 * const outgoing = outgoingRequestMetrics()
 * const server = createServer((_, response) => response.end('Hello')).listen(8123, '127.0.0.1')
 * await (await fetch('http://127.0.0.1:8123/users/7')).text()
 * server.close()
 * console.log(await expose(defaultRegistry, { names: ['app_outgoing_request_count_total'] }))
 * // # HELP app_outgoing_request_count_total Requests that the application makes.
 * // # TYPE app_outgoing_request_count_total counter
 * // app_outgoing_request_count_total{method="GET",host="127.0.0.1:8123",http_status="200"} 1
 * outgoing.stop()
 * ```
 */
export function outgoingRequestMetrics(options: OutgoingRequestOptions = {}): OutgoingRequestMetrics {
  const running = runningMetrics()
  if (running.program !== undefined) return running.program
  running.attached?.giveWay()
  const requests = new OutgoingRequests(options)
  const stop = observeOutgoing((request) => requests.record(request), console.warn)
  running.program = {
    stop() {
      stop()
      if (running.program === this) running.program = undefined
    },
  }
  return running.program
}
