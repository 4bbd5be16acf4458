import { registerProcessMetrics } from 'narthex/process'

const { handler } = await import(`./${Deno.env.get('SERVICE')}.mjs`)
registerProcessMetrics()
Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.env.get('PORT')) }, handler)
