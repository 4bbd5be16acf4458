import { createServer } from 'node:http'
import { Router } from '@koa/router'
import Koa from 'koa'
import { counter } from 'narthex'
import { metrics } from 'narthex/koa'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

const hello = new Router({ prefix: '/hello' })
hello.get('/:name', (context) => {
  greetings.inc({ language: 'en' })
  context.body = `Hello, ${context.params['name']}!`
})

const app = new Koa()
app.use(metrics({ info: { version: '1', config: 'develop' } })) // measures every request, answers GET /metrics
app.use(hello.routes())

const handle = app.callback()
const server = createServer((request, response) => void handle(request, response))
server.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`)
})
process.once('SIGTERM', () => server.close())
