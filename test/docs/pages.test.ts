import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { layers } from '../layers/table.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = filesIn('src', 'test').filter((file) => file.endsWith('.ts'))
const pages = [...readdirSync(root), ...filesIn('docs')].filter((file) => file.endsWith('.md'))

describe.each(pages)('%s', (page) => {
  test('links to what is there', () => {
    const broken = linksOf(read(page)).filter((link) => {
      const [path, anchor] = link.split('#')
      const target = path ? join(dirname(page), path) : page
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    expect(broken).toEqual([])
  })
})

test('README.md has every subpath of the package in its table, and no other', () => {
  const { name, exports } = JSON.parse(read('package.json')) as { name: string; exports: object }
  const subpaths = Object.keys(exports).filter((subpath) => !subpath.endsWith('.json'))
  const rows = [...read('README.md').matchAll(/^\| `(narthex[/a-z0-9-]*)` \|/gm)].map((row) => row[1]!)
  expect(rows.toSorted()).toEqual(subpaths.map((subpath) => name + subpath.slice(1)).toSorted())
})

test('docs/guides/http.md has every option that all adapters take in its table, and no other', () => {
  const options = /interface MetricsOptions.*?^}/ms.exec(read('src/http/metrics-options.ts'))![0]
  const names = [...options.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name!)
  const [, table = ''] = /^## Options\n(.*?)^\*\*/ms.exec(read('docs/guides/http.md'))!
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!)
  expect(rows.toSorted()).toEqual(names.toSorted())
})

test('ARCHITECTURE.md has the layers that the imports are held against', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `([^`]+)` \| (.+) \| (yes|no) \|$/gm)]
  const inWords = rows.map(([, layer, imports = '', node]) => [
    layer,
    {
      imports: quoted(imports).filter((name) => !name.startsWith('@')),
      ...(imports.includes('the package') && { packages: quoted(imports).filter((name) => name.startsWith('@')) }),
      ...(imports.includes('everybody may import it') && { everybodys: true }),
      ...(node === 'yes' && { node: true }),
    },
  ])
  expect(inWords).toEqual(Object.entries(layers))
})

test('ARCHITECTURE.md names no file that is not there, but for those that it says are to come', () => {
  const toCome = Object.keys(layers).filter((layer) => !existsSync(join(root, 'src', layer)))
  const named = [...read('ARCHITECTURE.md').matchAll(/`([^`\s*]+\.ts)`/g)].map((name) => name[1]!)
  const missing = named.filter(
    (name) => !toCome.includes(name) && !sources.some((file) => `/${file}`.endsWith(`/${name}`)),
  )
  expect(missing).toEqual([])
})

describe('docs/conformance.md', () => {
  const rows = [...read('docs/conformance.md').matchAll(/^\| ([A-Z]+\d+) \|.*\| ([^|]+) \|$/gm)]
  const rules = rows.map(([, rule]) => rule!)

  test('has every rule that comments and tests name, in order', () => {
    const named = new Set(
      sources.filter((file) => basename(file) !== 'table.ts').flatMap((file) => rulesIn(read(file))),
    )
    expect([...named].filter((rule) => !rules.includes(rule))).toEqual([])
    expect(rules).toEqual(rules.toSorted(new Intl.Collator('en', { numeric: true }).compare))
  })

  test('calls done what a test in test/conformance is named with', () => {
    const tests = sources.filter((file) => file.startsWith('test/conformance/') && file.endsWith('.test.ts'))
    const tested = new Set(tests.flatMap((file) => rulesInTitles(read(file))))
    const done = rows.filter(([, , state]) => state!.startsWith('done')).map(([, rule]) => rule!)
    expect(done.filter((rule) => !tested.has(rule))).toEqual([])
  })
})

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((name) => name[1]!)
}

/** `conformance T5`, `conformance T1–T9`, `(H8, P8)`, `'T1: …'`. */
function rulesIn(text: string): string[] {
  return [
    ...text.matchAll(/(?:conformance |\(|'(?=[A-Z]+\d+: ))((?:B|CL|H|N|O|P|T|U)\d+(?:(?:, |–)[A-Z]+\d+)*)/g),
  ].flatMap(([, codes = '']) => {
    const [first = '', last] = codes.split('–')
    if (last === undefined) return codes.split(', ')
    const [kind, from, to] = [first.replace(/\d+/, ''), Number(/\d+/.exec(first)), Number(/\d+/.exec(last))]
    return Array.from({ length: to - from + 1 }, (_, i) => `${kind}${from + i}`)
  })
}

/** `'T5: …'`, `'U1, U7: …'`. */
function rulesInTitles(text: string): string[] {
  return [...text.matchAll(/'((?:B|CL|H|N|O|P|T|U)\d+(?:, [A-Z]+\d+)*): /g)].flatMap(([, rules = '']) =>
    rules.split(', '),
  )
}

function linksOf(markdown: string): string[] {
  const text = markdown.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((link) => link[1]!).filter((link) => !/^[a-z]+:/.test(link))
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file).replaceAll('\\', '/'),
    ),
  )
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
