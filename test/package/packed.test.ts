import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type InstalledPackage, importedBy, installPacked, nodesToTry, requiredBy, versionOf } from './packed.ts'

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
})

afterAll(() => {
  installed.remove()
})

describe('the tarball', () => {
  test('holds the compiled code with its types, and the papers', () => {
    const expected = ['dist/index.js', 'dist/index.d.ts', 'LICENSE', 'README.md', 'CHANGELOG.md']
    expect(expected.filter((file) => !installed.files.includes(file))).toEqual([])
  })

  test('holds nothing else: no tests, no sources, no configuration', () => {
    const compiled = /^dist\/.*(?<!\.test)\.(js|d\.ts)$/
    const papers = ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']
    expect(installed.files.filter((file) => !compiled.test(file) && !papers.includes(file))).toEqual([])
  })
})

describe.each(nodesToTry().map((node) => ({ node, version: versionOf(node) })))('on Node $version', ({ node }) => {
  test('every subpath loads through import, and exports something', () => {
    const imported = importedBy(node, installed)
    expect(Object.keys(imported)).toEqual(installed.subpaths)
    expect(Object.entries(imported).filter(([, types]) => Object.keys(types).length === 0)).toEqual([])
  })

  test('every subpath loads through require(), and exports the same', () => {
    expect(requiredBy(node, installed)).toEqual(importedBy(node, installed))
  })
})

describe('a TypeScript user', () => {
  test.each(['every.mts', 'every.cts'])('finds the types of every subpath from %s', (file) => {
    expect(typeCheck(file, importing(installed.subpaths), withNode)).toBe('')
  })

  test('needs no types of Node for the core: those of a browser do', () => {
    expect(typeCheck('core.mts', importing(['narthex', 'narthex/exposition']), withBrowser)).toBe('')
  })

  test('is told of a wrong label, so the types that are found are the real ones', () => {
    const declaration = `
      import { counter } from 'narthex'
      const requests = counter({ name: 'requests', help: 'Requests.', labelNames: ['endpoint'] })
      requests.inc({ endpoint: '/' })\n`
    expect(typeCheck('right.mts', declaration, withNode)).toBe('')
    expect(typeCheck('wrong.mts', `${declaration}requests.inc({ endpont: '/' })\n`, withNode)).toMatch(
      /wrong\.mts.*endpont/s,
    )
  })
})

const root = fileURLToPath(new URL('../..', import.meta.url))
const withNode = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node', '--lib', 'es2023']
const withBrowser = ['--types', '', '--lib', 'es2023,esnext.disposable,dom']

function importing(subpaths: readonly string[]): string {
  const imports = subpaths.map((subpath, i) => `import * as module${i} from '${subpath}'\n`)
  return `${imports.join('')}export const modules: object[] = [${subpaths.map((_, i) => `module${i}`).join(', ')}]\n`
}

/**
 * What the compiler says of a file of the user's, empty if nothing; it checks the package's own declarations as well.
 */
function typeCheck(file: string, source: string, options: readonly string[]): string {
  writeFileSync(join(installed.folder, file), source)
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const always = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
  return spawnSync(process.execPath, [tsc, ...always, ...options, file], { cwd: installed.folder, encoding: 'utf8' })
    .stdout
}
