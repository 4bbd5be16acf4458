import type { RoutedFastifyRequest } from './fastify-route.ts'
import type { NodeRequest, NodeResponse } from './node-exchange.ts'

/** What is used of the `FastifyRequest` of Fastify 4 and 5. */
export interface FastifyRequest extends RoutedFastifyRequest {
  readonly raw: NodeRequest
}

/** What is used of the `FastifyReply`. */
export interface FastifyReply {
  readonly raw: NodeResponse
  hijack(): unknown
}

/** What is used of the `FastifyInstance`. */
export interface FastifyInstance {
  readonly server: {
    prependListener(event: 'request', listener: (request: NodeRequest, response: NodeResponse) => void): unknown
  }
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): unknown
  addHook(
    name: 'onError',
    hook: (request: FastifyRequest, reply: FastifyReply, error: Error, done: () => void) => void,
  ): unknown
}

/** What `app.register` takes. It escapes encapsulation: it is about all of the instance that it is registered in. */
export type FastifyPlugin = (instance: FastifyInstance, options: unknown, done: () => void) => void

/** As Fastify's own `fastify-plugin` marks what is not to be encapsulated. */
export function fastifyPlugin(load: (instance: FastifyInstance) => void): FastifyPlugin {
  const register: FastifyPlugin = (instance, _options, done) => {
    load(instance)
    done()
  }
  return Object.assign(register, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'narthex',
    [Symbol.for('plugin-meta')]: { name: 'narthex', fastify: '4.x || 5.x' },
  })
}
