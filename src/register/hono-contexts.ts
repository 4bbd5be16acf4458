import nodeModule, { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { RoutedHonoContext } from '../adapters/hono-route.ts'
import { marksOf } from '../adapters/request-marks.ts'
import type { Warn } from '../outgoing/channel-listener.ts'

/** Where Hono 4 has the class of its contexts: once as ESM, once as CommonJS. */
const FILE = /\/hono\/dist\/(cjs\/)?context\.js$/

const KEY = Symbol.for('narthex.register.hono.1')

/**
 * Notes which context each request of Hono has, for every Hono that the program loads from now on; as far as this Node
 * can (>= 22.15): without hooks nothing leads from a request to its context.
 *
 * Whoever imports the class of Hono's contexts is given one that tells of what it makes. It makes the same: the
 * prototype, the name and all else are Hono's. Only where a module is found is hooked, not how it is loaded: a hook for
 * loading fails together with those that run in a thread of their own, on several versions of Node (nodejs/node#57327).
 *
 * @returns what stops it, for those that are loaded later
 */
export function noteHonoContexts(warn: Warn): () => void {
  const { registerHooks } = nodeModule as HookingModule
  if (registerHooks === undefined) return () => {}
  const holder = globalThis as { [KEY]?: typeof telling }
  holder[KEY] = telling
  let warned = false
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context)
      if (!FILE.test(found.url)) return found
      try {
        return handedOut(found, context)
      } catch (error) {
        if (!warned) warn('narthex: the routes of Hono are not seen', error)
        warned = true
        return found
      }
    },
  })
  return () => hooks.deregister()
}

function handedOut(found: Found, { parentURL, conditions }: ResolveContext): Found {
  if (found.url.endsWith('/cjs/context.js')) {
    tellFromExports(fileURLToPath(found.url))
    return found
  }
  const url = moduleAround(found.url)
  // From CommonJS it would not be loaded, and from that module it would be without end.
  if (parentURL === url || new Set(conditions).has('require')) return found
  return { ...found, url, format: 'module' }
}

/** A module like the one of this address, but for the class. */
function moduleAround(url: string): string {
  const original = JSON.stringify(url)
  const key = JSON.stringify(Symbol.keyFor(KEY))
  const source = `import * as original from ${original}
export * from ${original}
export const Context = globalThis[Symbol.for(${key})](original.Context)`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

const known = new Set<string>()

/** Loads a CommonJS module before the program has it, and changes what the program will be given. */
function tellFromExports(file: string): void {
  if (known.has(file)) return
  known.add(file)
  const require = createRequire(import.meta.url)
  const original = require(file) as { readonly Context: ContextClass }
  require.cache[file]!.exports = { ...original, Context: telling(original.Context) }
}

type ContextClass = new (request: unknown, options?: ContextOptions) => RoutedHonoContext

interface ContextOptions {
  /** On Node, with Node's own request. */
  readonly env?: { readonly incoming?: unknown } | null
}

function telling(original: ContextClass): ContextClass {
  return new Proxy(original, {
    construct(target, given: ConstructorParameters<ContextClass>, newTarget: ContextClass): RoutedHonoContext {
      const context: RoutedHonoContext = Reflect.construct(target, given, newTarget)
      note(context, given[1])
      return context
    },
  })
}

function note(context: RoutedHonoContext, options: ContextOptions | undefined): void {
  try {
    const incoming = options?.env?.incoming
    if (typeof incoming !== 'object' || incoming === null) return
    // The first counts: what Hono mounts and what it asks itself are parts of that one.
    marksOf(incoming).honoContext ??= context
  } catch {
    // Somebody's environment that throws when it is asked.
  }
}

/** What is used of `node:module` besides what Node 20 has. */
interface HookingModule {
  readonly registerHooks?: (hooks: {
    resolve(specifier: string, context: ResolveContext, nextResolve: NextResolve): Found
  }) => { deregister(): void }
}

type NextResolve = (specifier: string, context: ResolveContext) => Found

interface ResolveContext {
  readonly parentURL?: string | undefined
  /** A set on the first versions that have hooks. */
  readonly conditions?: Iterable<string>
}

/** Where a module was found. */
interface Found {
  readonly url: string
  readonly format?: string | null | undefined
}
