import { createServer } from 'node:http'
import express from 'express'
import { counter } from 'narthex'
import { metrics } from 'narthex/express'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

const hello = express.Router()
hello.get('/:name', (request, response) => {
  greetings.inc({ language: 'en' })
  response.send(`Hello, ${request.params.name}!`)
})

const app = express()
app.use(metrics({ info: { version: '1', config: 'develop' } })) // measures every request, answers GET /metrics
app.use('/hello', hello)

const server = createServer(app)
server.listen(Number(process.env['PORT'] ?? 8000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`)
})
process.once('SIGTERM', () => server.close())
