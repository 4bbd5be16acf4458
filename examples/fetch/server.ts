import { serve } from '@hono/node-server'
import { registerProcessMetrics } from 'narthex/process'
import app from './app.ts'

registerProcessMetrics() // app.ts does not: it runs where there is no process as well
const server = serve({ ...app, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 8000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/metrics`)
})
process.once('SIGTERM', () => server.close())
