import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type InstalledPackage, installPacked } from '../package/packed.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'

/** Each `@ts-expect-error` is an error, too, if there is nothing to expect. */
const program = `
  import { counter, gauge, histogram, stateSet, summary } from 'narthex'
  import type { Counter, Gauge, Histogram, StateSet, Summary } from 'narthex'

  const requests = counter({ name: 'requests', help: 'Requests.', labelNames: ['method', 'endpoint'] })
  requests.inc({ method: 'GET', endpoint: '/' })
  requests.labels('GET', '/').inc(2)
  // @ts-expect-error a label is called otherwise
  requests.inc({ method: 'GET', endpont: '/' })
  // @ts-expect-error a label is missing
  requests.labels('GET')

  const size = gauge({ name: 'size', help: 'Size.', labelNames: ['a'], collect: () => [[{ a: 'x' }, 1]] })
  const slow = histogram({ name: 'slow', help: 'Slow.', labelNames: ['a'] })
  const batch = summary({ name: 'batch', help: 'Batch.', labelNames: ['a'] })
  const phase = stateSet({ name: 'phase', help: 'Phase.', labelNames: ['a'], states: ['on', 'off'] })
  // @ts-expect-error there is no such state
  phase.set({ a: 'x' }, 'of')

  export const any: [Counter, Gauge, Histogram, Summary, StateSet] = [requests, size, slow, batch, phase]
  export const written: [Counter<['method', 'endpoint']>, Gauge<['a']>, Histogram<['a']>, Summary<['a']>] =
    [requests, size, slow, batch]
  export const constant: [Counter<readonly ['method', 'endpoint']>, StateSet<'on' | 'off', readonly ['a']>] =
    [requests, phase]
  // @ts-expect-error it has two labels
  export const wrong: Counter<['method']> = requests\n`

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  for (const types of ['@types/node', 'undici-types']) {
    cpSync(join(root, 'node_modules', types), join(installed.folder, 'node_modules', types), { recursive: true })
  }
})

afterAll(() => {
  installed.remove()
})

const nodenext = ['--module', 'nodenext']
const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler']

// From CommonJS TypeScript lets an ES module be required from 5.8 on.
describe.each<{ version: string; part: RealPart; ways: readonly { file: string; modules: readonly string[] }[] }>([
  {
    version: '5.2',
    part: 'typescript52',
    ways: [
      { file: 'program.mts', modules: nodenext },
      { file: 'program.ts', modules: bundler },
    ],
  },
  {
    version: '5.9',
    part: 'typescript59',
    ways: [
      { file: 'program.mts', modules: nodenext },
      { file: 'program.cts', modules: nodenext },
      { file: 'program.ts', modules: bundler },
    ],
  },
])('TypeScript $version', ({ part, ways }) => {
  // Skipped where it could not be installed; the script says so.
  test.skipIf(isMissing(part)).each(ways)(
    'reads the types of every subpath, and infers label names: $file with $modules',
    ({ file, modules }) => {
      const imports = installed.subpaths.map((subpath) => `import '${subpath}'\n`).join('')
      expect(compile(part, file, imports + program, modules)).toBe('')
    },
  )
})

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the compiler says, empty if nothing; it checks the package's own declarations as well. */
function compile(part: RealPart, file: string, source: string, modules: readonly string[]): string {
  writeFileSync(join(installed.folder, file), source)
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--types', 'node']
  return spawnSync(process.execPath, [pathOf(part), ...options, ...modules, file], {
    cwd: installed.folder,
    encoding: 'utf8',
  }).stdout
}
