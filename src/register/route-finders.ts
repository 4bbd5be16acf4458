import { noteRoutes, type RoutedRequest } from '../adapters/express-dispatch.ts'
import { routePattern as patternOfExpress } from '../adapters/express-route.ts'
import { koaPattern } from '../adapters/koa-route.ts'
import type { FastifyInstance } from '../adapters/fastify.ts'
import { tellRoute } from '../adapters/fastify-route.ts'
import { koaContextOf } from './koa-contexts.ts'
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

/** The pattern of the route that took a request of Express or Koa, if one did; asked when the response is closed. */
export function routePattern(request: RoutedRequest): string | undefined {
  const context = koaContextOf(request)
  return context === undefined ? expressPattern(request) : koaPattern(context)
}

function expressPattern(request: RoutedRequest): string | undefined {
  const { app } = request
  if (!isExpressApp(app)) return undefined
  // Behind a function of the program it cannot be seen before: then the first request is the one that shows it.
  noteRoutes(app)
  return patternOfExpress(request)
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
