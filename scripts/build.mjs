#!/usr/bin/env node
/**
 * Builds dist/, what is published: `npm run build`.
 *
 * Removes the old dist/, compiles src/ without its tests, and then rewrites the `.ts` specifiers in the declarations
 * to `.js`: the compiler does so in the JavaScript it emits, but not in the declarations.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
