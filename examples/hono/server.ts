import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { counter } from 'narthex'
import { metrics } from 'narthex/hono'
import { registerProcessMetrics } from 'narthex/process'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

const hello = new Hono()
hello.get('/:name', (context) => {
  greetings.inc({ language: 'en' })
  return context.text(`Hello, ${context.req.param('name')}!`)
})

const app = new Hono()
app.use(metrics({ info: { version: '1', config: 'develop' } })) // measures every request, answers GET /metrics
app.route('/hello', hello)

registerProcessMetrics() // Hono runs where there is no process as well
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 8000) }, (at) => {
  console.log(`http://127.0.0.1:${at.port}/metrics`)
})
process.once('SIGTERM', () => server.close())
