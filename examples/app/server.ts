import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { settingsFrom, type Settings } from './settings.ts'

/** How long requests may take to their end once the service is told to stop. Docker waits for 10 seconds. */
const GRACE_MS = 8000

try {
  await serve(settingsFrom(process.env))
} catch (error) {
  console.error(reasonOf(error))
  process.exitCode = 1
}

async function serve(settings: Settings): Promise<void> {
  const server = createServer(createApp(settings))
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  announce(server.address() as AddressInfo)

  // No new connections; those that wait for a request are closed, then and whenever a request is done.
  const stop = (): void => {
    server.close()
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
  }
  server.on('request', (_, response) => {
    response.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
  })
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function announce({ address, family, port }: AddressInfo): void {
  const everywhere = address === '0.0.0.0' || address === '::'
  const host = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  for (const [path, what] of [
    ['/', 'counts its requests'],
    ['/database/', 'is slow'],
    ['/probe', 'fails now and then'],
    ['/metrics', 'is what Prometheus scrapes'],
  ]) {
    console.log(`http://${host}:${port}${path} ${what}`)
  }
}

function reasonOf(error: unknown): string {
  const { code, message, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${address} is taken: end what listens there, or choose another port with PORT=.`
  if (code === 'EACCES') return `Port ${port} of ${address} is not for this user: choose one above 1023 with PORT=.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${address ?? ''}: choose another with HOST=.`
  return message
}
