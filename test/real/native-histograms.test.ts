import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { histogram, nativeUpperBound, Registry } from 'narthex'
import { metrics } from 'narthex/node'
import { stopChildren } from './child-process.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { isMissing } from './real-parts.ts'

const SCHEMAS = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
/** Not above the factor that each schema has, and above that of the next. */
const FACTORS = [65_536, 256, 16, 4, 2, 1.5, 1.2, 1.1, 1.05, 1.03, 1.02, 1.01, 1.003]

/** Latencies of a service, a few milliseconds to half a minute. */
const LATENCIES = Array.from({ length: 2000 }, (_, i) => 0.004 * 8000 ** ((i * 0.618_033_988_75) % 1))

describe.skipIf(isMissing('prometheus'))('a real Prometheus takes native histograms', () => {
  const registry = new Registry()
  const accepted = new Set<string>()
  let service: Server
  let prometheus: Prometheus

  beforeAll(async () => {
    const declared = { help: 'H.', registry } as const
    const latency = histogram({ ...declared, name: 'latency_seconds', labelNames: ['route'], native: true })
    for (const [i, seconds] of LATENCIES.entries()) latency.observe({ route: i % 2 === 0 ? '/even' : '/odd' }, seconds)
    const alone = histogram({ ...declared, name: 'alone', labelNames: ['of'], native: true, buckets: [] })
    alone.labels('nothing')
    for (const value of [0, -0, 5e-324, 1, -1, Number.MAX_VALUE]) alone.observe({ of: 'extremes' }, value)
    const exact = histogram({ ...declared, name: 'exact', native: { zeroThreshold: 0 }, buckets: [] })
    for (const value of [0, -0, 5e-324, 1e-320]) exact.observe(value)
    for (const value of [Infinity, 3]) alone.observe({ of: 'infinity' }, value)
    for (const value of [Number.NaN, 3]) alone.observe({ of: 'nan' }, value)
    const sampled = histogram({
      ...declared,
      name: 'sampled_seconds',
      labelNames: ['route'],
      native: true,
      buckets: [1],
    })
    sampled.observe({ route: '/a' }, 0.3, { exemplar: { trace_id: 'fast' } })
    sampled.labels('/a').observe(30, { exemplar: { trace_id: 'slow' } })
    const coarse = histogram({ ...declared, name: 'coarsened', native: { factor: 1.1, maxBuckets: 3 }, buckets: [] })
    for (const value of [1, 2, 4, 8, 16]) coarse.observe(value)
    for (const [i, schema] of SCHEMAS.entries()) {
      const native = { factor: FACTORS[i]!, maxBuckets: 0 }
      const bounds = histogram({ ...declared, name: `bounds_${i}`, native, buckets: [] })
      for (const index of indexesOf(schema)) bounds.observe(nativeUpperBound(index, schema))
    }

    const measured = metrics({ registry, processMetrics: false })
    service = createServer((request, response) => {
      accepted.add(String(request.headers.accept))
      measured(request, response, () => response.end())
    })
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    const { port } = service.address() as AddressInfo
    prometheus = await startPrometheus({
      scrapeTargets: { shop: `http://127.0.0.1:${port}/metrics` },
      features: ['native-histograms', 'exemplar-storage'],
    })
    await prometheus.scraped()
  }, 60_000)

  afterAll(async () => {
    service.close()
    await stopChildren()
  })

  test('it asks for protobuf first, and finds nothing to object to', async () => {
    expect([...accepted][0]).toMatch(/^application\/vnd\.google\.protobuf/)
    expect(await prometheus.targets()).toMatchObject([{ health: 'up', lastError: '' }])
  })

  test('count and sum are those of what was observed', async () => {
    const counts = await prometheus.query('histogram_count(latency_seconds)')
    expect(counts.map(({ metric, value }) => [metric['route'], value])).toEqual([
      ['/even', 1000],
      ['/odd', 1000],
    ])
    const [sum] = await prometheus.query('histogram_sum(sum(latency_seconds))')
    expect(sum!.value).toBeCloseTo(total(LATENCIES), 6)
  })

  test.each([0.01, 0.25, 0.5, 0.9, 0.99, 0.999])('quantile %s is that of what was observed', async (quantile) => {
    const [answer] = await prometheus.query(`histogram_quantile(${quantile}, sum(latency_seconds))`)
    const exact = LATENCIES.toSorted((a, b) => a - b)[Math.ceil(quantile * LATENCIES.length) - 1]!
    // Within the bucket: no wider than 2 ** (1 / 8) in ratio.
    expect(Math.abs(Math.log2(answer!.value / exact))).toBeLessThan(1 / 8)
  })

  test('the buckets are those that were observed in', async () => {
    const [extremes] = await prometheus.queryHistograms('alone{of="extremes"}')
    expect(extremes).toEqual({
      metric: extremes!.metric,
      count: 6,
      sum: Number.MAX_VALUE,
      buckets: [
        { lower: -1, upper: -nativeUpperBound(-1, 3), count: 1 },
        { lower: -(2 ** -128), upper: 2 ** -128, count: 3 },
        { lower: nativeUpperBound(-1, 3), upper: 1, count: 1 },
        { lower: nativeUpperBound(8191, 3), upper: Number.MAX_VALUE, count: 1 },
      ],
    })
    const [exact] = await prometheus.queryHistograms('exact')
    expect(exact!.buckets.map(({ upper, count }) => [upper, count])).toEqual([
      [0, 2],
      [5e-324, 1],
      [nativeUpperBound(-8504, 3), 1],
    ])
    const [infinity] = await prometheus.queryHistograms('alone{of="infinity"}')
    expect(infinity).toMatchObject({ count: 2, sum: Infinity, buckets: [{ count: 1 }, { count: 1, upper: Infinity }] })
    const [nan] = await prometheus.queryHistograms('alone{of="nan"}')
    expect(nan).toMatchObject({ count: 2, sum: Number.NaN, buckets: [{ count: 1 }] })
  })

  test('a series without an observation is a native histogram, too', async () => {
    expect(await prometheus.queryHistograms('alone{of="nothing"}')).toMatchObject([{ count: 0, sum: 0, buckets: [] }])
  })

  test('one that was coarsened has all that was observed', async () => {
    const [coarsened] = await prometheus.queryHistograms('coarsened')
    expect(coarsened).toMatchObject({
      count: 5,
      sum: 31,
      buckets: [
        { upper: 1, count: 1 },
        { upper: 4, count: 2 },
        { upper: 16, count: 2 },
      ],
    })
  })

  test('an exemplar leads from a series to what was observed', async () => {
    // Of a native histogram, Prometheus 2.42 takes one at a scrape: the first of those with the classic buckets.
    const [found, ...others] = await prometheus.queryExemplars('sampled_seconds')
    expect(others).toEqual([])
    expect(found).toMatchObject({ series: { route: '/a' }, labels: { trace_id: 'fast' }, value: 0.3 })
    expect(Math.abs(found!.timestamp - Date.now() / 1000)).toBeLessThan(120)
  })

  test.each(SCHEMAS)('the bounds of schema %s are those that narthex has, to the last bit', async (schema) => {
    const [found] = await prometheus.queryHistograms(`bounds_${SCHEMAS.indexOf(schema)}`)
    const expected = indexesOf(schema).map((index) => ({
      lower: nativeUpperBound(index - 1, schema),
      upper: nativeUpperBound(index, schema),
      count: 1,
    }))
    expect(found!.buckets).toEqual(expected)
  })
})

/** An octave below 1 and one above 2, or a few buckets if they are wider. */
function indexesOf(schema: number): number[] {
  const perOctave = 2 ** Math.max(0, schema)
  const below = Array.from({ length: perOctave }, (_, i) => i - perOctave + 1)
  return [...below, ...below.map((index) => index + 2 * perOctave)]
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}
