import fastify, { type FastifyInstance } from 'fastify'
import { counter } from 'narthex'
import { metrics } from 'narthex/fastify'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

async function hello(routes: FastifyInstance): Promise<void> {
  routes.get<{ Params: { name: string } }>('/:name', (request) => {
    greetings.inc({ language: 'en' })
    return `Hello, ${request.params.name}!`
  })
}

const app = fastify()
await app.register(metrics({ info: { version: '1', config: 'develop' } })) // measures every request, answers GET /metrics
await app.register(hello, { prefix: '/hello' })

const address = await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 8000) })
console.log(`${address}/metrics`)
process.once('SIGTERM', () => void app.close())
