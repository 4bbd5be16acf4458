import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counter, expose, histogram, Registry } from 'narthex'
import { metrics } from 'narthex/node'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { parseWithPython } from './python.ts'
import { isMissing } from './real-parts.ts'

/** A counter and a histogram with exemplars; the labels of the first are as long as may be. */
function withExemplars(traceId: string): Registry {
  const registry = new Registry()
  const long = '😱'.repeat(128 - 'trace_id'.length)
  counter({ name: 'cakes', help: 'Cakes.', labelNames: ['kind'], registry }).inc({ kind: 'a' }, 3, {
    exemplar: { trace_id: long },
  })
  const baking = histogram({ name: 'baking_seconds', help: 'Baking.', buckets: [1, 10], registry })
  baking.observe(0.5, { exemplar: { trace_id: traceId, span_id: '1' } })
  baking.observe(70, { exemplar: { trace_id: 'b' } })
  return registry
}

test.skipIf(isMissing('python'))("Python's parser reads exemplars and start timestamps", async () => {
  const exposition = await expose(withExemplars('a"\\\n'), { format: 'openmetrics', startTimestamps: true })
  const [families] = parseWithPython([exposition], 'openmetrics')
  const samples = families!.flatMap((family) => family.samples)
  expect(samples.flatMap(({ exemplar }) => (exemplar ? [[exemplar.labels, exemplar.value]] : []))).toEqual([
    [{ trace_id: '😱'.repeat(120) }, 3],
    [{ trace_id: 'a"\\\n', span_id: '1' }, 0.5],
    [{ trace_id: 'b' }, 70],
  ])
  const timestamps = samples.flatMap(({ exemplar }) => exemplar?.timestamp ?? [])
  expect(timestamps).toHaveLength(3)
  for (const timestamp of timestamps) expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(60)
  const created = samples.filter(({ name }) => name.endsWith('_created'))
  expect(created.map(({ name }) => name)).toEqual(['cakes_created', 'baking_seconds_created'])
  for (const { value } of created) expect(Math.abs(value - Date.now() / 1000)).toBeLessThan(60)
})

describe.skipIf(isMissing('prometheus'))('a real Prometheus keeps exemplars', () => {
  const accepted = new Set<string>()
  let url: string
  let service: Server
  let prometheus: Prometheus
  let preferringProtobuf: Prometheus

  beforeAll(async () => {
    // Without escapes: in exemplars of OpenMetrics, Prometheus 2.42 takes them for what they are.
    const measured = metrics({ registry: withExemplars('a'), processMetrics: false })
    service = createServer((request, response) => {
      accepted.add(String(request.headers.accept))
      measured(request, response, () => response.end())
    })
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/metrics`
    const scrapeTargets = { bakery: url }
    ;[prometheus, preferringProtobuf] = await Promise.all([
      startPrometheus({ scrapeTargets, features: ['exemplar-storage'] }),
      startPrometheus({ scrapeTargets, features: ['exemplar-storage', 'native-histograms'] }),
    ])
    await Promise.all([prometheus.scraped(), preferringProtobuf.scraped()])
  })

  afterAll(async () => {
    await stopChildren()
    service.closeAllConnections()
    await new Promise((resolve) => void service.close(resolve))
  })

  test('from OpenMetrics and from protobuf', async () => {
    const types = await Promise.all(
      [...accepted].map(async (accept) => (await fetch(url, { headers: { accept } })).headers.get('content-type')),
    )
    expect(types.map((type) => type!.split(';')[0]).toSorted()).toEqual([
      'application/openmetrics-text',
      'application/vnd.google.protobuf',
    ])
    for (const server of [prometheus, preferringProtobuf]) {
      expect(await server.targets()).toMatchObject([{ health: 'up', lastError: '' }])
      expect(await server.queryExemplars('cakes_total')).toMatchObject([
        { series: expect.objectContaining({ kind: 'a' }), labels: { trace_id: '😱'.repeat(120) }, value: 3 },
      ])
      const buckets = await server.queryExemplars('baking_seconds_bucket')
      expect(buckets.map(({ series, labels, value }) => [series['le'], labels, value])).toEqual(
        expect.arrayContaining([
          [expect.stringMatching(/^1(\.0)?$/), { trace_id: 'a', span_id: '1' }, 0.5],
          ['+Inf', { trace_id: 'b' }, 70],
        ]),
      )
      expect(buckets).toHaveLength(2)
    }
  })
})
