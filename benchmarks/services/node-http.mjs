import { once } from 'node:events'
import { createRequire } from 'node:module'
import { FLOOR, NARTHEX } from '../harness/contestants.mjs'

/** A service on `node:http`, bare or measured. */
export async function start(contestant) {
  const { http, listener, scrape } = await measured[contestant]()
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, scrape }
}

const measured = {
  async [FLOOR]() {
    const http = await import('node:http')
    return { http, listener: (request, response) => answer(request, response, routeOf(request)), scrape: () => '' }
  },

  async [NARTHEX]() {
    const http = await import('node:http')
    const { expose } = await import('narthex')
    const { metrics, setEndpoint } = await import('narthex/node')
    const measure = metrics({ processMetrics: false })
    const listener = (request, response) => {
      measure(request, response, () => {
        const route = routeOf(request)
        if (route !== undefined) setEndpoint(request, route)
        answer(request, response, route)
      })
    }
    return { http, listener, scrape: () => expose() }
  },

  /** As its documentation attaches it to CommonJS: what was loaded before is not measured. */
  async opentelemetry() {
    const { PrometheusExporter, PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus')
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http')
    const { MeterProvider } = await import('@opentelemetry/sdk-metrics')
    const reader = new PrometheusExporter({ preventServerStart: true })
    const instrumentation = new HttpInstrumentation()
    instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }))
    instrumentation.enable()
    const http = createRequire(import.meta.url)('http')
    const scrape = async () => new PrometheusSerializer().serialize((await reader.collect()).resourceMetrics)
    return { http, listener: (request, response) => answer(request, response, routeOf(request)), scrape }
  },
}

function routeOf({ url }) {
  if (url === '/') return '/'
  return url.startsWith('/users/') ? '/users/:id' : undefined
}

function answer(request, response, route) {
  if (route === undefined) send(response, 404, '{"error":"nothing here"}')
  else if (route === '/') send(response, 200, '{"hello":"world"}')
  else send(response, 200, JSON.stringify({ id: request.url.slice('/users/'.length), name: 'somebody' }))
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  response.end(body)
}
