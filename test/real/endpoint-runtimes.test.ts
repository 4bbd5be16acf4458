import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hashPassword } from 'narthex/http'
import { installPacked, type InstalledPackage } from '../package/packed.ts'
import { stopChildren } from './child-process.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'
import { runtimes, startService, type RuntimeService } from './runtime.ts'

/** Runtimes other than Node that have its modules, and how they run a program. */
const nodeLike: readonly { part: RealPart; args: readonly string[] }[] = [
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

afterAll(async () => {
  await stopChildren()
  installed.remove()
})

describe.each(nodeLike)('the endpoint on $part', ({ part, args }) => {
  test.skipIf(isMissing(part))('asks for credentials, compresses, and ends', () => {
    const options = { cwd: installed.folder, encoding: 'utf8', timeout: 30_000 } as const
    const printed = execFileSync(pathOf(part), [...args, 'endpoint.mjs'], options)
    expect(printed.trim().split('\n')).toEqual(['401', '200 gzip true', '200 gzip true', '200 gzip true', 'closed'])
  })
})

// Skipped where workerd could not be installed; scripts/test-real.mjs says so.
describe.skipIf(isMissing('workerd'))('the endpoint on workerd', () => {
  const basic = (password: string): string => `Basic ${btoa(`prometheus:${password}`)}`

  async function started(name: string): Promise<RuntimeService> {
    const passwordHash = await hashPassword('tea time')
    const source = `
      import { Registry } from 'narthex'
      import { answerScrapes } from 'narthex/fetch'

      const auth = [{ bearerToken: 'a-token-of-twenty-four-ch' }, { username: 'prometheus', passwordHash: '${passwordHash}' }]
      export const handler = started()

      function started() {
        try {
          return answerScrapes({ registry: new Registry(), auth })
        } catch (error) {
          return () => new Response(error.code + ': ' + error.message, { status: 500 })
        }
      }`
    writeFileSync(join(installed.folder, 'guarded.mjs'), source)
    return await startService(
      runtimes.find((runtime) => runtime.name === name)!,
      'guarded',
      installed,
    )
  }

  test('checks passwords, after wrong ones and clients that left, too', async () => {
    const { url } = await started('workerd')
    const ask = async (authorization: string, signal: AbortSignal | null = null): Promise<number> =>
      (await fetch(`${url}/metrics`, { headers: { authorization }, signal })).status
    expect(await ask('Bearer a-token-of-twenty-four-ch')).toBe(200)
    expect(await ask(basic('guess 1'))).toBe(401)
    expect(await ask(basic('guess 2'))).toBe(401)
    // What a request leaves behind must not be waited for by another.
    const leaving = [50, 100, 300].map(async (ms) => await ask(basic(`guess ${ms}`), AbortSignal.timeout(ms)))
    await Promise.allSettled(leaving)
    await vi.waitFor(async () => expect(await ask(basic('tea time'))).toBe(200), { timeout: 30_000, interval: 500 })
    expect(await ask(basic('guess 3'))).toBe(401)
    expect(await ask(basic('tea time'))).toBe(200)
  })

  test('takes tokens only where it has no modules of Node', async () => {
    const { url } = await started('workerd without Node')
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^INVALID_OPTION: .*use a bearerToken\.$/)
  })
})
