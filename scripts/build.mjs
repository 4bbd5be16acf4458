#!/usr/bin/env node
/**
 * Builds dist/, what is published: `npm run build`.
 *
 * Removes the old dist/, compiles src/ without its tests, rewrites the `.ts` specifiers in the declarations to `.js`
 * (the compiler does so in the JavaScript it emits, but not in the declarations), and puts the JavaScript into one file
 * per subpath and a few that they share: each file that a program loads takes its time at every start.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { moduleSpecifiers } from './module-specifiers.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue
  const path = join(dist, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, withJavaScriptSpecifiers(path, text))
}

/** @type {import('esbuild').BuildOptions & { write: false }} */
const OPTIONS = {
  outdir: dist,
  outbase: dist,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  external: ['node:*', '@opentelemetry/api'],
  write: false,
}

await bundle()

/** Replaces the compiled files by bundles. What two subpaths share stays one module, so there is one of every class. */
async function bundle() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const compiled = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
  const start = exports['./register']
  const entryPoints = Object.values(exports).filter((target) => target.endsWith('.js') && target !== start)
  const first = await bundleOfStart(join(root, start))
  const rest = await build({
    ...OPTIONS,
    entryPoints: [...entryPoints.map((target) => join(root, target)), ...first.importsLater],
    chunkNames: 'shared/[hash]',
    splitting: true,
    // That nothing of the core is used by such an import is known.
    logOverride: { 'ignored-bare-import': 'silent' },
    plugins: [await coreInOneFile(join(root, exports['.']))],
  })
  for (const file of compiled) rmSync(join(dist, file))
  for (const { path, contents } of [...first.outputFiles, ...rest.outputFiles]) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
}

/**
 * Lets every subpath import every module of the core. What all of them import is one file, where it would be one for
 * each set of subpaths that share something; and a file costs more than what is in it (question import-time of the
 * benchmarks). A program that is bundled drops what it does not use all the same.
 *
 * @returns {Promise<import('esbuild').Plugin>}
 */
async function coreInOneFile(index) {
  const { metafile } = await build({ ...OPTIONS, entryPoints: [index], metafile: true })
  const core = Object.keys(metafile.inputs)
    .map((file) => join(process.cwd(), file))
    .filter((file) => file !== index)
  const imports = core.map((file) => `import ${JSON.stringify(file)}`).join('\n')
  return {
    name: 'core-in-one-file',
    setup({ initialOptions, onLoad }) {
      const entryPoints = new Set(/** @type {string[]} */ (initialOptions.entryPoints))
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!entryPoints.has(path) || path === index) return undefined
        return { contents: `${readFileSync(path, 'utf8')}\n${imports}\n` }
      })
    },
  }
}

/**
 * What is loaded at the start of every program is one file. What it imports later is not in it, and bundled with the
 * rest; so what both need is there twice, and must keep no state but what `Symbol.for` names.
 */
async function bundleOfStart(entryPoint) {
  const importsLater = new Set()
  const importLater = {
    name: 'import-later',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined
        const target = join(resolveDir, path)
        importsLater.add(target)
        const specifier = relative(dirname(entryPoint), target).replaceAll('\\', '/')
        return { path: specifier.startsWith('.') ? specifier : `./${specifier}`, external: true }
      })
    },
  }
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [entryPoint], plugins: [importLater] })
  return { outputFiles, importsLater }
}

function withJavaScriptSpecifiers(path, text) {
  let rewritten = ''
  let copied = 0
  for (const { value, start, end } of moduleSpecifiers(path, text)) {
    if (!value?.startsWith('.') || !value.endsWith('.ts')) continue
    rewritten += `${text.slice(copied, start)}'${value.slice(0, -'.ts'.length)}.js'`
    copied = end
  }
  return rewritten + text.slice(copied)
}
