import { isThenable } from '../thenable.ts'

/**
 * Calls `fn`, then `finish` exactly once: when `fn` has returned or thrown, or when the promise that it returned has
 * settled. The caller gets the result, or the error, afterwards.
 *
 * @param finish is told whether `fn` failed
 */
export function finishedBy<T>(fn: () => T, finish: (failed: boolean) => void): T {
  let result: T
  try {
    result = fn()
  } catch (error) {
    finish(true)
    throw error
  }
  if (!isThenable<unknown>(result)) {
    finish(false)
    return result
  }
  const settled = result.then(
    (value) => {
      finish(false)
      return value
    },
    (error: unknown) => {
      finish(true)
      throw error
    },
  )
  // The promise of the same value, so of the same type.
  return settled as T
}
