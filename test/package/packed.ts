import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package as a user has it: packed, and installed into an empty folder outside the project. */
export interface InstalledPackage {
  /** The user's folder: what runs with it as its working directory finds the package by its name. */
  readonly folder: string
  /** What was published, relative to the package, with `/` on every platform. */
  readonly files: readonly string[]
  /** The modules of `exports`, by the names a user imports: `narthex`, `narthex/http`, … */
  readonly subpaths: readonly string[]
  remove(): void
}

/** What a module exports: the type of each thing by its name. */
export type ExportedTypes = Readonly<Record<string, string>>

/** Packs what lies in dist/: build first. */
export function installPacked(): InstalledPackage {
  const folder = mkdtempSync(join(tmpdir(), 'narthex-packed-'))
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder)
  const [tarball] = readdirSync(folder)
  if (!tarball) throw new Error('npm pack left no tarball')

  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  npm(folder, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`)

  // The optional peers, which npm does not install by itself.
  for (const peer of ['@opentelemetry/api']) {
    cpSync(join(root, 'node_modules', peer), join(folder, 'node_modules', peer), { recursive: true })
  }

  const installed = join(folder, 'node_modules', 'narthex')
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { exports: object }
  return {
    folder,
    files: readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(installed.length + 1)
          .replaceAll('\\', '/'),
      ),
    subpaths: Object.keys(exports)
      .filter((subpath) => !subpath.endsWith('.json'))
      .map((subpath) => `narthex${subpath.slice(1)}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Each subpath through `import`, in one fresh process of that Node. */
export function importedBy(node: string, { folder, subpaths }: InstalledPackage): Record<string, ExportedTypes> {
  return evaluated(node, folder, 'module', subpaths, `await import(subpath)`)
}

/** Each subpath through `require()`, in one fresh process of that Node. */
export function requiredBy(node: string, { folder, subpaths }: InstalledPackage): Record<string, ExportedTypes> {
  return evaluated(node, folder, 'commonjs', subpaths, `require(subpath)`)
}

/** The binaries of NARTHEX_NODES, separated like PATH; without it, the Node that runs this. */
export function nodesToTry(): string[] {
  return process.env['NARTHEX_NODES']?.split(delimiter) ?? [process.execPath]
}

export function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
}

function evaluated(
  node: string,
  folder: string,
  language: 'module' | 'commonjs',
  subpaths: readonly string[],
  load: string,
): Record<string, ExportedTypes> {
  const code = `
    const loaded = {}
    for (const subpath of ${JSON.stringify(subpaths)}) {
      const types = Object.entries(${load}).map(([name, value]) => [name, typeof value])
      loaded[subpath] = Object.fromEntries(types.filter(([name]) => name !== 'default' && name !== '__esModule'))
    }
    console.log(JSON.stringify(loaded))`
  const printed = execFileSync(node, [`--input-type=${language}`, '--eval', code], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(printed) as Record<string, ExportedTypes>
}

function npm(folder: string, ...args: string[]): void {
  execFileSync('npm', [...args, '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}
