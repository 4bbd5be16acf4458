import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'examples')
/** A framework each. `app` is the example service, which has tests of its own. */
const frameworks = readdirSync(folder).filter((name) => name !== 'app' && existsSync(join(folder, name, 'server.ts')))

test('there is an example for every framework that runs on Node with nothing else', () => {
  expect(frameworks).toEqual(expect.arrayContaining(['express', 'fastify', 'koa', 'node-http']))
})

describe.each(frameworks)('examples/%s', (name) => {
  test('is short', () => {
    expect(
      readFileSync(join(folder, name, 'server.ts'), 'utf8')
        .trimEnd()
        .split('\n').length,
    ).toBeLessThanOrEqual(40)
  })

  test('starts, greets, shows its metrics, and ends when it is told to', async () => {
    const server = await startExample(name)
    expect(await bodyOf(server.url, '/hello/Ada?x=1')).toBe('Hello, Ada!')
    expect(await bodyOf(server.url, '/hello/Grace')).toBe('Hello, Grace!')
    await bodyOf(server.url, '/wp-login.php')

    // A request is counted when its response is closed, which a client does not see.
    await vi.waitFor(async () => {
      const exposition = await bodyOf(server.url, '/metrics')
      expect(exposition.split('\n')).toEqual(
        expect.arrayContaining([
          'app_request_count_total{method="GET",endpoint="/hello/:name",http_status="200"} 2',
          'app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 1',
          'app_request_latency_seconds_count{method="GET",endpoint="/hello/:name"} 2',
          'app_version_info{version="1",config="develop"} 1',
          'greetings_total{language="en"} 2',
          expect.stringMatching(/^process_cpu_seconds_total /),
        ]),
      )
      expect(exposition).not.toContain('Grace')
    })

    server.stop()
    expect(await server.ended()).toBe(0)
  })
})

interface Running {
  readonly url: string
  readonly stop: () => void
  readonly ended: () => Promise<unknown>
}

async function startExample(name: string): Promise<Running> {
  const child = spawn(process.execPath, [join('dist-examples', name, 'server.js')], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const died = exited.then(() => Promise.reject(new Error('The example ended before it listened.')))
  const [printed] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), died])) as [string]
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0],
    stop: () => void child.kill('SIGTERM'),
    ended: async () => ((await exited) as unknown[])[0],
  }
}

/** On a connection of its own: one that is kept alive would delay the end. */
async function bodyOf(url: string, path: string): Promise<string> {
  return await (await fetch(url + path, { headers: { connection: 'close' } })).text()
}
