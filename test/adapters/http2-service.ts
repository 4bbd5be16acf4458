import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { serviceAt, type Service } from './service.ts'

/** What HTTP/2 says otherwise, or not at all. */
const OF_HTTP_1 = /^(connection|host|keep-alive|proxy-connection|transfer-encoding|upgrade)$/

/**
 * As `startService`, on HTTP/2 by its compatibility API: clients of the contract speak HTTP/1.1 to a door, which has a
 * stream for each of their requests and leaves it when they leave.
 */
export async function startHttp2Service(listener: http.RequestListener): Promise<Service> {
  const settings = { maxHeaderListSize: 1 << 20 }
  const server = http2.createServer({ settings }, listener as unknown as Listener)
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = http2.connect(authority, { settings, maxSendHeaderBlockLength: 1 << 20 })
  const door = http.createServer({ maxHeaderSize: 1 << 20 }, (request, response) => forward(client, request, response))
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    door.closeAllConnections()
    client.destroy()
    for (const session of sessions) session.destroy()
    for (const each of [door, server]) await new Promise((resolve) => each.close(resolve))
  })
  return serviceAt((door.address() as AddressInfo).port)
}

type Listener = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

function forward(client: http2.ClientHttp2Session, request: http.IncomingMessage, response: http.ServerResponse): void {
  const headers = Object.entries(request.headers).filter(([name]) => !OF_HTTP_1.test(name))
  const target = { ':method': request.method, ':path': request.url }
  const stream = client.request({ ...Object.fromEntries(headers), ...target }, { endStream: false })
  request.pipe(stream)
  stream.on('response', ({ ':status': status, ...answered }) => {
    const shown = Object.entries(answered).map(([name, value]) => [capitalized(name), value as string] as const)
    response.writeHead(status!, Object.fromEntries(shown))
    stream.pipe(response)
  })
  stream.on('close', () => stream.rstCode !== 0 && response.destroy()).on('error', () => response.destroy())
  const leave = (): void => {
    if (!response.writableFinished) stream.close(http2.constants.NGHTTP2_CANCEL)
  }
  response.on('close', leave)
  // One that waits for its turn does not hear when its client leaves.
  request.socket.on('close', leave)
}

/** As HTTP/1.1 writes them. */
function capitalized(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
