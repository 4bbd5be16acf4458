import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importGraph, readSources } from './layers/import-graph.ts'
import { layers } from './layers/table.ts'
import { importCycles, layerViolations } from './layers/violations.ts'

describe('the sources', () => {
  const graph = importGraph(readSources(fileURLToPath(new URL('../src', import.meta.url))))

  test('are read, with their imports', () => {
    expect(graph.get('index.ts')).toContain('errors.ts')
    expect([...graph.keys()].filter((file) => file.endsWith('.test.ts'))).toEqual([])
  })

  test('import only what the table of layers allows', () => {
    expect(layerViolations(graph, layers)).toEqual([])
  })

  test.each(['index.ts', 'adapters/fetch.ts', 'adapters/hono.ts'])(
    'load where there is no Node, from %s on',
    (entry) => {
      const files = new Set([entry])
      for (const file of files) for (const imported of graph.get(file) ?? []) files.add(imported)
      expect(files.size).toBeGreaterThan(10)
      expect([...files].filter((file) => file.startsWith('node:') || file.startsWith('process/'))).toEqual([])
    },
  )

  test('import one another in no circle', () => {
    expect(importCycles(graph)).toEqual([])
  })
})

describe('the check of the layers', () => {
  test('names the file, what it imports and the rule', () => {
    expect(violationsOf({ 'exposition/format.ts': `import { Registry } from '../registry/registry.ts'` })).toEqual([
      'exposition/format.ts imports registry/registry.ts: exposition may import model',
    ])
    expect(violationsOf({ 'model/names.ts': `import { x } from '../metrics/counter.ts'` })).toEqual([
      'model/names.ts imports metrics/counter.ts: model may import no other folder',
    ])
  })

  test.each([
    ['a type import', `import type { Registry } from '../registry/registry.ts'`],
    ['a re-export', `export { Registry } from '../registry/registry.ts'`],
    ['a re-export of everything', `export * from '../registry/registry.ts'`],
    ['an import for its effect', `import '../registry/registry.ts'`],
    ['a dynamic import', `const later = () => import('../registry/registry.ts')`],
    ['an import in a type', `export type R = import('../registry/registry.ts').Registry`],
  ])('sees %s', (_, source) => {
    expect(violationsOf({ 'exposition/format.ts': source })).toHaveLength(1)
  })

  test('is not deceived by comments and strings', () => {
    const source = `// import { Registry } from '../registry/registry.ts'\nexport const text = "import('../registry/registry.ts')"`
    expect(violationsOf({ 'exposition/format.ts': source })).toEqual([])
  })

  test('allows what the table allows, a layer itself and the errors', () => {
    const source = `
      import { MetricError } from '../errors.ts'
      import type { MetricFamily } from '../model/metric-family.ts'
      import { escape } from './escape.ts'`
    expect(violationsOf({ 'exposition/format.ts': source })).toEqual([])
  })

  test('allows node: modules only in the files that the table names', () => {
    const source = `import { gzip } from 'node:zlib'`
    expect(violationsOf({ 'aggregate/threads.ts': source, 'process/memory.ts': source })).toEqual([])
    expect(violationsOf({ 'http/scrape-handler.ts': source, 'metrics/counter.ts': source })).toEqual([
      'http/scrape-handler.ts imports node:zlib: http may not use node: modules',
      'metrics/counter.ts imports node:zlib: metrics may not use node: modules',
    ])
  })

  test('lets a file with a line of its own do more than its folder, and nothing else of the folder', () => {
    const source = `import { gzip } from 'node:zlib'`
    expect(violationsOf({ 'adapters/node-http.ts': source, 'adapters/express.ts': source })).toEqual([
      'adapters/express.ts imports node:zlib: adapters may not use node: modules',
    ])
  })

  test('allows the public surface nothing but the core', () => {
    const source = `export { Counter } from './metrics/counter.ts'; export { scrapeHandler } from './http/scrape-handler.ts'`
    expect(violationsOf({ 'index.ts': source })).toEqual([
      'index.ts imports http/scrape-handler.ts: index.ts may import model, registry, metrics, exposition, expose.ts',
    ])
  })

  test('refuses packages, computed imports, files outside the sources and folders outside the table', () => {
    expect(
      violationsOf({
        'adapters/express.ts': `import express from 'express'`,
        'adapters/koa.ts': `export const load = (name: string) => import(name)`,
        'http/version.ts': `import json from '../../package.json.ts'`,
        'utils/text.ts': ``,
      }),
    ).toEqual([
      'adapters/express.ts imports express: the package has no dependencies',
      'adapters/koa.ts imports (computed): a computed import cannot be checked',
      'http/version.ts imports ../package.json.ts: nothing outside the source folder is published',
      'utils/text.ts is in no layer of the table',
    ])
  })

  test('finds circles of any length, once each', () => {
    expect(
      cyclesOf({
        'model/a.ts': `import './b.ts'`,
        'model/b.ts': `import type { C } from './c.ts'`,
        'model/c.ts': `import './a.ts'; import './d.ts'`,
        'model/d.ts': `import './d.ts'`,
        'model/e.ts': `import './a.ts'`,
      }),
    ).toEqual(['model/a.ts → model/b.ts → model/c.ts → model/a.ts', 'model/d.ts → model/d.ts'])
  })

  test('takes two ways to the same file for no circle', () => {
    expect(
      cyclesOf({ 'model/a.ts': `import './b.ts'; import './c.ts'`, 'model/b.ts': `import './c.ts'`, 'model/c.ts': '' }),
    ).toEqual([])
  })
})

function violationsOf(sources: Record<string, string>): string[] {
  return layerViolations(importGraph(new Map(Object.entries(sources))), layers)
}

function cyclesOf(sources: Record<string, string>): string[] {
  return importCycles(importGraph(new Map(Object.entries(sources))))
}
