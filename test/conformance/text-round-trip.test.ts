import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricFamily, Registry, type MetricFamilyOptions } from 'narthex'
import { writeExposition } from 'narthex/exposition'
import { anyFamily, hostileText, wellFormed } from './any-family.ts'
import { readText, type ReadFamily, type ReadSample } from './text-reader.ts'
import type { LabelPair } from './text-tokens.ts'

describe('an exposition in the text format', () => {
  test('is read back equal, whatever families hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamily(hostileText), async (options) => {
        const { blocks } = await writeExposition([metricFamily(options)])
        expect(readText(Buffer.concat(blocks))).toEqual([expected(options)])
      }),
      { numRuns: 300 },
    )
  })

  test('T10: is read back equal with names of any text, for who asks for them', async () => {
    await fc.assert(
      fc.asyncProperty(anyFamily(hostileText, true), async (options) => {
        const { blocks } = await writeExposition([metricFamily(options)], { escaping: 'allow-utf-8' })
        expect(readText(Buffer.concat(blocks))).toEqual([expected(options)])
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
        const { blocks } = await writeExposition(await registry.gather())
        expect(readText(Buffer.concat(blocks))).toEqual(families.map(expected))
      }),
      { numRuns: 100 },
    )
  })
})

function refuse(message: string, cause: unknown): never {
  throw new Error(message, { cause })
}

const TYPES = { info: 'gauge', stateset: 'gauge', gaugehistogram: 'histogram', unknown: 'untyped' } as const

/** What is to be read, worked out from the rules of the format alone. */
function expected(options: MetricFamilyOptions): ReadFamily {
  const { name, help, type } = options
  return {
    name,
    help: wellFormed([help])[0]!,
    type: (TYPES as Readonly<Record<string, string>>)[type] ?? type,
    samples: options.samples.flatMap((sample) => {
      const labels = Object.entries(sample.labels).map(([label, value]): LabelPair => [label, wellFormed([value])[0]!])
      const ordered = namesOf(options).flatMap((label) => labels.filter(([own]) => own === label))
      return lines(options, sample.value as never).map(([suffix, number, ...more]): ReadSample => {
        // The text format does not tell −0 from 0.
        const line = { name: name + suffix, labels: [...ordered, ...more], value: number + 0 }
        return sample.timestampMs === undefined ? line : { ...line, timestampMs: sample.timestampMs }
      })
    }),
  }
}

/** Labels are in the order in which the family first has them. */
function namesOf(options: MetricFamilyOptions): string[] {
  return [...new Set(options.samples.flatMap((sample) => Object.keys(sample.labels)))]
}

type Line = readonly [suffix: string, value: number, ...more: LabelPair[]]

function lines(options: MetricFamilyOptions, value: never): readonly Line[] {
  switch (options.type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { buckets, sum, count } = value as (typeof options)['samples'][number]['value']
      const cumulative = buckets.map(({ upperBound }, i): Line => {
        const total = buckets.slice(0, i + 1).reduce((all, bucket) => all + bucket.count, 0)
        return ['_bucket', total, ['le', goText(upperBound)]]
      })
      return [...cumulative, ['_sum', sum], ['_count', count]]
    }
    case 'summary': {
      const { quantiles, sum, count } = value as (typeof options)['samples'][number]['value']
      const each = quantiles.map((one): Line => ['', one.value, ['quantile', goText(one.quantile)]])
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
    default:
      return [['', value]]
  }
}

/**
 * The shortest digits that read back equal, put down as Go does (conformance O16): from the digits, not as the writer
 * does it.
 */
function goText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf'
  if (bound === 0) return '0'
  const [, sign, first, more = '', power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(bound.toExponential())!
  const exponent = Number(power)
  const digits = first! + more
  if (exponent < -4 || exponent >= 6) {
    const size = Math.abs(exponent)
    return `${sign}${first}${more && `.${more}`}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return `${sign}${whole}${fraction && `.${fraction}`}`
}
