import process from 'node:process'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { versionInfo, versionLabels } from './version-info.ts'

test('the version is told whole and in parts', async () => {
  const [major, minor, patch] = process.versions.node.split('.')
  expect(await scrape(versionInfo({ prefix: '' })!)).toEqual({
    [`nodejs_version_info{version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"}`]: 1,
  })
})

test('a version before its release keeps its name', () => {
  expect(versionLabels('v27.0.0-nightly20261101ab12cd34ef')).toEqual({
    version: 'v27.0.0-nightly20261101ab12cd34ef',
    major: '27',
    minor: '0',
    patch: '0',
  })
})

test('what does not look like a version is left out', () => {
  expect(versionLabels('')).toBeUndefined()
  expect(versionLabels('latest')).toBeUndefined()
})
