import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPacked, type InstalledPackage } from '../package/packed.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'

/** Runtimes other than Node that have its modules, and how they run a program. */
const runtimes: readonly { part: RealPart; args: readonly string[] }[] = [
  { part: 'bun', args: [] },
  { part: 'deno', args: ['run', '--allow-all'] },
]

/** An endpoint with a password, asked without and with it, and in each coding. */
const program = `
  import { get } from 'node:http'
  import { buffer } from 'node:stream/consumers'
  import { gunzipSync } from 'node:zlib'
  import { counter, Registry } from 'narthex'
  import { hashPassword } from 'narthex/http'
  import { serveMetrics } from 'narthex/node'

  const registry = new Registry()
  const cakes = counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry })
  for (let i = 0; i < 20_000; i++) cakes.inc({ kind: 'number ' + i }, Math.random())
  const auth = { username: 'prometheus', passwordHash: await hashPassword('tea time') }
  const server = await serveMetrics({ port: 0, registry, auth, scrapeMetrics: false, processMetrics: false })
  const ask = (headers) => new Promise((resolve, reject) => {
    get(server.url, { headers, agent: false }, (response) => buffer(response).then((body) => resolve({ response, body }), reject))
  })
  const authorization = 'Basic ' + btoa('prometheus:tea time')

  console.log((await ask({})).response.statusCode)
  for (let round = 0; round < 3; round++) {
    cakes.inc({ kind: 'number ' + 6_000 * round })
    const plain = await ask({ authorization, 'accept-encoding': 'identity' })
    const { response, body } = await ask({ authorization, 'accept-encoding': 'gzip' })
    console.log(response.statusCode, response.headers['content-encoding'], gunzipSync(body).equals(plain.body))
  }
  await server.close()
  console.log('closed')`

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  writeFileSync(join(installed.folder, 'endpoint.mjs'), program)
})

afterAll(() => {
  installed.remove()
})

describe.each(runtimes)('the endpoint on $part', ({ part, args }) => {
  test.skipIf(isMissing(part))('asks for credentials, compresses, and ends', () => {
    const options = { cwd: installed.folder, encoding: 'utf8', timeout: 30_000 } as const
    const printed = execFileSync(pathOf(part), [...args, 'endpoint.mjs'], options)
    expect(printed.trim().split('\n')).toEqual(['401', '200 gzip true', '200 gzip true', '200 gzip true', 'closed'])
  })
})
