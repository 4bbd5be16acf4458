import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counter, gauge, histogram, info, metricFamily, Registry, stateSet, summary, type MetricFamily } from 'narthex'
import { parseProtobuf } from 'narthex/exposition'
import { metrics } from 'narthex/node'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { isMissing } from './real-parts.ts'

const SECONDS = [0.5, 1.2, 7]
const TYPE = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited'

describe.skipIf(isMissing('prometheus'))('a real Prometheus takes protobuf', () => {
  /** Both have the same, and the first one native histograms besides. */
  const [registry, classicOnly] = [new Registry(), new Registry()]
  const accepted = new Set<string>()
  let url: string
  let service: Server
  /** It takes native histograms, and so asks for protobuf. */
  let asking: Prometheus
  /** It does not, and is given protobuf all the same. */
  let given: Prometheus

  beforeAll(async () => {
    for (const each of [registry, classicOnly]) bake(each)
    const declared = { help: 'Of a "kind".', labelNames: ['kind'], registry, native: true } as const
    const beside = histogram({ ...declared, name: 'rising_seconds', buckets: [1] })
    const alone = histogram({ ...declared, name: 'resting_seconds', buckets: [] })
    for (const seconds of SECONDS) {
      beside.observe({ kind: 'x' }, seconds)
      alone.observe({ kind: 'x' }, seconds)
    }

    const measured = metrics({ registry, processMetrics: true })
    const forced = metrics({ registry: classicOnly, processMetrics: false, path: '/forced', formats: ['protobuf'] })
    service = createServer((request, response) => {
      if (request.url === '/metrics') accepted.add(String(request.headers.accept))
      measured(request, response, () => forced(request, response, () => response.end()))
    })
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    ;[asking, given] = await Promise.all([
      startPrometheus({
        scrapeTargets: { bakery: `${url}/metrics` },
        features: ['native-histograms', 'exemplar-storage'],
      }),
      startPrometheus({ scrapeTargets: { bakery: `${url}/forced` }, features: ['exemplar-storage'] }),
    ])
    await Promise.all([asking.scraped(), given.scraped()])
  })

  afterAll(async () => {
    await stopChildren()
    service.closeAllConnections()
    await new Promise((resolve) => void service.close(resolve))
    for (const each of [registry, classicOnly]) each.clear()
  })

  test('without an error', async () => {
    for (const server of [asking, given]) {
      expect(await server.targets()).toMatchObject([{ health: 'up', lastError: '' }])
    }
    expect(accepted.size).toBe(1)
    const response = await fetch(`${url}/metrics`, { headers: { accept: [...accepted][0]! } })
    expect(response.headers.get('content-type')).toBe(TYPE)
    const families = parseProtobuf(new Uint8Array(await response.arrayBuffer()))
    const names = families.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['cakes_total', 'rising_seconds', 'sizes', 'nodejs_version_info']))
  })

  test('with its types', async () => {
    for (const server of [asking, given]) {
      const types = new Map((await server.metadata()).map(({ metric, type, help }) => [metric, { type, help }]))
      expect(types.get('cakes_total')).toEqual({ type: 'counter', help: 'Of a "kind".' })
      const names = ['oven_celsius', 'baking_seconds', 'dough_grams', 'oven_info', 'door', 'age_seconds']
      expect(names.map((name) => types.get(name)?.type)).toEqual([
        'gauge',
        'histogram',
        'summary',
        'gauge',
        'gauge',
        'unknown',
      ])
    }
  })

  test('and answers with the numbers', async () => {
    for (const server of [asking, given]) {
      const value = async (promql: string): Promise<number | undefined> => (await server.query(promql))[0]?.value
      expect(await server.query('cakes_total')).toMatchObject([{ metric: { kind: 'a"\\\nü' }, value: 2.5 }])
      expect(await value('oven_celsius')).toBe(-180)
      const buckets = await server.query('sort(baking_seconds_bucket)')
      expect(buckets.map(({ value }) => value)).toEqual([1, 2, 3, 3])
      expect(buckets.map(({ metric }) => Number(metric['le'])).slice(0, 2)).toEqual([1, 1.5])
      expect(await value('baking_seconds_count')).toBe(3)
      expect(await value('baking_seconds_sum')).toBeCloseTo(8.7)
      expect(await value('change_sum')).toBe(-5)
      expect(await value('dough_grams_count')).toBe(1)
      expect(await value('abs(dough_grams{quantile="0.5"} - 250) < bool 5')).toBe(1)
      expect(await value('oven_info{maker="x"}')).toBe(1)
      expect(await value('door{door="shut"}')).toBe(1)
      expect(await value('count(many_total)')).toBe(3000)
      expect(await value('sum(many_total)')).toBe((2999 * 3000) / 2)
      // Prometheus 2.42 has all numbers of a gauge histogram under its bare name.
      expect(await value('sizes{le="-1.0"}')).toBe(1)
      expect(await value('age_seconds')).toBe(1.5)
    }
  })

  test('with native histograms, alone and beside classic buckets', async () => {
    for (const name of ['rising_seconds', 'resting_seconds']) {
      const [found] = await asking.queryHistograms(name)
      expect(found).toMatchObject({ count: 3, buckets: [{ count: 1 }, { count: 1 }, { count: 1 }] })
      expect(found!.sum).toBeCloseTo(8.7)
    }
  })

  test('with the exemplars of counters and buckets', async () => {
    for (const server of [asking, given]) {
      expect(await server.queryExemplars('cakes_total')).toMatchObject([{ labels: { trace_id: 'cake' }, value: 2.5 }])
      const found = await server.queryExemplars('baking_seconds_bucket')
      expect(found.map(({ labels, value }) => [labels['trace_id'], value]).toSorted()).toEqual([
        ['after 0.5 s', 0.5],
        ['after 1.2 s', 1.2],
        ['after 7 s', 7],
      ])
    }
  })
})

function bake(registry: Registry): void {
  const declared = { help: 'Of a "kind".', labelNames: ['kind'], registry } as const
  counter({ ...declared, name: 'cakes' })
    .labels('a"\\\nü')
    .inc(2.5, { exemplar: { trace_id: 'cake' } })
  gauge({ ...declared, name: 'oven_celsius', unit: 'celsius' }).set({ kind: '' }, -180)
  const baking = histogram({ ...declared, name: 'baking_seconds', unit: 'seconds', buckets: [1, 1.5, 1e6] })
  for (const seconds of SECONDS) baking.labels('x').observe(seconds, { exemplar: { trace_id: `after ${seconds} s` } })
  histogram({ ...declared, name: 'change', buckets: [-1, 1] }).observe({ kind: 'a' }, -5)
  summary({ ...declared, name: 'dough_grams', unit: 'grams', quantiles: [0.5] }).observe({ kind: 'a' }, 250)
  info({ name: 'oven', help: 'Oven.', registry }).set({ maker: 'x' })
  stateSet({ ...declared, name: 'door', states: ['open', 'shut'] })
    .labels('a')
    .set('shut')
  const many = counter({ ...declared, name: 'many' })
  for (let i = 0; i < 3000; i++) many.inc({ kind: `${i} ${'x'.repeat(i % 200)}` }, i)
  registry.register({ collect: byHand })
}

function byHand(): MetricFamily[] {
  const buckets = [-1, 1e6, Number.POSITIVE_INFINITY].map((upperBound, i) => ({ upperBound, count: [1, 2, 0][i]! }))
  return [
    metricFamily({
      name: 'age_seconds',
      help: 'Age "of it".',
      type: 'unknown',
      unit: 'seconds',
      samples: [{ labels: {}, value: 1.5, timestampMs: Date.now() }],
    }),
    metricFamily({
      name: 'sizes',
      help: 'Sizes.',
      type: 'gaugehistogram',
      upperBounds: [-1, 1e6],
      samples: [{ labels: {}, value: { count: 3, sum: -3, buckets } }],
    }),
  ]
}
