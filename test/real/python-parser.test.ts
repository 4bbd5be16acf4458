import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expose, Registry } from 'narthex'
import { expectedFamily, sorted } from './expected-family.ts'
import { hostileMetric, hostileMetrics, record, type HostileMetric } from './hostile-metric.ts'
import { parseWithPython } from './python.ts'
import { isMissing } from './real-parts.ts'

describe.skipIf(isMissing('python'))("Python's prometheus_client reads back what narthex writes", () => {
  test('for any names, helps, label values and numbers', async () => {
    // Many metrics are read by one process; each has a registry and an exposition of its own, as names may clash.
    const batches = fc.array(hostileMetric, { minLength: 1, maxLength: 100, size: 'max' })
    await fc.assert(
      fc.asyncProperty(batches, async (metrics) => {
        const read = readByPython(await Promise.all(metrics.map(exposition)))
        for (const [i, metric] of metrics.entries()) expect(read[i]).toEqual([expectedFamily(metric)])
      }),
      { numRuns: 25, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
    )
  })

  test('when hostile metrics follow each other in one exposition', async () => {
    const registry = new Registry()
    for (const metric of hostileMetrics) record(metric, registry)
    const [families] = readByPython([await expose(registry)])
    expect(families).toEqual(hostileMetrics.map(expectedFamily))
  })

  test.each(['x', '"', '\\', '\n', '\r', '\0', '😱', '\uD800', 'é '])('for a megabyte of %j', async (unit) => {
    const megabyte = unit.repeat(2 ** 20 / unit.length)
    const metric: HostileMetric = {
      type: 'gauge',
      name: 'megabyte',
      help: `<${megabyte}>`,
      labelNames: ['text'],
      series: [{ labels: [megabyte], numbers: [1] }],
    }
    expect(readByPython([await exposition(metric)])).toEqual([[expectedFamily(metric)]])
  })

  test('for label values that differ in nothing but their lone surrogates: one series, as they are written alike', async () => {
    const registry = new Registry()
    const labels = ['\uD800', '\uD801', '\uDC00', '\uFFFD'].map((surrogate) => [surrogate])
    record(
      {
        type: 'counter',
        name: 'x',
        help: 'X.',
        labelNames: ['a'],
        series: labels.map((labels) => ({ labels, numbers: [1] })),
      },
      registry,
    )
    const [families] = readByPython([await expose(registry)])
    expect(families).toEqual([
      { name: 'x', type: 'counter', help: 'X.', samples: [{ name: 'x_total', labels: [['a', '\uFFFD']], value: 4 }] },
    ])
  })
})

async function exposition(metric: HostileMetric): Promise<string> {
  const registry = new Registry()
  record(metric, registry)
  return await expose(registry)
}

function readByPython(expositions: readonly string[]): ReturnType<typeof parseWithPython> {
  // On the way to Python every lone surrogate would silently become what narthex has to make of it.
  for (const text of expositions) expect(text).not.toMatch(/\p{Surrogate}/u)
  return parseWithPython(expositions).map((families) => families.map(sorted))
}
