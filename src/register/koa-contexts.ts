import { createRequire } from 'node:module'
import type { RoutedKoaContext } from '../adapters/koa-route.ts'
import { marksOf } from '../adapters/request-marks.ts'

const MATCHED = Symbol('narthex.koa.matched')

interface KoaContext extends RoutedKoaContext {
  [MATCHED]?: unknown
}

/** Where Koa 2 and 3 have what all contexts inherit from. Both are CommonJS, however they are imported. */
const FILE = /[\\/]koa[\\/]lib[\\/]context\.js$/

const noted = new WeakSet()

/**
 * Notes from now on which context each request of Koa has, for every Koa that the program has loaded.
 *
 * A request does not know its context. But @koa/router sets `matched` on it, and what contexts inherit from is where
 * Koa lets programs extend them: there the property becomes one that is listened to; it reads as before.
 */
export function noteKoaContexts(): void {
  for (const [file, module] of Object.entries(createRequire(import.meta.url).cache)) {
    if (!FILE.test(file)) continue
    const prototype: unknown = module?.exports
    if (typeof prototype !== 'object' || prototype === null || noted.has(prototype)) continue
    noted.add(prototype)
    Object.defineProperty(prototype, 'matched', {
      configurable: true,
      enumerable: true,
      get(this: KoaContext): unknown {
        return this[MATCHED]
      },
      set(this: KoaContext, matched: unknown) {
        this[MATCHED] = matched
        marksOf(this.req).koaContext = this
      },
    })
  }
}
