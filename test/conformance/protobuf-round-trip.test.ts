import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricFamily, samplesOf, type MetricFamily, type MetricFamilyOptions } from 'narthex'
import {
  parseProtobuf,
  parseText,
  PrometheusProtobufParser,
  writePrometheusProtobuf,
  writePrometheusText,
} from 'narthex/exposition'
import { anyText, hostileText, wellFormed } from './any-family.ts'
import { anyRichFamily } from './any-rich-family.ts'
import { protobufOf, readProtobuf } from './protobuf-reader.ts'
import { stateGauge } from './state-gauge.ts'

/** Families that may stand together, as their names cannot meet. */
const anyFamilies = fc
  .array(anyRichFamily(anyText), { maxLength: 4 })
  .map((several) => several.map((options, i) => ({ ...options, name: `f${i}_${options.name.replaceAll(':', '_')}` })))
  .map((several) => several.map(withUnit))

describe('parseProtobuf reads what the writer wrote', () => {
  test('as the same family, whatever it holds', () => {
    fc.assert(
      fc.property(anyRichFamily(hostileText), (options) => {
        expect(parseProtobuf(bytesOf([options])).map(pictureOf)).toEqual([pictureOf(inProtobuf(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('N1: as the same family, whatever it is called', () => {
    fc.assert(
      fc.property(anyRichFamily(hostileText, true), (options) => {
        expect(parseProtobuf(bytesOf([options])).map(pictureOf)).toEqual([pictureOf(inProtobuf(options))])
      }),
      { numRuns: 300 },
    )
  })

  test('as the same families, with their units', () => {
    fc.assert(
      fc.property(anyFamilies, (several) => {
        expect(parseProtobuf(bytesOf(several)).map(pictureOf)).toEqual(
          several.map((each) => pictureOf(inProtobuf(each))),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('and writing that again gives the same bytes', () => {
    fc.assert(
      fc.property(anyFamilies, (several) => {
        const written = bytesOf(several)
        expect(written.equals(Buffer.concat([...writePrometheusProtobuf(parseProtobuf(written))]))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('in any chunks', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(anyFamilies, sizes, (several, lengths) => {
        const written = bytesOf(several)
        const parser = new PrometheusProtobufParser()
        for (let at = 0, i = 0; at < written.length; i++) {
          // Always some progress, and sometimes nothing at all.
          const length = lengths[i % lengths.length]! + (i % 2)
          parser.write(written.subarray(at, at + length))
          at += length
        }
        expect(parser.end()).toEqual(parseProtobuf(written))
      }),
      { numRuns: 100 },
    )
  })
})

describe('another implementation of protobuf', () => {
  test('reads what the writer wrote, and the parser what it writes of that: B3, numbers that are not packed', () => {
    let longer = 0
    fc.assert(
      fc.property(anyFamilies, (several) => {
        const written = bytesOf(several)
        const foreign = protobufOf(readProtobuf(written))
        if (foreign.length > written.length) longer++
        expect(parseProtobuf(foreign).map(pictureOf)).toEqual(parseProtobuf(written).map(pictureOf))
      }),
      { numRuns: 200 },
    )
    // A key for each number instead of one for all.
    expect(longer).toBeGreaterThan(5)
  })
})

test('text → protobuf → text is the same text, but for the order of labels', () => {
  fc.assert(
    fc.property(anyFamilies, (several) => {
      const text = Buffer.concat([...writePrometheusText(several.map(metricFamily))])
      const families = parseProtobuf(Buffer.concat([...writePrometheusProtobuf(parseText(text))]))
      const again = Buffer.concat([...writePrometheusText(families)])
      expect(again.length).toBe(text.length)
      expect(parseText(again).map(pictureOf)).toEqual(parseText(text).map(pictureOf))
    }),
    { numRuns: 200 },
  )
})

function bytesOf(several: readonly MetricFamilyOptions[]): Buffer {
  return Buffer.concat([...writePrometheusProtobuf(several.map(metricFamily))])
}

/** A family as protobuf shows it: an info is a gauge there, and a state set one with a series for each state. */
function inProtobuf(options: MetricFamilyOptions): MetricFamily {
  if (options.type === 'info') return metricFamily({ ...options, type: 'gauge' })
  return options.type === 'stateset' ? stateGauge(options) : metricFamily(options)
}

function withUnit(options: MetricFamilyOptions): MetricFamilyOptions {
  if (options.type === 'info' || options.type === 'stateset') return options
  const name = `${options.name.replace(/_total$/, '')}_seconds`
  return { ...options, name: options.type === 'counter' ? `${name}_total` : name, unit: 'seconds' }
}

/** All that a family says; the order of labels is that of their names here. */
function pictureOf(family: MetricFamily): unknown {
  const { name, help, type, unit } = family
  const samples = [...samplesOf(family)].map(({ labels, value, timestampMs, startTimestampMs, exemplars }) => ({
    labels: pairs(labels),
    value: plain(value),
    timestampMs,
    startTimestampMs,
    exemplars: exemplars?.map(plain),
  }))
  return { name, help: wellFormed([help])[0], type, unit, samples }
}

function pairs(labels: Readonly<Record<string, string>>): string[][] {
  return Object.entries(labels)
    .map(([label, text]) => [label, ...wellFormed([text])])
    .toSorted()
}

/** Numbers as texts, so that NaN is NaN and −0 is 0; texts as UTF-8 can hold them. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed([value])[0]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, plain(each)])
}
