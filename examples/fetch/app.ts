// What Bun, Deno and Workers run as it is: `bun app.ts`, `deno serve app.ts`. On Node it is served by server.ts.
import { counter } from 'narthex'
import { metrics, setEndpoint } from 'narthex/fetch'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })
const hello = /^\/hello\/(?<name>[^/]+)$/

function answer(request: Request): Response {
  const name = hello.exec(new URL(request.url).pathname)?.groups?.['name']
  if (name === undefined) return new Response('Nobody here\n', { status: 404 })
  setEndpoint(request, '/hello/:name') // never the path itself
  greetings.inc({ language: 'en' })
  return new Response(`Hello, ${name}!`)
}

// Measures every request, answers GET /metrics.
export default { fetch: metrics(answer, { info: { version: '1', config: 'develop' } }) }
