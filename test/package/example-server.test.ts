import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('examples/app, as npm start runs it', () => {
  test('prints the addresses to open', async () => {
    const server = await startServer()
    expect(server.printed().trimEnd().split('\n')).toEqual([
      `${server.url}/ counts its requests`,
      `${server.url}/database/ is slow`,
      `${server.url}/probe fails now and then`,
      `${server.url}/metrics is what Prometheus scrapes`,
    ])
    const response = await fetch(`${server.url}/metrics`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('app_version_info{version="1",config="develop"} 1\n')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends on %s when the requests in flight are answered', async (signal) => {
    const server = await startServer({ DB_MIN_S: '0.5', DB_MAX_S: '0.5' })
    const agent = new http.Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    expect(await statusOf(`${server.url}/`, agent)).toBe(200)
    const inFlight = statusOf(`${server.url}/database/`, agent)
    await new Promise((resolve) => setTimeout(resolve, 200))
    server.child.kill(signal)
    expect(await inFlight).toBe(200)
    // Well before the connections that are kept alive would end by themselves.
    const answered = performance.now()
    expect(await server.ended()).toBe(0)
    expect(performance.now() - answered).toBeLessThan(2000)
  })

  test('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    expect(await failure({ PORT: String(port) })).toEqual({
      code: 1,
      error: `Port ${port} of 127.0.0.1 is taken: end what listens there, or choose another port with PORT=.\n`,
      output: '',
    })
  })

  test('says in one line what is wrong in its environment', async () => {
    expect(await failure({ PORT: 'http' })).toEqual({
      code: 1,
      error: 'PORT must be a number from 0 to 65535, not "http".\n',
      output: '',
    })
    expect(await failure({ HOST: '192.0.2.1' })).toEqual({
      code: 1,
      error: 'This machine has no address 192.0.2.1: choose another with HOST=.\n',
      output: '',
    })
  })
})

interface Running {
  readonly child: ChildProcess
  readonly url: string
  readonly printed: () => string
  readonly ended: () => Promise<number | null>
}

async function startServer(environment: Record<string, string> = {}): Promise<Running> {
  const child = spawnServer(environment)
  const exited = once(child, 'exit') as Promise<[number | null]>
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => (printed += String(text)))
  while (!printed.includes('/metrics')) await Promise.race([once(child.stdout!, 'data'), exited.then(died)])
  return {
    child,
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0],
    printed: () => printed,
    ended: async () => (await exited)[0],
  }
}

function died(): never {
  throw new Error('The server ended before it listened.')
}

/** Of a server that cannot start. */
async function failure(environment: Record<string, string>): Promise<{ code: unknown; error: string; output: string }> {
  const child = spawnServer(environment)
  let [error, output] = ['', '']
  child.stderr?.on('data', (text) => (error += String(text)))
  child.stdout?.on('data', (text) => (output += String(text)))
  const [code] = await once(child, 'close')
  return { code, error, output }
}

function spawnServer(environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['dist-examples/app/server.js'], {
    cwd: root,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function statusOf(url: string, agent: http.Agent): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    request.on('error', reject)
  })
}
