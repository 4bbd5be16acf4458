import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricFamily, Registry, type MetricFamily, type MetricFamilyOptions } from 'narthex'
import { writeExposition } from 'narthex/exposition'
import { anyFamily, hostileText, wellFormed } from './any-family.ts'
import { readOpenMetrics, type ReadOpenMetricsFamily, type ReadOpenMetricsSample } from './openmetrics-reader.ts'

describe('an exposition in OpenMetrics', () => {
  test('is read back equal, whatever families hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamily(hostileText), async (options) => {
        expect(readOpenMetrics(await written([metricFamily(options)])).map(withBounds)).toEqual([expected(options)])
      }),
      { numRuns: 300 },
    )
  })

  test('T10: is read back equal with names of any text, for who asks for them', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamily(hostileText, true), async (options) => {
        const asked = { format: 'openmetrics', escaping: 'allow-utf-8' } as const
        const { blocks } = await writeExposition([metricFamily(options)], asked)
        expect(readOpenMetrics(Buffer.concat(blocks)).map(withBounds)).toEqual([expected(options)])
      }),
      { numRuns: 300 },
    )
  })

  test('is read back equal when families follow each other, through a registry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFamily(hostileText), { maxLength: 5 }), async (several) => {
        const families = several.map((options, i) => ({
          ...options,
          name: `f${i}_${options.name.replaceAll(':', '_')}`,
        }))
        const registry = new Registry({ onWarning: refuse })
        for (const options of families) registry.register({ collect: () => [metricFamily(options)] })
        expect(readOpenMetrics(await written(await registry.gather())).map(withBounds)).toEqual(families.map(expected))
      }),
      { numRuns: 100 },
    )
  })
})

async function written(families: readonly MetricFamily[]): Promise<Buffer> {
  const { blocks, byteLength } = await writeExposition(families, { format: 'openmetrics' })
  const bytes = Buffer.concat(blocks)
  expect(bytes.length).toBe(byteLength)
  return bytes
}

function refuse(message: string, cause: unknown): never {
  throw new Error(message, { cause })
}

/** A sample, with its upper bound or quantile as a number: that its text is right is the reader's to check. */
type BoundSample = Omit<ReadOpenMetricsSample, 'labels'> & {
  labels: readonly (readonly [name: string, value: string | number])[]
}

function withBounds(
  family: ReadOpenMetricsFamily,
): Omit<ReadOpenMetricsFamily, 'samples'> & { samples: BoundSample[] } {
  const own = family.type === 'summary' ? 'quantile' : family.type.endsWith('histogram') ? 'le' : undefined
  const samples = family.samples.map((sample) => ({
    ...sample,
    labels: sample.labels.map(
      ([name, value]) => [name, name === own ? Number(value.replace('+Inf', 'Infinity')) : value] as const,
    ),
  }))
  return { ...family, samples }
}

/** What is to be read, worked out from the rules of the format alone. */
function expected(options: MetricFamilyOptions): ReturnType<typeof withBounds> {
  const { name, help, type } = options
  const suffix = { counter: '_total', info: '_info' }[type as string] ?? ''
  const base = name.length > suffix.length && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name
  return {
    name: base,
    type,
    unit: '',
    help: wellFormed([help])[0]!,
    samples: options.samples.flatMap((sample) => {
      const labels = Object.entries(sample.labels).map(([label, value]) => [label, wellFormed([value])[0]!] as const)
      const ordered = namesOf(options).flatMap((label) => labels.filter(([own]) => own === label))
      return lines(options, sample.value as never).map(([ending, number, ...more]): BoundSample => {
        const line = { name: base + ending, labels: [...ordered, ...more], value: number + 0 }
        return sample.timestampMs === undefined ? line : { ...line, timestampSeconds: sample.timestampMs / 1000 }
      })
    }),
  }
}

/** Labels are in the order in which the family first has them. */
function namesOf(options: MetricFamilyOptions): string[] {
  return [...new Set(options.samples.flatMap((sample) => Object.keys(sample.labels)))]
}

type Line = readonly [suffix: string, value: number, ...more: (readonly [string, string | number])[]]

function lines(options: MetricFamilyOptions, value: never): readonly Line[] {
  switch (options.type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { buckets, sum, count } = value as (typeof options)['samples'][number]['value']
      const cumulative = buckets.map(({ upperBound }, i): Line => {
        const total = buckets.slice(0, i + 1).reduce((all, bucket) => all + bucket.count, 0)
        return ['_bucket', total, ['le', upperBound + 0]]
      })
      if (options.type === 'gaugehistogram') return [...cumulative, ['_gsum', sum], ['_gcount', count]]
      return buckets[0]!.upperBound < 0 ? cumulative : [...cumulative, ['_sum', sum], ['_count', count]]
    }
    case 'summary': {
      const { quantiles, sum, count } = value as (typeof options)['samples'][number]['value']
      const each = quantiles.map((one): Line => ['', one.value, ['quantile', one.quantile + 0]])
      return [...each, ['_sum', sum], ['_count', count]]
    }
    case 'stateset': {
      const states = value as (typeof options)['samples'][number]['value']
      return options.states.map((state) => [
        '',
        states[state] === true ? 1 : 0,
        [options.name, wellFormed([state])[0]!],
      ])
    }
    case 'counter':
      return [['_total', value]]
    case 'info':
      return [['_info', value]]
    default:
      return [['', value]]
  }
}
