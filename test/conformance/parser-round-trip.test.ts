import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  metricFamily,
  samplesOf,
  type HistogramValue,
  type MetricFamily,
  type MetricFamilyOptions,
  type SampleValue,
} from 'narthex'
import {
  parseOpenMetrics,
  parseText,
  PrometheusTextParser,
  OpenMetricsTextParser,
  quotedLayout,
  writeOpenMetricsText,
  writePrometheusText,
} from 'narthex/exposition'
import { anyFamily, anyText, hostileText, wellFormed } from './any-family.ts'
import { anyRichFamily } from './any-rich-family.ts'
import { stateGauge } from './state-gauge.ts'

/** Families that may stand together, as their names cannot meet. */
const anyFamilies = fc
  .array(anyFamily(anyText), { maxLength: 4 })
  .map((several) => several.map((options, i) => ({ ...options, name: `f${i}_${options.name.replaceAll(':', '_')}` })))

describe('parseText reads what the writer wrote', () => {
  test('as the same family, whatever it holds', () => {
    fc.assert(
      fc.property(anyFamily(hostileText), (options) => {
        expect(parseText(textOf([options])).map(pictureOf)).toEqual([pictureOf(inText(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('T10: as the same family, whatever it is called', () => {
    fc.assert(
      fc.property(anyFamily(hostileText, true), (options) => {
        const written = Buffer.concat([...writePrometheusText([metricFamily(options)], { makeLayout: quotedLayout })])
        expect(parseText(written).map(pictureOf)).toEqual([pictureOf(inText(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('as the same families', () => {
    fc.assert(
      fc.property(anyFamilies, (several) => {
        expect(parseText(textOf(several)).map(pictureOf)).toEqual(several.map((each) => pictureOf(inText(each))))
      }),
      { numRuns: 100 },
    )
  })

  test('and writing that again gives the same bytes, but for the order of labels, which then stays', () => {
    const writtenAgain = (text: Uint8Array): Buffer => Buffer.concat([...writePrometheusText(parseText(text))])
    fc.assert(
      fc.property(anyFamilies, (several) => {
        const written = textOf(several)
        const again = writtenAgain(written)
        expect(again.length).toBe(written.length)
        expect(writtenAgain(again).toString()).toBe(again.toString())
      }),
      { numRuns: 100 },
    )
  })
})

describe('parseOpenMetrics reads what the writer wrote', () => {
  test('as the same family, whatever it holds', () => {
    fc.assert(
      fc.property(anyFamily(hostileText).map(lawful), (options) => {
        expect(parseOpenMetrics(openMetricsOf([options])).map(pictureOf)).toEqual([pictureOf(inOpenMetrics(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('T10: as the same family, whatever it is called', () => {
    fc.assert(
      fc.property(anyFamily(hostileText, true).map(lawful), (options) => {
        const written = Buffer.concat([...writeOpenMetricsText([metricFamily(options)], { makeLayout: quotedLayout })])
        expect(parseOpenMetrics(written).map(pictureOf)).toEqual([pictureOf(inOpenMetrics(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('as the same families, with their units', () => {
    fc.assert(
      fc.property(anyFamilies, (several) => {
        const lawfulOnes = several.map(lawful).map(withUnit)
        expect(parseOpenMetrics(openMetricsOf(lawfulOnes)).map(pictureOf)).toEqual(
          lawfulOnes.map((each) => pictureOf(inOpenMetrics(each))),
        )
      }),
      { numRuns: 100 },
    )
  })
})

test('parseOpenMetrics reads the start timestamps and exemplars that the writer wrote', () => {
  fc.assert(
    fc.property(anyRichFamily(hostileText).map(lawful).map(inOpenMetricsOnly), (options) => {
      const written = Buffer.concat([...writeOpenMetricsText([metricFamily(options)], { startTimestamps: true })])
      expect(parseOpenMetrics(written).map(richPictureOf)).toEqual([richPictureOf(inOpenMetrics(options))])
    }),
    { numRuns: 300 },
  )
})

describe('chunks may end anywhere', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 })

  test.each([
    ['parseText', textOf, () => new PrometheusTextParser()],
    ['parseOpenMetrics', openMetricsOf, () => new OpenMetricsTextParser()],
  ] as const)('%s reads the same as in one piece', (_, write, parser) => {
    fc.assert(
      fc.property(anyFamilies, sizes, fc.boolean(), (several, lengths, asText) => {
        const written = write(several.map(lawful))
        const whole = parser()
        whole.write(written)
        const inPieces = parser()
        for (const piece of pieces(asText ? written.toString() : written, lengths)) inPieces.write(piece)
        expect(inPieces.end()).toEqual(whole.end())
      }),
      { numRuns: 100 },
    )
  })
})

function* pieces<Input extends string | Uint8Array>(input: Input, lengths: readonly number[]): Generator<Input> {
  for (let at = 0, i = 0; at < input.length; i++) {
    // Always some progress, and sometimes nothing at all.
    const length = lengths[i % lengths.length]! + (i % 2)
    yield input.slice(at, at + length) as Input
    at += length
  }
}

function textOf(several: readonly MetricFamilyOptions[]): Buffer {
  return Buffer.concat([...writePrometheusText(several.map(metricFamily))])
}

function openMetricsOf(several: readonly MetricFamilyOptions[]): Buffer {
  return Buffer.concat([...writeOpenMetricsText(several.map(metricFamily))])
}

/** A family as the text format shows it: a state set is a gauge there, with a series for each state. */
function inText(options: MetricFamilyOptions): MetricFamily {
  if (options.type === 'gaugehistogram') return metricFamily({ ...options, type: 'histogram' })
  if (options.type === 'info') return metricFamily({ ...options, type: 'gauge' })
  return options.type === 'stateset' ? stateGauge(options) : metricFamily(options)
}

/** A family with the numbers that OpenMetrics allows for its type. */
function lawful(options: MetricFamilyOptions): MetricFamilyOptions {
  switch (options.type) {
    case 'counter':
      return { ...options, samples: options.samples.map((each) => ({ ...each, value: Math.abs(each.value) || 0 })) }
    case 'info':
      return { ...options, samples: options.samples.map((each) => ({ ...each, value: 1 })) }
    case 'gaugehistogram':
      return {
        ...options,
        samples: options.samples.map((each) => ({ ...each, value: { ...each.value, sum: Math.abs(each.value.sum) } })),
      }
    case 'summary':
      return {
        ...options,
        samples: options.samples.map((each) => ({
          ...each,
          value: {
            ...each.value,
            quantiles: each.value.quantiles.map(({ quantile, value }) => ({ quantile, value: Math.abs(value) })),
          },
        })),
      }
    default:
      return options
  }
}

/** Of a rich family what OpenMetrics 1.0 can say: no native buckets, whole counts, and no exemplar that is NaN. */
function inOpenMetricsOnly(options: MetricFamilyOptions): MetricFamilyOptions {
  const samples = options.samples.map(({ exemplars = [], ...sample }) => {
    const kept = exemplars.filter(({ value }) => !Number.isNaN(value))
    return { ...sample, ...(kept.length > 0 && { exemplars: kept }), value: classicValue(sample.value) }
  })
  return { ...options, samples } as MetricFamilyOptions
}

function classicValue(value: SampleValue): SampleValue {
  if (typeof value === 'number') return value
  const { sum, buckets: given } = value as Partial<HistogramValue>
  if (sum === undefined || !Array.isArray(given)) return value
  const buckets = (given as HistogramValue['buckets']).map(({ upperBound, count }) => ({
    upperBound,
    count: Math.ceil(count),
  }))
  return { count: buckets.reduce((total, { count }) => total + count, 0), sum, buckets }
}

function withUnit(options: MetricFamilyOptions): MetricFamilyOptions {
  if (options.type === 'info' || options.type === 'stateset') return options
  const name = `${options.name.replace(/_total$/, '')}_seconds`
  return { ...options, name: options.type === 'counter' ? `${name}_total` : name, unit: 'seconds' }
}

/** A family as OpenMetrics 1.0 shows it: names have the suffix of their type, and negative buckets no sum. */
function inOpenMetrics(options: MetricFamilyOptions): MetricFamily {
  const suffix = options.type === 'counter' ? '_total' : options.type === 'info' ? '_info' : ''
  const hasSuffix = options.name.endsWith(suffix) && options.name !== suffix
  const family = metricFamily({ ...options, name: hasSuffix ? options.name : options.name + suffix })
  if (options.type !== 'histogram' || options.upperBounds.every((bound) => bound >= 0)) return family
  const samples = options.samples.map((each) => ({ ...each, value: { ...each.value, sum: Number.NaN } }))
  return metricFamily({ ...options, samples })
}

/** What a family says, in an order that does not matter; text does not tell −0 from 0. */
function pictureOf(family: MetricFamily): unknown {
  const { name, help, type, unit } = family
  const samples = [...samplesOf(family)].map(({ labels, value, timestampMs }) => ({
    labels: Object.entries(labels)
      .map(([label, text]) => [label, ...wellFormed([text])])
      .toSorted(),
    value: plain(value),
    timestampMs,
  }))
  return { name, help: wellFormed([help])[0], type, unit, samples }
}

/** The same, with start timestamps and exemplars. */
function richPictureOf(family: MetricFamily): unknown {
  const rarities = [...samplesOf(family)].map(({ startTimestampMs, exemplars = [] }) => ({
    startTimestampMs,
    exemplars: exemplars.map(({ labels, value, timestampMs }) => ({
      labels: Object.entries(labels).map(([name, text]) => [name, ...wellFormed([text])]),
      value: plain(value),
      timestampMs,
    })),
  }))
  return [pictureOf(family), rarities]
}

/** Numbers as texts, so that NaN is NaN and −0 is 0; names as UTF-8 can hold them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value).map(([key, each]) => [...wellFormed([key]), plain(each)])
}
