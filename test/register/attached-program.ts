import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { onTestFinished, vi } from 'vitest'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** How a program is written, or what was made of it. */
export type Form = 'ESM' | 'CommonJS' | 'bundled ESM' | 'bundled CommonJS'

/** A folder in which narthex is installed, and a Node to run programs in it. */
export interface Place {
  readonly folder: string
  readonly node: string
}

/** What a program is run with, beside `--import narthex/register`. */
export interface RunOptions {
  readonly form?: Form
  /** What the file of the program is called, without its extension. */
  readonly name?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Given to Node; by default those that attach. */
  readonly nodeOptions?: readonly string[]
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

/** A program that serves, and is served on a port of its own. */
export interface AttachedProgram {
  /** Of the server whose port the program prints. */
  readonly url: string
  /** Where its metrics are. */
  readonly metricsUrl: string
  /** The samples of the metrics whose names begin so, as lines. */
  scrape(name: string): Promise<string[]>
  /** Asks it to stop listening, and gives how it ended. */
  end(): Promise<Ended>
  kill(signal: NodeJS.Signals): Promise<Ended>
  errors(): string
}

/** Lets programs of this folder load these packages, of the project or of another tree. */
export function linkPackages(folder: string, packages: readonly string[], from: string = modules): void {
  for (const name of packages) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(from, name), link, 'junction')
  }
}

/** Runs a program to its end. */
export async function run(place: Place, source: string, options: RunOptions = {}): Promise<Ended> {
  return await start(place, source, options).ended
}

/**
 * Starts a program that says `listen(server)`, which prints the port of the server and closes it when it is asked to
 * end. Programs load their modules by `load('express')`, which is an import or a `require()`.
 */
export async function attach(place: Place, source: string, options: RunOptions = {}): Promise<AttachedProgram> {
  const program = start(place, withListen(source), {
    ...options,
    environment: { NARTHEX_PORT: '0', ...options.environment },
  })
  const found = async (stream: 'output' | 'errors', pattern: RegExp): Promise<string> =>
    await vi.waitFor(() => {
      const [, match] = pattern.exec(program[stream]()) ?? []
      if (match === undefined) throw new Error(`no ${pattern}:\n${program.output()}\n${program.errors()}`)
      return match
    }, 10_000)
  const port = await found('output', /^port (\d+)$/m)
  const metricsUrl = await found('errors', /served on (https?:\S+)$/m)
  return {
    url: `http://127.0.0.1:${port}`,
    metricsUrl,
    async scrape(name) {
      const text = await (await fetch(metricsUrl)).text()
      return text.split('\n').filter((line) => line.startsWith(name))
    },
    async end() {
      program.child.stdin.end()
      return await program.ended
    },
    async kill(signal) {
      program.child.kill(signal)
      return await program.ended
    },
    errors: program.errors,
  }
}

let programs = 0

function start({ folder, node }: Place, source: string, options: RunOptions) {
  const {
    form = 'ESM',
    name = `program-${++programs}`,
    environment = {},
    nodeOptions = ['--import', 'narthex/register'],
  } = options
  const commonJs = form.endsWith('CommonJS')
  let file = join(folder, `${name}.${commonJs ? 'cjs' : 'mjs'}`)
  writeFileSync(file, withLoad(source, commonJs))
  if (form.startsWith('bundled')) file = bundled(file, commonJs)
  const child = spawn(node, [...nodeOptions, file], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: 'pipe',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (output += String(text)))
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += String(text)))
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, output, errors }))
  return { child, ended, output: () => output, errors: () => errors }
}

function withListen(source: string): string {
  return `${source}
    function listen(server) {
      server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))
      process.stdin.resume().on('end', () => {
        server.close()
        server.closeAllConnections?.()
      })
    }`
}

/** `const x = load('y')` as the language has it. */
function withLoad(source: string, commonJs: boolean): string {
  return source.replaceAll(/const (.+) = load\('(.+)'\)/g, (_, names: string, module: string) => {
    if (commonJs) return `const ${names} = require('${module}')`
    return `import ${names.replaceAll(':', ' as')} from '${module}'`
  })
}

function bundled(file: string, commonJs: boolean): string {
  const outfile = file.replace(/\.(.js)$/, '.bundle.$1')
  buildSync({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: commonJs ? 'cjs' : 'esm',
    logLevel: 'error',
    // What CommonJS packages in a bundle of modules want.
    ...(!commonJs && {
      banner: { js: "import{createRequire as c}from'node:module';const require=c(import.meta.url);" },
    }),
  })
  return outfile
}
