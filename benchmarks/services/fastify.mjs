import fastify from 'fastify'
import { FLOOR, NARTHEX } from '../harness/contestants.mjs'

/** A service on Fastify, bare or measured. */
export async function start(contestant) {
  const app = fastify()
  const scrape = await measured[contestant](app)
  app.get('/', () => ({ hello: 'world' }))
  app.get('/users/:id', (request) => ({ id: request.params.id, name: 'somebody' }))
  app.setNotFoundHandler((_, reply) => void reply.code(404).send({ error: 'nothing here' }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: app.server.address().port, scrape }
}

const measured = {
  [FLOOR]: () => () => '',

  async [NARTHEX](app) {
    const { expose } = await import('narthex')
    const { metrics } = await import('narthex/fastify')
    await app.register(metrics({ processMetrics: false }))
    return () => expose()
  },

  /** fastify-metrics, which takes this client where it is installed; also of what no route is for. */
  async platformatic(app) {
    const { default: fastifyMetrics } = await import('fastify-metrics')
    await app.register(fastifyMetrics.default ?? fastifyMetrics, {
      defaultMetrics: { enabled: false },
      routeMetrics: { registeredRoutesOnly: false },
    })
    return () => app.metrics.client.register.metrics()
  },
}
