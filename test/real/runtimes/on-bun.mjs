import { registerProcessMetrics } from 'narthex/process'

const { handler } = await import(`./${process.env.SERVICE}.mjs`)
registerProcessMetrics()
Bun.serve({ fetch: handler, hostname: '127.0.0.1', port: Number(process.env.PORT), development: false })
