import { Hono } from 'hono'
import { metrics } from 'narthex/hono'
import { handlers } from './service.mjs'

const app = new Hono()
app.use(metrics())
for (const [endpoint, answer] of Object.entries(handlers))
  app.on(['GET', 'POST'], endpoint, ({ req }) => answer(req.raw))

/** The service, as an application of Hono. */
export const handler = app.fetch
