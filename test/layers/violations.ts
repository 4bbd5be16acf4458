import { COMPUTED, type ImportGraph } from './import-graph.ts'
import type { Layer, LayerTable } from './table.ts'

/** One sentence for each import that the table does not allow. */
export function layerViolations(graph: ImportGraph, table: LayerTable): string[] {
  const found: string[] = []
  for (const [file, imports] of graph) {
    for (const imported of imports) {
      const rule = brokenRule(file, imported, table)
      if (rule) found.push(`${file} imports ${imported}: ${rule}`)
    }
    if (!(keyOf(file, table) in table)) found.push(`${file} is in no layer of the table`)
  }
  return found
}

/** Each ring of imports once, as `a.ts → b.ts → a.ts`. Type imports count: they tie two files together just as well. */
export function importCycles(graph: ImportGraph): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const path: string[] = []

  const visit = (file: string): void => {
    const seenAt = path.indexOf(file)
    if (seenAt >= 0) found.push([...path.slice(seenAt), file].join(' → '))
    if (seenAt >= 0 || done.has(file)) return
    path.push(file)
    for (const imported of graph.get(file) ?? []) visit(imported)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return found
}

function brokenRule(file: string, imported: string, table: LayerTable): string | undefined {
  const key = keyOf(file, table)
  const { imports, node = false, packages = [] }: Layer = table[key] ?? { imports: [] }

  if (imported === COMPUTED) return 'a computed import cannot be checked'
  if (imported.startsWith('node:')) return node ? undefined : `${key} may not use node: modules`
  if (packages.includes(imported)) return undefined
  if (!imported.endsWith('.ts')) return 'the package has no dependencies'
  if (imported.startsWith('..')) return 'nothing outside the source folder is published'

  const target = folderOf(imported)
  if (target === folderOf(file) || table[target]?.everybodys === true || imports.includes(target)) return undefined
  return `${key} may import ${imports.join(', ') || 'no other folder'}`
}

/** A line of the table for the file alone comes before that for its folder. */
function keyOf(file: string, table: LayerTable): string {
  return file in table ? file : folderOf(file)
}

/** The first folder of a path, or the file itself where it lies in none. */
function folderOf(file: string): string {
  return file.split('/', 1).join()
}
