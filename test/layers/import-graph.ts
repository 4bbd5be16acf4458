import { readFileSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { moduleSpecifiers } from '../../scripts/module-specifiers.mjs'

/** What each file imports: source files by their path relative to the source folder, all else by its specifier. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** Of a module that is named by an expression, and so cannot be held against anything. */
export const COMPUTED = '(computed)'

/** @param sources text by path relative to the source folder, with `/` on every platform */
export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  const graph = new Map<string, string[]>()
  for (const [path, text] of sources) {
    const specifiers = moduleSpecifiers(path, text).map(({ value }) => value ?? COMPUTED)
    graph.set(path, [...new Set(specifiers.map((specifier) => resolve(path, specifier)))])
  }
  return graph
}

/** The sources under a folder, without the tests that sit beside them. */
export function readSources(folder: string): Map<string, string> {
  const sources = new Map<string, string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    sources.set(file.replaceAll('\\', '/'), readFileSync(`${folder}/${file}`, 'utf8'))
  }
  return sources
}

function resolve(importer: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : specifier
}
