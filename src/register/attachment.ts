import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
import { attachOutgoingRequestMetrics } from '../outgoing/attached-metrics.ts'
import type { OutgoingRequestMetrics } from '../outgoing/running-metrics.ts'
import { tellFastifyRoutes } from './framework-routes.ts'
import { countServedConnections } from './served-connections.ts'
import { ServedRequests } from './served-requests.ts'
import { settingsOf, type Settings } from './settings.ts'

/** What measures a program that does not know of it. */
export interface Attachment {
  /** Measures no more, and closes the endpoint. What was counted stays in the registry. */
  stop(): void
}

/**
 * Measures the process from outside, by the channels on which Node and the frameworks say what they do.
 *
 * The program comes first: its own metrics are declared before ours, and its servers listen before the endpoint does.
 * So the endpoint, and with it all that takes time to load, waits until the program listens, or has lived for a second.
 */
export function attach(environment: Readonly<Record<string, string | undefined>>, warn: Warn): Attachment {
  const settings = settingsOf(environment, warn)
  const requests = new ServedRequests(settings, warn)
  const stopFastify = tellFastifyRoutes(warn)
  const outgoing = settings.outgoing ? attachOutgoing(settings, warn) : undefined
  const stopConnections = settings.connections ? countServedConnections(settings, warn) : undefined
  const endpoint = new WaitingEndpoint(settings, warn)
  return {
    stop() {
      requests.stop()
      stopFastify()
      outgoing?.stop()
      stopConnections?.()
      endpoint.stop()
    },
  }
}

function attachOutgoing({ naming, prefix, maxSeries, maxHosts }: Settings, warn: Warn): OutgoingRequestMetrics {
  const options = { naming, maxSeries, maxHosts, ...(prefix !== undefined && { prefix }) }
  return attachOutgoingRequestMetrics(options, warn)
}

/** How long a program that opens no server may take until it is scraped. */
const LONGEST_WAIT_MS = 1000

class WaitingEndpoint {
  readonly #settings: Settings
  readonly #warn: Warn
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: () => void
  #started = false
  #stopped = false
  #close: (() => void) | undefined

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    const start = (): void => void this.#start()
    this.#timer = setTimeout(start, LONGEST_WAIT_MS).unref()
    this.#stopListening = listenTo('tracing:net.server.listen:asyncEnd', () => setImmediate(start).unref(), warn)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#stopListening()
    this.#close?.()
  }

  async #start(): Promise<void> {
    if (this.#started || this.#stopped) return
    this.#started = true
    clearTimeout(this.#timer)
    this.#stopListening()
    try {
      const { serve } = await import('./endpoint.ts')
      this.#close = await serve(this.#settings, this.#warn)
      if (this.#stopped) this.#close()
    } catch (error) {
      this.#warn('narthex: no metrics are served', error)
    }
  }
}
