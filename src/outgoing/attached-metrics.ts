import type { Warn } from './channel-listener.ts'
import { observeOutgoing } from './observed-clients.ts'
import type { OutgoingRequest, OutgoingRequestOptions, OutgoingRequests } from './outgoing-requests.ts'
import { runningMetrics, type OutgoingRequestMetrics } from './running-metrics.ts'

/**
 * The metrics of outgoing requests for a program that does not know of them, and so comes first: they are loaded and
 * declared with the first request that ends, and give way to those that the program asks for.
 */
export function attachOutgoingRequestMetrics(options: OutgoingRequestOptions, warn: Warn): OutgoingRequestMetrics {
  const running = runningMetrics()
  if (running.program !== undefined || running.attached !== undefined) return { stop() {} }
  const attached = new AttachedMetrics(options, warn)
  running.attached = attached
  return attached
}

class AttachedMetrics implements OutgoingRequestMetrics {
  readonly #options: OutgoingRequestOptions
  readonly #warn: Warn
  readonly #stopObserving: () => void
  #requests: OutgoingRequests | undefined
  #stopped = false
  #loading = false
  /** Those that ended while it was loaded. */
  #early: OutgoingRequest[] = []

  constructor(options: OutgoingRequestOptions, warn: Warn) {
    this.#options = options
    this.#warn = warn
    this.#stopObserving = observeOutgoing((request) => this.#record(request), warn)
  }

  stop(): void {
    this.#stopped = true
    this.#stopObserving()
    const running = runningMetrics()
    if (running.attached === this) running.attached = undefined
  }

  giveWay(): void {
    this.stop()
    this.#requests?.unregister()
  }

  #record(request: OutgoingRequest): void {
    if (this.#requests !== undefined) {
      this.#requests.record(request)
      return
    }
    this.#early.push(request)
    void this.#load()
  }

  async #load(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      const { OutgoingRequests } = await import('./outgoing-requests.ts')
      if (this.#stopped) return
      this.#requests = new OutgoingRequests(this.#options)
      for (const request of this.#early) this.#requests.record(request)
    } catch (error) {
      this.stop()
      this.#warn('narthex: outgoing requests are not measured', error)
    }
    this.#early = []
  }
}
