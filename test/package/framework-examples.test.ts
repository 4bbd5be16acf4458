import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { expectExample } from '../example-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'examples')
/** A framework each. `app` is the example service, which has tests of its own. */
const frameworks = readdirSync(folder).filter((name) => name !== 'app' && existsSync(join(folder, name, 'server.ts')))

test('there is an example for every framework that is at hand', () => {
  expect(frameworks).toEqual(expect.arrayContaining(['express', 'fastify', 'koa', 'node-http']))
})

describe.each(frameworks)('examples/%s', (name) => {
  test('is short', () => {
    expect(
      readFileSync(join(folder, name, 'server.ts'), 'utf8')
        .trimEnd()
        .split('\n').length,
    ).toBeLessThanOrEqual(40)
  })

  test('starts, greets, shows its metrics, and ends when it is told to', async () => {
    await expectExample([join(root, 'dist-examples', name, 'server.js')])
  })
})
