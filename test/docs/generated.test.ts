import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorsPage } from '../../scripts/docs-errors.mjs'
import { metricsPage, processTopics } from '../../scripts/docs-metrics.mjs'

// Out of date? `npm run docs` writes both pages anew.

test('docs/errors.md has every code, with the message that a wrong program gets', () => {
  expect(read('docs/errors.md')).toBe(errorsPage())
})

// Elsewhere some of the metrics are not there.
test.runIf(process.platform === 'linux')('docs/metrics.md lists every metric that narthex registers', async () => {
  expect(read('docs/metrics.md')).toBe(await metricsPage())
})

test('the guide to process metrics has every topic, with its metrics', () => {
  const guide = read('docs/guides/process-metrics.md')
  for (const { topic, descriptors } of processTopics()) {
    expect(guide).toContain(`| \`${topic}\` |`)
    for (const { name } of descriptors) expect(guide).toMatch(new RegExp(`\`${name}(\\{[a-z,]+\\})?\``))
  }
})

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}
