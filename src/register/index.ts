import { isMainThread } from 'node:worker_threads'
import { warnOnConsole } from '../console-warning.ts'
import { attach, type Attachment } from './attachment.ts'

/** With `NODE_OPTIONS`, `npm start` is attached to before the program is, and would take its port. */
const PACKAGE_MANAGER = /[\\/](npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(-cli)?(\.[cm]?js)?$/

const KEY = Symbol.for('narthex.register.1')

/**
 * Measures a program that does not know of it, with `node --import narthex/register app.js`: the requests that it
 * answers, by the patterns of the routes of Express, Fastify, Koa and Hono, those that it makes, and the process. The
 * metrics are served on `http://127.0.0.1:9464/metrics`, or as the variables `NARTHEX_…` of the environment say.
 *
 * The import is what starts it, once in a process; a worker thread starts nothing, and neither does a package manager.
 * It never changes what the program does or how it ends.
 */
const attached: Attachment | undefined = once()

/**
 * Stops what the import has started: measures no more, and closes the endpoint. What was counted stays in the registry.
 *
 * @example
 * ```ts
 * import { stop } from 'narthex/register'
 *
 * stop()
 * ```
 */
export function stop(): void {
  attached?.stop()
}

function once(): Attachment | undefined {
  if (!isMainThread || PACKAGE_MANAGER.test(process.argv[1] ?? '')) return undefined
  // Shared by all copies of narthex in the process, as the registry is.
  const holder = globalThis as { [KEY]?: Attachment }
  return (holder[KEY] ??= attach(process.env, warnOnConsole))
}
