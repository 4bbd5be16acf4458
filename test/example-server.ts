import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, vi } from 'vitest'

/**
 * Starts an example, and expects what all of them do: they greet, show their metrics, and end when they are told to.
 */
export async function expectExample(command: readonly string[], cwd?: string): Promise<void> {
  const server = await startExample(command, cwd)
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
  // By an end of its own, or by the signal where a framework sends it again.
  expect([0, 'SIGTERM']).toContain(await server.ended())
}

interface Running {
  readonly url: string
  readonly stop: () => void
  /** Its exit code, or the signal that ended it. */
  readonly ended: () => Promise<unknown>
}

async function startExample(command: readonly string[], cwd: string | undefined): Promise<Running> {
  const child = spawn(process.execPath, command, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  const died = exited.then(() => Promise.reject(new Error('The example ended before it listened.')))
  const [printed] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), died])) as [string]
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0],
    stop: () => void child.kill('SIGTERM'),
    ended: async () => {
      const [code, signal] = await exited
      return code ?? signal
    },
  }
}

/** On a connection of its own: one that is kept alive would delay the end. */
async function bodyOf(url: string, path: string): Promise<string> {
  return await (await fetch(url + path, { headers: { connection: 'close' } })).text()
}
