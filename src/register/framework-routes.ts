import { noteRoutes, type RoutedRequest } from '../adapters/express-dispatch.ts'
import type { FastifyInstance } from '../adapters/fastify.ts'
import { tellRoute } from '../adapters/fastify-route.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'

/** What is used of a server. */
export interface ListeningServer {
  listeners(event: 'request'): readonly unknown[]
}

const known = new WeakSet<ListeningServer>()

/** Looks at a server before it routes its first request: whether it is that of an Express application. */
export function prepareRoutes(server: ListeningServer): void {
  if (known.has(server)) return
  known.add(server)
  for (const listener of server.listeners('request')) if (isExpressApp(listener)) noteRoutes(listener)
}

/** Whether a request came through an application of Express; asked when the response is closed. */
export function isOfExpress({ app }: RoutedRequest): boolean {
  if (!isExpressApp(app)) return false
  // Behind a function of the program it cannot be seen before: then the first request is the one that shows it.
  noteRoutes(app)
  return true
}

function isExpressApp(value: unknown): value is object {
  return (
    typeof value === 'function' && 'mountpath' in value && typeof (value as { request?: unknown }).request === 'object'
  )
}

/** Asks every Fastify of the process for its routes. @returns what stops that for those which are made later */
export function tellFastifyRoutes(warn: Warn): () => void {
  return listenTo(
    'fastify.initialization',
    ({ fastify }: { fastify: FastifyInstance }) => {
      fastify.addHook('onRequest', (request, _reply, done) => {
        tellRoute(request)
        done()
      })
    },
    warn,
  )
}
