import { once } from 'node:events'
import express from 'express'
import { FLOOR, NARTHEX } from '../harness/contestants.mjs'

/** A service on Express, bare or measured. */
export async function start(contestant) {
  const { middleware, scrape } = await measured[contestant]()
  const app = express()
  if (middleware !== undefined) app.use(middleware)
  app.get('/', (_, response) => void response.json({ hello: 'world' }))
  app.get('/users/:id', (request, response) => void response.json({ id: request.params.id, name: 'somebody' }))
  app.use((_, response) => void response.status(404).json({ error: 'nothing here' }))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, scrape }
}

const measured = {
  [FLOOR]: () => ({ middleware: undefined, scrape: () => '' }),

  async [NARTHEX]() {
    const { expose } = await import('narthex')
    const { metrics } = await import('narthex/express')
    return { middleware: metrics({ processMetrics: false }), scrape: () => expose() }
  },

  /** express-prom-bundle, with the labels that tell method and path. */
  async 'prom-client'() {
    const { default: promBundle } = await import('express-prom-bundle')
    const middleware = promBundle({ includeMethod: true, includePath: true })
    return { middleware, scrape: () => middleware.promClient.register.metrics() }
  },
}
