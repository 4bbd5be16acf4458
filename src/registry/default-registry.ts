import { Registry } from './registry.ts'

/** The number is that of the protocol between copies: it changes when an older copy could not use a newer registry. */
const KEY = Symbol.for('narthex.registry.1')

/**
 * The registry of the process, where metrics go unless told otherwise.
 * Two copies of narthex in one process share it, so none of their metrics is missing from the exposition.
 */
export const defaultRegistry: Registry = shared()

function shared(): Registry {
  const holder = globalThis as { [KEY]?: Registry }
  return (holder[KEY] ??= new Registry())
}
