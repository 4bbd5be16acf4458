import type { Warn } from './channel-listener.ts'
import { observeNodeClient } from './node-client.ts'
import { OutgoingRequests, type OutgoingRequestOptions } from './outgoing-requests.ts'
import { observeUndici } from './undici-client.ts'

export type { OutgoingRequestOptions } from './outgoing-requests.ts'

/** The metrics of outgoing requests while they run. */
export interface OutgoingRequestMetrics {
  /** Counts no more. What was counted stays in the registry. */
  stop(): void
}

/**
 * Measures every request that the process makes with `node:http`, `node:https`, `fetch` or undici, each once, to the end of
 * its response or to the error that it ends with.
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
  const running = runningHere()
  if (running.program !== undefined) return running.program
  running.attached?.giveWay()
  const requests = new OutgoingRequests(options)
  const stop = observe(() => requests, console.warn)
  running.program = {
    stop() {
      stop()
      if (running.program === this) running.program = undefined
    },
  }
  return running.program
}

/**
 * The same for a program that does not know of it, and so comes first: the metrics are declared with the first request
 * that ends, and give way to those that the program asks for.
 */
export function attachOutgoingRequestMetrics(options: OutgoingRequestOptions, warn: Warn): OutgoingRequestMetrics {
  const running = runningHere()
  if (running.program !== undefined || running.attached !== undefined) return { stop() {} }
  let requests: OutgoingRequests | undefined
  const declared = (): OutgoingRequests | undefined => {
    try {
      return (requests ??= new OutgoingRequests(options))
    } catch (error) {
      stop()
      warn('narthex: outgoing requests are not measured', error)
      return undefined
    }
  }
  const stopObserving = observe(declared, warn)
  const stop = (): void => {
    stopObserving()
    running.attached = undefined
  }
  running.attached = {
    giveWay() {
      stop()
      requests?.unregister()
    },
  }
  return { stop }
}

function observe(requests: () => OutgoingRequests | undefined, warn: Warn): () => void {
  const stopNode = observeNodeClient((request) => requests()?.record(request), warn)
  const stopUndici = observeUndici((request) => requests()?.record(request), warn)
  return () => {
    stopNode()
    stopUndici()
  }
}

interface Running {
  program?: OutgoingRequestMetrics | undefined
  attached?: { giveWay(): void } | undefined
}

/** Shared by all copies of narthex in the process: two of them would count each request twice. */
const KEY = Symbol.for('narthex.outgoing-requests.1')

function runningHere(): Running {
  const holder = globalThis as { [KEY]?: Running }
  return (holder[KEY] ??= {})
}
