import { createServer } from 'node:http'
import { counter } from 'narthex'
import { metrics, setEndpoint } from 'narthex/node'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })
const measured = metrics({ info: { version: '1', config: 'develop' } })

// `measured` measures the request, and answers it itself if it is GET /metrics.
const server = createServer((request, response) => {
  measured(request, response, () => {
    const name = /^\/hello\/([^/?]+)/.exec(request.url ?? '')?.[1]
    if (name === undefined) {
      response.writeHead(404).end()
      return
    }
    setEndpoint(request, '/hello/:name') // the pattern, never the path
    greetings.inc({ language: 'en' })
    response.end(`Hello, ${name}!`)
  })
})

server.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`)
})
process.once('SIGTERM', () => server.close())
