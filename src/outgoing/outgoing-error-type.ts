/** The error type of what has no name that can be told, as OpenTelemetry's conventions have it. */
const OTHER = '_OTHER'

/** What errors and their codes are called: anything else is data that got into a name. */
const NAME = /^[A-Za-z_$][\w$.-]{0,63}$/

/**
 * Why a request failed; empty if it did not. As OpenTelemetry's conventions for `error.type` on a client: the error, or
 * a status that is 4xx or 5xx. Of an error its code, such as `ECONNREFUSED`, or what it is called.
 */
export function errorType(status: number | undefined, error: unknown): string {
  if (error !== undefined) return nameOf(error)
  if (status === undefined) return OTHER
  return status >= 400 ? String(status) : ''
}

function nameOf(error: unknown): string {
  try {
    const { code, name, constructor } = Object(error) as {
      code?: unknown
      name?: unknown
      constructor?: { name?: unknown }
    }
    // The code of a DOMException is a number, and tells less than its name.
    const told = typeof code === 'string' ? code : name === 'Error' ? constructor?.name : name
    return typeof told === 'string' && NAME.test(told) ? told : OTHER
  } catch {
    // Getters and proxies are the program's own, and a request that fails with one is to be counted all the same.
    return OTHER
  }
}
