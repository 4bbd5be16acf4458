/** A service that has answered its first request when it ends. */
import { createServer, get } from 'node:http'

const server = createServer((_, response) => response.end('ok'))
server.listen(0, '127.0.0.1', () => {
  get({ host: '127.0.0.1', port: server.address().port, agent: false }, (response) => {
    response.resume().on('close', () => server.close())
  })
})
