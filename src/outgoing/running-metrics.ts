/** The metrics of outgoing requests while they run. */
export interface OutgoingRequestMetrics {
  /** Counts no more. What was counted stays in the registry. */
  stop(): void
}

/** Who measures the outgoing requests of the process: either what the program asked for, or what is attached to it. */
export interface RunningMetrics {
  program?: OutgoingRequestMetrics | undefined
  attached?: { giveWay(): void } | undefined
}

/** Shared by all copies of narthex in the process: two of them would count each request twice. */
const KEY = Symbol.for('narthex.outgoing-requests.1')

export function runningMetrics(): RunningMetrics {
  const holder = globalThis as { [KEY]?: RunningMetrics }
  return (holder[KEY] ??= {})
}
