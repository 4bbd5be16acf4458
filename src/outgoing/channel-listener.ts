import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/**
 * Listens to a channel. What the listener throws would be an uncaught exception, and the end of the program: it is told
 * once per channel instead.
 *
 * Not by `channel(name).subscribe`: who does not keep the channel may lose the subscription to the garbage collector.
 *
 * @returns what stops listening
 */
export function listenTo(name: string, listener: (message: never) => void, warn: Warn): () => void {
  let warned = false
  const guarded = (message: unknown): void => {
    try {
      listener(message as never)
    } catch (error) {
      if (!warned) warn(`narthex: ${name} could not be measured`, error)
      warned = true
    }
  }
  subscribe(name, guarded)
  return () => void unsubscribe(name, guarded)
}

/** The same for several channels. @returns what stops listening to all of them */
export function listenToAll(listeners: Readonly<Record<string, (message: never) => void>>, warn: Warn): () => void {
  const stops = Object.entries(listeners).map(([name, listener]) => listenTo(name, listener, warn))
  return () => {
    for (const stop of stops) stop()
  }
}

export type Warn = (message: string, cause?: unknown) => void
