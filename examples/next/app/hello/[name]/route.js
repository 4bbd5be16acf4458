import { counter } from 'narthex'

const greetings = counter({ name: 'greetings', help: 'Greetings sent.', labelNames: ['language'] })

export async function GET(_request, { params }) {
  const { name } = await params
  greetings.inc({ language: 'en' })
  return new Response(`Hello, ${name}!`)
}
