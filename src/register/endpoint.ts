import { serveMetrics } from '../adapters/metrics-server.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
import { endpointGuard } from './endpoint-guard.ts'
import type { Settings } from './settings.ts'

/**
 * Serves the metrics, and those of the process with them, on a port of their own; keeps nothing alive.
 * A port that is taken gives one warning, and one that the program asks for later is left to it.
 *
 * @returns what stops serving
 */
export async function serve(settings: Settings, warn: Warn): Promise<() => void> {
  const { host, port, path, exemplars } = settings
  if (exemplars) await leadToSpans()
  let close: (() => void) | undefined
  let opening = true
  const stopListening = listenTo(
    'tracing:net.server.listen:asyncStart',
    ({ options }: ListenCall) => {
      if (port === 0 || Number(options.port) !== port) return
      if (opening && options.exclusive) {
        // That is ours.
        opening = false
        return
      }
      stop()
      warn(`narthex: no metrics are served any more: the program listens on port ${port} itself`)
    },
    warn,
  )
  const stop = (): void => {
    stopListening()
    close?.()
  }
  try {
    const guard = await endpointGuard(settings)
    const server = await serveMetrics({ ...guard, host, port, path, unref: true, onWarning: warn })
    close = () => void server.close()
    // The program cannot know which it is.
    if (port === 0) warn(`narthex: the metrics are served on ${server.url}`)
  } catch (error) {
    stopListening()
    warn(`narthex: no metrics are served: ${reason(error as NodeJS.ErrnoException, host, port)}`)
  }
  return stop
}

/** A program without OpenTelemetry's API has no spans. */
async function leadToSpans(): Promise<void> {
  try {
    const { exemplarsFromSpans } = await import('../opentelemetry/index.ts')
    exemplarsFromSpans()
  } catch {}
}

interface ListenCall {
  readonly options: { readonly port?: unknown; readonly exclusive?: unknown }
}

function reason(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code !== 'EADDRINUSE') return error.message
  return `port ${port} of ${host} is taken. Each process needs one of its own: set NARTHEX_PORT, to 0 for any that is free`
}
