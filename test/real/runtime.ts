import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { InstalledPackage } from '../package/packed.ts'
import { accepts, startChild, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'

/** A JavaScript runtime that can serve test/real/runtimes. */
export interface Runtime {
  readonly name: string
  /** The Node that runs the tests is always there. */
  readonly part?: RealPart
  readonly platform: 'node' | 'bun' | 'deno' | 'workerd'
  /** What of workerd's behaviour there is; Node's modules are there from 2026-08-04 on. */
  readonly compatibilityDate?: string
}

export const runtimes: readonly Runtime[] = [
  { name: `Node ${process.versions.node.split('.')[0]}`, platform: 'node' },
  { name: 'Node 22', part: 'node22', platform: 'node' },
  { name: 'Node 24', part: 'node24', platform: 'node' },
  { name: 'Node 26', part: 'node26', platform: 'node' },
  { name: 'Bun', part: 'bun', platform: 'bun' },
  { name: 'Deno', part: 'deno', platform: 'deno' },
  { name: 'workerd', part: 'workerd', platform: 'workerd', compatibilityDate: '2026-11-17' },
  { name: 'workerd without Node', part: 'workerd', platform: 'workerd', compatibilityDate: '2026-01-01' },
]

export function isRuntimeMissing({ part }: Runtime): boolean {
  return part !== undefined && isMissing(part)
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Puts the service beside the packed package, and Hono within its reach. */
export function installService({ folder }: InstalledPackage): void {
  cpSync(join(root, 'test', 'real', 'runtimes'), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules', '@hono'))
  for (const name of ['hono', '@hono/node-server']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
}

/** A service in a process of the runtime. */
export interface RuntimeService extends Child {
  readonly port: number
  readonly url: string
}

/** @param service the module of it, without its ending: it exports its `handler` */
export async function startService(
  runtime: Runtime,
  service: string,
  installed: InstalledPackage,
): Promise<RuntimeService> {
  const port = await freePort()
  const binary = runtime.part === undefined ? process.execPath : pathOf(runtime.part)
  const args = await argumentsOf(runtime, service, installed, port)
  const env = { SERVICE: service, PORT: String(port), DENO_NO_UPDATE_CHECK: '1' }
  const ready = async (): Promise<boolean> => await accepts(port)
  const child = await startChild({ command: binary, args, cwd: installed.folder, env, ready })
  return { ...child, port, url: `http://127.0.0.1:${port}` }
}

/** examples/fetch, by the command that its first line names. */
export async function startExample(platform: 'bun' | 'deno', installed: InstalledPackage): Promise<RuntimeService> {
  const port = await freePort()
  cpSync(join(root, 'examples', 'fetch', 'app.ts'), join(installed.folder, 'app.ts'))
  const args =
    platform === 'bun'
      ? ['app.ts']
      : ['serve', '--allow-all', '--no-lock', '--no-check', '--host=127.0.0.1', `--port=${port}`, 'app.ts']
  const env = { PORT: String(port), DENO_NO_UPDATE_CHECK: '1' }
  const ready = async (): Promise<boolean> => await accepts(port)
  const child = await startChild({ command: pathOf(platform), args, cwd: installed.folder, env, ready })
  return { ...child, port, url: `http://127.0.0.1:${port}` }
}

async function argumentsOf(
  { platform, compatibilityDate }: Runtime,
  service: string,
  installed: InstalledPackage,
  port: number,
): Promise<string[]> {
  if (platform === 'node' || platform === 'bun') return [`on-${platform}.mjs`]
  if (platform === 'deno') return ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'on-deno.mjs']
  const name = `${service}-${compatibilityDate}`
  await bundle(join(installed.folder, `${service}.mjs`), join(installed.folder, `${name}.js`))
  const config = join(installed.folder, `${name}.capnp`)
  writeFileSync(config, workerdConfig(`${name}.js`, compatibilityDate!, port))
  return ['serve', config]
}

/** One module, as tools for Workers make it. It finds no module of Node. */
async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents: `export { handler } from ${JSON.stringify(entry)}`, resolveDir: root },
    footer: { js: 'export default { fetch: handler }' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker'],
    nodePaths: [join(root, 'node_modules')],
  })
}

function workerdConfig(module: string, compatibilityDate: string, port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = embed "${module}")],
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = ["enable_request_signal"],
);
`
}
