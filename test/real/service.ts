import { fileURLToPath } from 'node:url'
import { accepts, startChild, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './real-parts.ts'

/** A service under test, in a process of its own on 127.0.0.1. */
export interface Service extends Child {
  readonly url: string
  readonly metricsUrl: string
  /** Sends one request, reads the answer to its end and gives its status. */
  request(path: string, method?: string): Promise<number>
  /** The exposition in the text format. */
  scrape(): Promise<string>
}

/** What the services are told in their environment: how often `/probe` fails, and how long the handlers take. */
export interface ServiceKnobs {
  readonly FAIL_RATE?: string
  readonly MEAN_S?: string
  readonly DB_MIN_S?: string
  readonly DB_MAX_S?: string
}

/** `examples/app`, compiled, started as `npm start` does it. */
export async function startExampleApp(knobs: ServiceKnobs = {}): Promise<Service> {
  const entry = fileURLToPath(new URL('../../dist-examples/app/server.js', import.meta.url))
  return await startService(process.execPath, [entry], '/metrics', knobs)
}

/** One of the Flask applications of this folder, which behave as those of the tutorial and of the book. */
export async function startFlaskApp(name: 'tutorial' | 'book', knobs: ServiceKnobs = {}): Promise<Service> {
  const program = fileURLToPath(new URL(`flask/${name}/app.py`, import.meta.url))
  return await startService(pathOf('python'), ['-B', program], name === 'book' ? '/metrics/' : '/metrics', knobs)
}

/** No failures and hardly any waiting, unless a test asks for them. */
const quick: Required<ServiceKnobs> = { FAIL_RATE: '0', MEAN_S: '0.01', DB_MIN_S: '0.01', DB_MAX_S: '0.02' }

async function startService(
  command: string,
  args: readonly string[],
  metricsPath: string,
  knobs: ServiceKnobs,
): Promise<Service> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...quick, ...knobs, PORT: String(port) }
  const child = await startChild({ command, args, env, ready: async () => await accepts(port) })
  return {
    ...child,
    url,
    metricsUrl: url + metricsPath,
    async request(path, method = 'GET') {
      const response = await fetch(url + path, { method, redirect: 'manual' })
      await response.arrayBuffer()
      return response.status
    },
    async scrape() {
      return await (await fetch(url + metricsPath)).text()
    },
  }
}
