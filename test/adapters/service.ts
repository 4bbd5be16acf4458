import http from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { samplesOf, type Registry } from 'narthex'

/** A server under test on a free port of 127.0.0.1, stopped when the test is finished. */
export interface Service {
  readonly port: number
  readonly url: string
  /** The status of one request, whose answer is read to its end. */
  request(path: string, method?: string): Promise<number>
  /** What comes back on one connection for these bytes, until the server closes it. */
  exchange(bytes: string): Promise<string>
}

export async function startService(listener: http.RequestListener): Promise<Service> {
  // Targets longer than usual get through, so that it is our bounds that are tried.
  const server = http.createServer({ maxHeaderSize: 1 << 20 }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return serviceAt((server.address() as AddressInfo).port)
}

/** What answers on a port of 127.0.0.1. */
export function serviceAt(port: number): Service {
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    request: async (path, method = 'GET') => await statusOf(port, path, method),
    exchange: async (bytes) => await exchange(port, bytes),
  }
}

/** The status of one request. Not `fetch`: it refuses some methods, and changes others. */
export async function statusOf(port: number, path: string, method: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, method, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    request.on('error', reject).end()
  })
}

async function exchange(port: number, bytes: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8')
    socket.on('data', (text) => (answer += String(text))).on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}

/** How many requests were counted, as `GET /users/:id 200`, in alphabetical order. */
export async function counted(registry: Registry, prefix = 'app'): Promise<Record<string, number>> {
  const [family] = await registry.gather({ names: [`${prefix}_request_count_total`] })
  const rows = [...(family ? samplesOf(family) : [])].map(({ labels, value }): [string, number] => {
    return [`${labels['method']} ${labels['endpoint']} ${labels['http_status']}`, value as number]
  })
  return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Count and sum of the latencies, in seconds, as `GET /users/:id`. */
export async function latencies(registry: Registry): Promise<Record<string, { count: number; sum: number }>> {
  const [family] = await registry.gather({ names: ['app_request_latency_seconds'] })
  return Object.fromEntries(
    [...(family ? samplesOf(family) : [])].map(({ labels, value }) => {
      return [`${labels['method']} ${labels['endpoint']}`, value as { count: number; sum: number }]
    }),
  )
}
