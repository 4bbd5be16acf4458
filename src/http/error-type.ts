import { ABORTED, type RequestOutcome } from './request-observation.ts'

/**
 * The error type of a request whose client left: a word of ours, as the conventions ask for where there is no
 * exception.
 */
const CLIENT_ABORTED = 'client_aborted'

/** The error type of what has no class that can be told. */
const OTHER = '_OTHER'

/** What a class is called: anything else is data that got into a name. */
const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$.]{0,99}$/u

/**
 * Why a request failed; empty if it did not. As OpenTelemetry's conventions for `error.type` on a server: the class of
 * the error or the status, where that is 5xx, none could be sent, or not all of the response. An error that a service
 * answers with 4xx is the client's.
 */
export function errorType({ status, error, aborted = status === ABORTED, cutShort = aborted }: RequestOutcome): string {
  const failed = cutShort || aborted || status === ABORTED || status >= 500
  if (!failed) return ''
  if (error !== undefined) return classOf(error)
  if (aborted || status === ABORTED) return CLIENT_ABORTED
  return cutShort ? OTHER : String(status)
}

/** The name of an error, or that of its class if nobody gave it one. */
function classOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return OTHER
    const name = error.name === 'Error' ? error.constructor.name : error.name
    return CLASS_NAME.test(name) ? name : OTHER
  } catch {
    // Getters and proxies are the service's own, and this is where nobody would catch what they throw.
    return OTHER
  }
}
