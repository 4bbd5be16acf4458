import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Locked {
  readonly version: string
  readonly resolved?: string
  readonly integrity?: string
  readonly optionalDependencies?: Record<string, string>
}

interface Project {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}

/** The project, and what is tested beside it in trees of their own. */
const folders = ['.', 'test/nest/11', 'test/nest/12', 'test/next']

describe.each(folders)('the lock file of %s', (folder) => {
  const { '': project, ...packages } = (
    JSON.parse(readFileSync(new URL(`../${folder}/package-lock.json`, import.meta.url), 'utf8')) as {
      packages: Record<string, Locked> & { '': Project }
    }
  ).packages
  const locked = Object.entries(packages)

  test('pins every package by its hash', () => {
    expect(locked.length).toBeGreaterThan(20)
    expect(locked.filter(([, { integrity }]) => !integrity)).toEqual([])
  })

  test('names no host: any registry will do', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  test('holds the builds of every tool for every platform, or `npm ci` would refuse it', () => {
    const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    )
    expect(missing).toEqual([])
  })

  test('pins what is asked for to exact versions', () => {
    const exact = /^(npm:(@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+$/
    const asked = Object.entries({ ...project.dependencies, ...project.devDependencies })
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter(([, version]) => !exact.test(version))).toEqual([])
  })
})
