import type { RequestListener } from 'node:http'
import https from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { onTestFinished } from 'vitest'
import { CERTIFICATE, KEY } from './certificate.ts'
import { serviceAt, type Service } from './service.ts'

/** As `startService`, on HTTPS: clients of the contract speak to it through a door that adds the encryption. */
export async function startHttpsService(listener: RequestListener): Promise<Service> {
  const server = https.createServer({ key: KEY, cert: CERTIFICATE, maxHeaderSize: 1 << 20 }, listener)
  const door = createServer((plain) => {
    const { port } = server.address() as AddressInfo
    const secure = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    plain.pipe(secure).pipe(plain)
    // Who leaves on the one side has left on the other.
    plain.on('close', () => secure.destroy()).on('error', () => secure.destroy())
    secure.on('close', () => plain.destroySoon()).on('error', () => plain.destroy())
  })
  for (const each of [server, door]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    for (const each of [door, server]) await new Promise((resolve) => each.close(resolve))
  })
  return serviceAt((door.address() as AddressInfo).port)
}
