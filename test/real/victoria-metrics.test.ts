import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { counter, histogram, Registry } from 'narthex'
import { metrics } from 'narthex/node'
import { stopChildren } from './child-process.ts'
import { isMissing } from './real-parts.ts'
import { startVictoriaMetrics, type VictoriaMetrics } from './victoria-metrics.ts'

describe.skipIf(isMissing('victoria-metrics'))('a real VictoriaMetrics', () => {
  const accepted = new Set<string>()
  let url: string
  let service: Server
  let victoria: VictoriaMetrics

  beforeAll(async () => {
    const registry = new Registry()
    counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry }).inc({ kind: 'a"\\\n' }, 3)
    const baking = histogram({ name: 'baking_seconds', help: 'Baking.', buckets: [1, 10], native: true, registry })
    for (const seconds of [0.5, 5, 50]) baking.observe(seconds, { exemplar: { trace_id: 'a' } })
    const measured = metrics({ registry })
    service = createServer((request, response) => {
      accepted.add(String(request.headers.accept))
      measured(request, response, () => response.end())
    })
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/metrics`
    victoria = await startVictoriaMetrics(url)
  })

  afterAll(async () => {
    await stopChildren()
    service.closeAllConnections()
    await new Promise((resolve) => void service.close(resolve))
  })

  test('is answered in the text format, and answers with the numbers', async () => {
    const value = async (promql: string): Promise<number | undefined> => (await victoria.query(promql))[0]?.value
    await vi.waitFor(async () => expect(await value('up{job="app"}')).toBe(1), { timeout: 30_000, interval: 500 })
    await vi.waitFor(async () => expect(await value('cakes_total')).toBe(3), { timeout: 30_000, interval: 500 })
    expect(await victoria.query('cakes_total')).toMatchObject([{ metric: { kind: 'a"\\\n' } }])
    expect(await value('baking_seconds_bucket{le="10"}')).toBe(2)
    expect(await value('baking_seconds_count')).toBe(3)
    const [accept, ...others] = accepted
    expect(others).toEqual([])
    const { headers } = await fetch(url, { headers: { accept: accept! } })
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  }, 70_000)
})
