import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { counter, gauge, Registry } from 'narthex'
import { hashPassword } from 'narthex/http'
import { serveMetrics, type MetricsServer, type MetricsServerOptions } from 'narthex/node'
import { CERTIFICATE, KEY } from '../adapters/certificate.ts'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus, type Target } from './prometheus.ts'
import { isMissing } from './real-parts.ts'

describe.skipIf(isMissing('prometheus'))('a real Prometheus', () => {
  const bearerToken = 'a-token-for-a-real-prometheus'
  let prometheus: Prometheus
  let targets: ReadonlyMap<string, Target>
  const servers: MetricsServer[] = []
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'narthex-endpoint-'))
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, CERTIFICATE)
    const auth = [{ bearerToken }, { username: 'prometheus', passwordHash: await hashPassword('tea time') }]
    const open = await serve({})
    const guarded = await serve({ auth })
    const secure = await serve({ auth, tls: { key: KEY, cert: CERTIFICATE } })
    const withToken = `authorization: { credentials: '${bearerToken}' }`
    prometheus = await startPrometheus({
      // More than a password takes to be checked on a machine that has other things to do.
      intervalMs: 3000,
      scrapeTargets: {
        open,
        token: guarded,
        password: guarded,
        'wrong-password': guarded,
        stranger: guarded,
        secure,
      },
      settings: {
        token: [withToken],
        password: [`basic_auth: { username: prometheus, password: 'tea time' }`],
        'wrong-password': [`basic_auth: { username: prometheus, password: 'coffee' }`],
        secure: [withToken, `tls_config: { ca_file: '${caFile}' }`],
      },
    })
    await prometheus.scraped()
    targets = new Map((await prometheus.targets()).map((target) => [target.labels['job']!, target]))
  })

  afterAll(async () => {
    await stopChildren()
    await Promise.all(servers.map((server) => server.close()))
    await rm(folder, { recursive: true, force: true })
  })

  /** One that has a collector which never answers: a scrape has three seconds here. */
  async function serve(options: MetricsServerOptions): Promise<string> {
    const registry = new Registry({ onWarning: () => {} })
    counter({ name: 'cakes', help: 'Cakes.', registry }).inc(3)
    gauge({ name: 'hanging', help: 'Never.', registry, collect: () => new Promise<number>(() => {}) })
    servers.push(await serveMetrics({ port: 0, registry, ...options }))
    return servers.at(-1)!.url
  }

  test.each(['open', 'token', 'password', 'secure'])('scrapes the target that is %s', async (job) => {
    expect(targets.get(job)).toMatchObject({ health: 'up', lastError: '' })
    await vi.waitFor(async () => {
      expect(await prometheus.query(`cakes_total{job="${job}"}`)).toMatchObject([{ value: 3 }])
    }, 10_000)
  })

  test.each(['wrong-password', 'stranger'])('is told that it is a %s', (job) => {
    const lastError = 'server returned HTTP status 401 Unauthorized'
    expect(targets.get(job)).toMatchObject({ health: 'down', lastError })
  })

  test('gets the others although a collector hangs, and learns that it does', async () => {
    await vi.waitFor(async () => {
      const failures = await prometheus.query('narthex_collector_failures_total{collector="hanging",job="open"}')
      expect(failures).toMatchObject([{ value: expect.any(Number) }])
    }, 10_000)
    expect(await prometheus.query('hanging')).toEqual([])
  })

  test('learns from the endpoint who was refused, and how much was sent', async () => {
    await vi.waitFor(async () => {
      const refused = await prometheus.query('narthex_scrapes_total{code="401",job="token"} > 1')
      expect(refused).toHaveLength(1)
      expect(await prometheus.query('narthex_scrape_response_bytes_sum{job="open"} > 1000')).toHaveLength(1)
      expect(await prometheus.query('narthex_scrape_series{job="open"} > 20')).toHaveLength(1)
    }, 10_000)
  })
})
