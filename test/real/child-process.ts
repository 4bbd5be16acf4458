import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'

/** A server in a process of its own, ready to answer. */
export interface Child {
  /** Everything it has printed so far, both streams. */
  output(): string
  /** SIGTERM, then SIGKILL after {@link secondsToStop}; gives how it ended. Asked again, it gives the same. */
  stop(): Promise<ChildEnd>
}

export interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Beside PATH, HOME and the language; nothing else of the test runner's environment reaches the child. */
  readonly env?: Readonly<Record<string, string>>
  /** Asked every 50 ms until it is true. */
  readonly ready: () => Promise<boolean>
  /** Done once it has ended, however it came to that: for what it leaves behind. */
  readonly afterwards?: () => Promise<void>
}

const secondsToStart = 30
const secondsToStop = 5

const running = new Map<Child, ChildProcess>()

/**
 * Starts a process and waits until it is ready. A test file that starts any says `afterAll(stopChildren)`.
 * @throws {Error} with the output of the child, when it ends before it is ready or is not ready in time
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { PATH = '', HOME = '' } = process.env
  const spawned = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { PATH, HOME, LANG: 'C.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [spawned.stdout, spawned.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  }
  let ended: ChildEnd | undefined
  const end = new Promise<ChildEnd>((resolve) => {
    spawned.once('error', (error) => output.push(String(error)))
    spawned.once('close', (code, signal) => {
      ended = { code, signal }
      resolve(ended)
    })
  })
  const child: Child = {
    output: () => output.join(''),
    async stop() {
      spawned.kill('SIGTERM')
      const impatience = setTimeout(() => spawned.kill('SIGKILL'), secondsToStop * 1000)
      const how = await end
      clearTimeout(impatience)
      if (running.delete(child)) await options.afterwards?.()
      return how
    },
  }
  // Added once: the same listener is taken away before.
  process.off('exit', killAll).once('exit', killAll)
  running.set(child, spawned)

  const deadline = Date.now() + secondsToStart * 1000
  while (!(await options.ready())) {
    if (ended === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    await child.stop()
    const why = ended === undefined ? `is not ready after ${secondsToStart} s` : 'ended before it was ready'
    throw new Error(`${options.command} ${options.args.join(' ')} ${why}:\n${child.output()}`)
  }
  return child
}

/** Stops what is still running: for `afterEach` or `afterAll`. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...running.keys()].map((child) => child.stop()))
}

/** Whether something on 127.0.0.1 accepts connections at the port: readiness that no server counts as a request. */
export async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** The last resort when the test runner itself is ended: nothing can be awaited then. */
function killAll(): void {
  for (const spawned of running.values()) spawned.kill('SIGKILL')
}
