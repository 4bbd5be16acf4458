/** Told what goes wrong where nobody can be thrown at, and what it came from. */
export type Warn = (message: string, cause?: unknown) => void

/** The option `onWarning` where it is left out. */
export function warnOnConsole(message: string, ...cause: unknown[]): void {
  // Not `cause` itself: the console would print that it is undefined.
  console.warn(message, ...cause)
}
