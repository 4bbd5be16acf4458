import fc from 'fast-check'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counter, expose, gauge, metricFamily, Registry } from 'narthex'
import { textOf, writeExposition, type Escaping } from 'narthex/exposition'
import { metrics } from 'narthex/node'
import { anyFamily, anyText } from '../conformance/any-family.ts'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { checkMetrics } from './promtool.ts'
import { parseWithPython } from './python.ts'
import { isMissing } from './real-parts.ts'

const ESCAPED: readonly Escaping[] = ['underscores', 'dots', 'values']

describe.skipIf(isMissing('python'))('Python reads families with names of any text', () => {
  test.each(ESCAPED)('once they are escaped with %s: each under a name of its own', async (escaping) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFamily(anyText, true), { minLength: 1, maxLength: 4 }), async (several) => {
        // It leaves out what clashes already before names are escaped.
        const registry = new Registry({ onWarning: () => {} })
        for (const options of several) registry.register({ collect: () => [metricFamily(options)] })
        const families = await registry.gather()
        const [read] = parseWithPython([textOf(await writeExposition(families, { escaping }))], 'text')
        expect(new Set(read!.map(({ name }) => name)).size).toBe(families.length)
      }),
      { numRuns: 15, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
    )
  })
})

describe.skipIf(isMissing('promtool'))('promtool', () => {
  test.each(ESCAPED)('reads names of any text once they are escaped with %s', async (escaping) => {
    const registry = new Registry()
    counter({ name: 'http.requests', help: 'X.', labelNames: ['http.method', '花火'], utf8: true, registry })
      .labels('GET', 'a"b')
      .inc()
    gauge({ name: '1 room', help: 'X.', utf8: true, registry })
    expect(checkMetrics(await expose(registry, { escaping })).code).toBe(0)
  })
})

describe.skipIf(isMissing('prometheus'))('a Prometheus that knows no names of any text', () => {
  const registry = new Registry()
  let service: Server
  let prometheus: Prometheus

  beforeAll(async () => {
    const requests = counter({ name: 'http.requests', help: 'X.', labelNames: ['http.method'], utf8: true, registry })
    requests.inc({ 'http.method': 'GET' }, 3)
    const measured = metrics({ registry, processMetrics: false })
    service = createServer((request, response) => measured(request, response, () => response.end()))
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    const { port } = service.address() as AddressInfo
    prometheus = await startPrometheus({ scrapeTargets: { names: `http://127.0.0.1:${port}/metrics` } })
    await prometheus.scraped()
  })

  afterAll(async () => {
    await stopChildren()
    service.closeAllConnections()
    await new Promise((resolve) => void service.close(resolve))
    registry.clear()
  })

  test('gets them with underscores', async () => {
    expect(await prometheus.targets()).toMatchObject([{ health: 'up', lastError: '' }])
    expect(await prometheus.query('http_requests_total{http_method="GET"}')).toMatchObject([{ value: 3 }])
  })
})
