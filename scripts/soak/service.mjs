/**
 * The service of the soak, in a process of its own: an Express application, its connections counted, and the endpoint
 * on a port of its own. Tells its ports to the parent, and what it holds in memory when it is asked.
 */
import { once } from 'node:events'
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'
import { measureRequests } from 'narthex/express'
import { connectionMetrics, serveMetrics } from 'narthex/node'

const app = express()
app.use(measureRequests({ measure: { firstByte: true, requestSize: true, responseSize: true } }))
app.get('/users/:id', (_request, response) => void response.send('a user'))
app.post('/users', (request, response) => void request.resume().on('end', () => response.status(201).end()))
app.get('/slow', async (_request, response) => {
  await wait(20)
  response.end('at last')
})
app.get('/stream', async (_request, response) => {
  for (let i = 0; i < 5; i++) {
    response.write(`part ${i}\n`)
    await wait(2)
  }
  response.end()
})
app.get('/error', () => {
  throw new Error('deliberate')
})
// It says that it is there, and never answers: who leaves then leaves before any status.
app.get('/silent', (_request, response) => response.writeProcessing())
app.get('/endless', (_request, response) => {
  const more = setInterval(() => response.write('more\n'), 5)
  response.on('close', () => clearInterval(more))
})
app.use((error, _request, response, _next) => void response.status(500).end(error.message))

// Nothing may be closed by itself while the load generators count on it.
const server = http.createServer({ keepAliveTimeout: 600_000 }, app)
connectionMetrics(server)
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = /** @type {import('node:net').AddressInfo} */ (server.address())
const endpoint = await serveMetrics({ port: 0 })
process.send?.({ service: `http://127.0.0.1:${address.port}`, metrics: endpoint.url })

process.on('message', (question) => {
  if (question !== 'memory') return
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ heapUsed, external, rss })
})
process.on('disconnect', () => process.exit())
