/**
 * Whether the platform offers what `feature` asks for. Bun, Deno and Node under restrictions lack some of Node's API,
 * and show it in different ways: the function is not there, throws, or yields nothing.
 */
export function isOffered(feature: () => unknown): boolean {
  try {
    return feature() !== undefined
  } catch {
    return false
  }
}
