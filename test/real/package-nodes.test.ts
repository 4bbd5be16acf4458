import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type InstalledPackage, importedBy, installPacked, requiredBy, versionOf } from '../package/packed.ts'
import { checkMetrics } from './promtool.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'

/** The Node that runs this, and the other supported ones. */
const nodes: readonly { major: string; part?: RealPart }[] = [
  { major: process.versions.node.split('.')[0]! },
  { major: '22', part: 'node22' },
  { major: '24', part: 'node24' },
  { major: '26', part: 'node26' },
]

/** What a user's first program does: count, and answer a scrape. It prints what the scrape gave. */
const program = `
  const { createServer } = require('node:http')
  const { counter } = require('narthex')
  const { metrics } = require('narthex/node')

  counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'] }).inc({ queue: 'mail' }, 3)
  const answer = metrics()
  const server = createServer((req, res) => answer(req, res, () => res.end('ok')))
  server.listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port
    await (await fetch(url + '/anything')).text()
    process.stdout.write(await (await fetch(url + '/metrics')).text())
    // Nothing is stopped but the server: whatever narthex started must not keep the process alive.
    server.close()
    server.closeAllConnections()
  })`

/** Scrapes in every coding, with a change between them, and says in which it got the same as plain. */
const compressing = `
  const zlib = require('node:zlib')
  const { counter, Registry } = require('narthex')
  const { scrapeHandler } = require('narthex/http')

  const registry = new Registry()
  const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  const bodyOf = async (encoding) => {
    const header = (name) => (name === 'accept-encoding' ? encoding : undefined)
    const { headers, body } = await scrapes.answer({ method: 'GET', url: '/metrics', header })
    const bytes = Buffer.concat(body)
    if (headers['Content-Length'] !== String(bytes.length)) throw new Error('not its length')
    switch (headers['Content-Encoding']) {
      case 'gzip': return ['gzip', zlib.gunzipSync(bytes)]
      case 'zstd': return ['zstd', zlib.zstdDecompressSync(bytes)]
      default: return ['identity', bytes]
    }
  }
  const main = async () => {
    for (let i = 0; i < 30_000; i++) cakes.inc({ kind: 'number ' + i }, Math.random())
    for (let round = 0; round < 3; round++) {
      cakes.inc({ kind: 'number ' + 10_000 * round })
      const [, plain] = await bodyOf('identity')
      const codings = []
      for (const encoding of ['gzip', 'zstd, gzip;q=0.5']) {
        const [coding, body] = await bodyOf(encoding)
        codings.push(coding + (body.equals(plain) ? '' : ' DIFFERS'))
      }
      console.log(codings.join(' '))
    }
  }
  main()`

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  writeFileSync(join(installed.folder, 'program.cjs'), program)
  writeFileSync(join(installed.folder, 'compressing.cjs'), compressing)
})

afterAll(() => {
  installed.remove()
})

describe.each(nodes)('the packed package on Node $major', ({ major, part }) => {
  const skipped = part !== undefined && isMissing(part)
  const binary = part === undefined || skipped ? process.execPath : pathOf(part)

  test.skipIf(skipped)('runs on the Node that it says', () => {
    expect(versionOf(binary)).toMatch(new RegExp(`^v${major}\\.`))
  })

  test.skipIf(skipped)('every subpath loads through import and through require(), and exports the same', () => {
    const imported = importedBy(binary, installed)
    expect(Object.keys(imported)).toEqual(installed.subpaths)
    expect(Object.values(imported).map((types) => Object.keys(types).length)).not.toContain(0)
    expect(requiredBy(binary, installed)).toEqual(imported)
  })

  test.skipIf(skipped)('a program counts, is scraped, and ends by itself', () => {
    const text = execFileSync(binary, ['program.cjs'], { cwd: installed.folder, encoding: 'utf8', timeout: 20_000 })
    expect(text).toContain('# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total{queue="mail"} 3\n')
    expect(text).toContain(`nodejs_version_info{version="${versionOf(binary)}"`)
    expect(text).toMatch(/^process_cpu_seconds_total \d/m)
  })

  test.skipIf(skipped)('a scrape is compressed with gzip, and with zstd where there is that', () => {
    const text = execFileSync(binary, ['compressing.cjs'], { cwd: installed.folder, encoding: 'utf8', timeout: 20_000 })
    expect(text).toBe((Number(major) < 22 ? 'gzip gzip\n' : 'gzip zstd\n').repeat(3))
  })

  test.skipIf(skipped || isMissing('promtool'))('promtool finds nothing to say about what it is scraped', () => {
    const text = execFileSync(binary, ['program.cjs'], { cwd: installed.folder, encoding: 'utf8', timeout: 20_000 })
    expect(checkMetrics(text)).toEqual({ code: 0, findings: [] })
  })
})
