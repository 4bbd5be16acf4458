import type { RequestOutcome } from './request-observation.ts'
import { ABORTED } from './request-observation.ts'

/** The error type of a request whose client left: a word of ours, as the conventions ask for where there is no exception. */
const CLIENT_ABORTED = 'client_aborted'

/** The error type of what has no class that can be told. */
const OTHER = '_OTHER'

/** What a class is called: anything else is data that got into a name. */
const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$.]{0,99}$/u

/**
 * Why a request failed; empty if it did not. As OpenTelemetry's conventions for `error.type` on a server: the class of the
 * error or the status, where that is 5xx or none could be sent. An error that a service answers with 4xx is the client's.
 */
export function errorType({ status, error, aborted = status === ABORTED }: RequestOutcome): string {
  const failed = aborted || status === ABORTED || status >= 500
  if (!failed) return ''
  if (error !== undefined) return classOf(error)
  return aborted || status === ABORTED ? CLIENT_ABORTED : String(status)
}

/** The name of an error, or that of its class if nobody gave it one. */
function classOf(error: unknown): string {
  if (!(error instanceof Error)) return OTHER
  const name = error.name === 'Error' ? error.constructor.name : error.name
  return CLASS_NAME.test(name) ? name : OTHER
}
