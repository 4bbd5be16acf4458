/** The status of a request that ended before any of the response was sent: no status was, so none is invented. */
export const ABORTED = 'aborted'

/**
 * What is known of a request when it arrives. All of it may be left out; {@link RequestNeeds} tells what is worth
 * finding out.
 */
export interface RequestStart {
  /** What the functions among the options are given: the request as the framework has it. */
  readonly request?: unknown
  /** `http` or `https`. */
  readonly scheme?: string | undefined
  /** `1.0`, `1.1`, `2` or `3`. */
  readonly protocolVersion?: string | undefined
  /** The header `X-Request-Start`, as it was sent. */
  readonly requestStart?: string | undefined
  /** When it began, by `performance.now()`; by default now. */
  readonly startMs?: number
}

/** How a request ended. */
export interface RequestOutcome {
  /** The pattern of its route, bounded in number whatever clients send; `undefined` if it matched none. */
  readonly endpoint: string | undefined
  /** As sent; {@link ABORTED} if nothing was. */
  readonly status: number | typeof ABORTED
  /** Whether the connection ended before the response did; by default, whether `status` is {@link ABORTED}. */
  readonly aborted?: boolean | undefined
  /** Whether the response did not come to its end, whoever ended it; by default, whether the request is aborted. */
  readonly cutShort?: boolean | undefined
  /** When it ended, by `performance.now()`; by default now. */
  readonly endMs?: number | undefined
  /** What was thrown, where that is known: its class tells why a request failed. */
  readonly error?: unknown
  /** From the start of the request to the first byte of its response. */
  readonly timeToFirstByteSeconds?: number | undefined
  /** Of the body that arrived. */
  readonly requestBytes?: number | undefined
  /** Of the body that was sent. */
  readonly responseBytes?: number | undefined
}

/** One request while it is being answered. */
export interface RequestObservation {
  /** Counts the request, when its response is closed. Only the first call does. */
  end(outcome: RequestOutcome): void
  /** Ends it without counting the request. */
  cancel(): void
}

/** What the metrics that are on show of a request: an adapter need not find out the rest. */
export interface RequestNeeds {
  /** `scheme` and `protocolVersion`. */
  readonly protocol: boolean
  /** `requestStart`. */
  readonly queueTime: boolean
  /** `timeToFirstByteSeconds`. */
  readonly firstByte: boolean
  readonly requestBytes: boolean
  readonly responseBytes: boolean
}
