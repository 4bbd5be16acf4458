import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { counter, histogram, Registry } from 'narthex'
import { scrapeHandler } from 'narthex/http'

const run = promisify(execFile)

let folder: string

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'gzip-'))))
afterEach(() => rm(folder, { recursive: true }))

/** A service of some 1,000 lines, scraped three times: the last body has new parts and ones that are kept. */
async function scrapeOf(encoding: string): Promise<Buffer> {
  const registry = new Registry()
  const requests = counter({ name: 'requests', help: 'Requests.', labelNames: ['path'], registry })
  const seconds = histogram({ name: 'slow', help: 'Slow “requests”.', labelNames: ['path'], registry })
  for (let i = 0; i < 3000; i++) requests.inc({ path: `/path/${i}` }, i)
  for (let i = 0; i < 500; i++) seconds.observe({ path: `/path/${i}` }, i / 64)
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  const ask = () =>
    scrapes.answer({
      method: 'GET',
      url: '/metrics',
      header: (name) => (name === 'accept-encoding' ? encoding : undefined),
    })
  await ask()
  requests.inc({ path: '/path/1500' })
  await ask()
  requests.inc({ path: '/path/7' }, 0.5)
  return Buffer.concat((await ask()).body)
}

test.each([
  ['gzip', 'gzip', ['-dc']],
  [
    "Python's gzip",
    '/usr/bin/python3',
    ['-c', 'import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())'],
  ],
])('%s inflates a gzipped exposition to what is served plain', async (_, command, args) => {
  const file = join(folder, 'exposition.gz')
  await writeFile(file, await scrapeOf('gzip'))
  const { stdout } = await run(command, [...args, file], { encoding: 'buffer', maxBuffer: 1 << 26 })
  expect(stdout.equals(await scrapeOf('identity'))).toBe(true)
})
