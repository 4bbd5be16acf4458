import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { counter, defaultRegistry, histogram, type Registry } from 'narthex'
import { metrics } from 'narthex/express'

/** How the service behaves; all times are in seconds. */
export interface AppOptions {
  /** How often `/probe` fails, from 0 to 1. */
  readonly failRate?: number
  /** How long `/probe` takes on average. */
  readonly meanS?: number
  /** How long `/database/` takes at least, and at most. */
  readonly dbMinS?: number
  readonly dbMaxS?: number
  readonly registry?: Registry
  /** From 0 to below 1, as `Math.random`. */
  readonly random?: () => number
}

/** A service that can be looked into: every request is measured, and `/metrics` shows it to Prometheus. */
export function createApp(options: AppOptions = {}): express.Express {
  const { failRate = 0.01, meanS = 0.3, dbMinS = 1, dbMaxS = 3 } = options
  const { registry = defaultRegistry, random = Math.random } = options

  const requests = counter({
    name: 'requests',
    help: 'Application Request Count',
    labelNames: ['endpoint'],
    registry,
  })
  const slow = histogram({
    name: 'slow',
    help: 'Slow Requests',
    labelNames: ['endpoint'],
    registry,
  })

  const app = express()
  app.use(metrics({ registry, info: { version: '1', config: 'develop' } }))

  app.get('/', (_request, response) => {
    requests.inc({ endpoint: '/' })
    response.send('<h1>Development Prometheus-backed Express App</h1>')
  })

  app.get('/database/', async (_request, response) => {
    await slow.labels('/database').time(() => sleep(1000 * (dbMinS + random() * (dbMaxS - dbMinS))))
    response.send('<h1>Completed expensive database operation</h1>')
  })

  app.get('/probe', async (_request, response) => {
    if (random() < failRate) {
      response.sendStatus(500)
      return
    }
    await sleep(1000 * gamma3(meanS, random))
    response.send("I'm ok!")
  })

  return app
}

/** A gamma-distributed number of shape 3: the sum of three exponential ones. */
function gamma3(mean: number, random: () => number): number {
  const exponential = (): number => -Math.log(1 - random())
  return (mean / 3) * (exponential() + exponential() + exponential())
}
