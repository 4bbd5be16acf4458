import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly version: string
  readonly resolved?: string
  readonly integrity?: string
  readonly optionalDependencies?: Record<string, string>
}

const { '': project, ...packages } = (
  JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, Locked> & { '': { devDependencies: Record<string, string> } }
  }
).packages
const locked = Object.entries(packages)

test('the lock file pins every package by its hash', () => {
  expect(locked.length).toBeGreaterThan(100)
  expect(locked.filter(([, { integrity }]) => !integrity)).toEqual([])
})

test('the lock file names no host: any registry will do', () => {
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

test('the lock file holds the builds of every tool for every platform, or `npm ci` would refuse it', () => {
  const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  )
  expect(missing).toEqual([])
})

test('development dependencies are pinned to exact versions', () => {
  const exact = /^(npm:(@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+$/
  expect(Object.entries(project.devDependencies).filter(([, version]) => !exact.test(version))).toEqual([])
})
