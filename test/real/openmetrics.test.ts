import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  counter,
  expose,
  gauge,
  histogram,
  info,
  metricFamily,
  Registry,
  stateSet,
  summary,
  type MetricFamily,
} from 'narthex'
import { metrics } from 'narthex/node'
import { stopChildren } from './child-process.ts'
import { expectedFamily, sorted } from './expected-family.ts'
import { hostileMetric, hostileMetrics, record, written, type HostileMetric } from './hostile-metric.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { parseWithPython, type PythonFamily } from './python.ts'
import { isMissing } from './real-parts.ts'

describe.skipIf(isMissing('python'))("Python's strict parser of OpenMetrics reads back what narthex writes", () => {
  test('for any names, helps, label values and numbers', async () => {
    const batches = fc.array(hostileMetric.map(withCounterSum), { minLength: 1, maxLength: 100, size: 'max' })
    await fc.assert(
      fc.asyncProperty(batches, async (metrics) => {
        const expositions = await Promise.all(
          metrics.map(async (metric) => {
            const registry = new Registry()
            record(metric, registry)
            return await expose(registry, { format: 'openmetrics' })
          }),
        )
        const read = parseWithPython(expositions, 'openmetrics')
        for (const [i, metric] of metrics.entries()) expect(read[i]!.map(sorted)).toEqual([expected(metric)])
      }),
      { numRuns: 25, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
    )
  })

  test('when hostile metrics follow each other in one exposition', async () => {
    const registry = new Registry()
    for (const metric of hostileMetrics) record(metric, registry)
    const [families] = parseWithPython([await expose(registry, { format: 'openmetrics' })], 'openmetrics')
    expect(families!.map(sorted)).toEqual(hostileMetrics.map(expected))
  })

  test('for what only collectors have: units, timestamps, quantiles, gauge histograms and the unknown', async () => {
    const registry = new Registry()
    registry.register({ collect: byHand })
    const [families] = parseWithPython([await expose(registry, { format: 'openmetrics' })], 'openmetrics')
    expect(families).toEqual([
      { name: 'target', type: 'info', help: 'Target.', unit: '', samples: [sample('target_info', 1, ['env', 'a"b'])] },
      {
        name: 'age_seconds',
        type: 'unknown',
        help: 'Age "of it".',
        unit: 'seconds',
        samples: [{ ...sample('age_seconds', 1.5), timestamp: 1_700_000_000.123 }],
      },
      {
        name: 'sizes',
        type: 'gaugehistogram',
        help: 'Sizes.',
        unit: '',
        samples: [
          sample('sizes_bucket', 1, ['le', '-1.0']),
          sample('sizes_bucket', 3, ['le', '1e+06']),
          sample('sizes_bucket', 3, ['le', '+Inf']),
          sample('sizes_gsum', -3),
          sample('sizes_gcount', 3),
        ],
      },
      {
        name: 'lengths',
        type: 'summary',
        help: 'Lengths.',
        unit: '',
        samples: [
          sample('lengths', 2, ['quantile', '0.5']),
          sample('lengths', 4, ['quantile', '1.0']),
          sample('lengths_sum', 6),
          sample('lengths_count', 2),
        ],
      },
    ])
  })
})

describe.skipIf(isMissing('prometheus'))('a real Prometheus takes OpenMetrics', () => {
  const registry = new Registry()
  const accepted = new Set<string>()
  let url: string
  let service: Server
  let prometheus: Prometheus

  beforeAll(async () => {
    const declared = { help: 'Of a "kind".', labelNames: ['kind'], registry } as const
    counter({ ...declared, name: 'cakes' }).inc({ kind: 'a"\\\n' }, 3)
    gauge({ ...declared, name: 'oven_celsius', unit: 'celsius' }).set({ kind: 'gas' }, 180)
    const baking = histogram({ ...declared, name: 'baking_seconds', unit: 'seconds', buckets: [1, 1.5, 1e6] })
    for (const seconds of [0.5, 1.2, 7]) baking.observe({ kind: 'a' }, seconds)
    histogram({ ...declared, name: 'change', buckets: [-1, 1] }).observe({ kind: 'a' }, -5)
    summary({ ...declared, name: 'dough_grams', unit: 'grams' }).observe({ kind: 'a' }, 250)
    info({ name: 'oven', help: 'Oven.', registry }).set({ maker: 'x' })
    stateSet({ ...declared, name: 'door', states: ['open', 'shut'] })
      .labels('a')
      .set('shut')
    registry.register({ collect: byHand })

    const measured = metrics({ registry, processMetrics: true })
    service = createServer((request, response) => {
      accepted.add(String(request.headers.accept))
      measured(request, response, () => response.end())
    })
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    const { port } = service.address() as AddressInfo
    url = `http://127.0.0.1:${port}/metrics`
    prometheus = await startPrometheus({ scrapeTargets: { bakery: url } })
    await prometheus.scraped()
  })

  afterAll(async () => {
    await stopChildren()
    service.closeAllConnections()
    await new Promise((resolve) => void service.close(resolve))
    registry.clear()
  })

  test('without an error', async () => {
    expect(await prometheus.targets()).toMatchObject([{ health: 'up', lastError: '' }])
    expect(accepted.size).toBe(1)
    const response = await fetch(url, { headers: { accept: [...accepted][0]! } })
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect((await response.text()).endsWith('\n# EOF\n')).toBe(true)
  })

  test('with its types', async () => {
    const types = new Map((await prometheus.metadata()).map(({ metric, type, help }) => [metric, { type, help }]))
    expect(types.get('cakes')).toEqual({ type: 'counter', help: 'Of a "kind".' })
    const byName = ['oven_celsius', 'baking_seconds', 'dough_grams', 'oven', 'door', 'sizes', 'age_seconds', 'target']
    expect(byName.map((name) => types.get(name)?.type)).toEqual([
      'gauge',
      'histogram',
      'summary',
      'info',
      'stateset',
      'gaugehistogram',
      'unknown',
      'info',
    ])
  })

  test('and answers with the numbers', async () => {
    const value = async (promql: string): Promise<number | undefined> => (await prometheus.query(promql))[0]?.value
    expect(await prometheus.query('cakes_total')).toMatchObject([{ metric: { kind: 'a"\\\n' }, value: 3 }])
    expect(await value('oven_celsius')).toBe(180)
    expect(await value('baking_seconds_bucket{le="1.0"}')).toBe(1)
    expect(await value('baking_seconds_bucket{le="1e+06"}')).toBe(3)
    expect(await value('baking_seconds_count')).toBe(3)
    expect(await value('change_bucket{le="-1.0"}')).toBe(1)
    expect(await value('change_count')).toBeUndefined()
    expect(await value('dough_grams_sum')).toBe(250)
    expect(await value('oven_info{maker="x"}')).toBe(1)
    expect(await value('door{door="shut"}')).toBe(1)
    expect(await value('sizes_gcount')).toBe(3)
    expect(await value('lengths{quantile="1.0"}')).toBe(4)
  })
})

/** Python takes no sum that is NaN or negative, as OpenMetrics has none; narthex writes what was observed (O10). */
function withCounterSum(metric: HostileMetric): HostileMetric {
  if (metric.type !== 'summary') return metric
  const series = metric.series.map(({ labels, numbers }) => ({
    labels,
    numbers: numbers.map((number) => (Number.isNaN(number) ? 0 : Math.abs(number))),
  }))
  return { ...metric, series }
}

/** What Python is to read: as of the text format, but for what OpenMetrics says of types, suffixes and bounds. */
function expected(metric: HostileMetric): PythonFamily {
  const read = expectedFamily(metric)
  return {
    ...read,
    name: metric.type === 'info' ? read.name.replace(/_info$/, '') : read.name,
    type: metric.type,
    help: written(metric.help),
    unit: '',
    // Those of this test have a negative bound, so there is neither sum nor count.
    samples: metric.type === 'histogram' ? read.samples.filter(({ name }) => name.endsWith('_bucket')) : read.samples,
  }
}

function sample(name: string, value: number, ...labels: [string, string][]): PythonFamily['samples'][number] {
  return { name, labels, value }
}

function byHand(): MetricFamily[] {
  const buckets = [-1, 1e6, Number.POSITIVE_INFINITY].map((upperBound, i) => ({ upperBound, count: [1, 2, 0][i]! }))
  return [
    metricFamily({
      name: 'age_seconds',
      help: 'Age "of it".',
      type: 'unknown',
      unit: 'seconds',
      samples: [{ labels: {}, value: 1.5, timestampMs: 1_700_000_000_123 }],
    }),
    metricFamily({
      name: 'sizes',
      help: 'Sizes.',
      type: 'gaugehistogram',
      upperBounds: [-1, 1e6],
      samples: [{ labels: {}, value: { count: 3, sum: -3, buckets } }],
    }),
    metricFamily({
      name: 'lengths',
      help: 'Lengths.',
      type: 'summary',
      quantiles: [0.5, 1],
      samples: [
        {
          labels: {},
          value: {
            count: 2,
            sum: 6,
            quantiles: [
              { quantile: 0.5, value: 2 },
              { quantile: 1, value: 4 },
            ],
          },
        },
      ],
    }),
    metricFamily({
      name: 'target_info',
      help: 'Target.',
      type: 'info',
      samples: [{ labels: { env: 'a"b' }, value: 1 }],
    }),
  ]
}
