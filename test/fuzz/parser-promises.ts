import { isDeepStrictEqual } from 'node:util'
import { samplesOf, type MetricFamily, type SampleValue } from 'narthex'
import {
  OpenMetricsTextParser,
  ParseError,
  PrometheusProtobufParser,
  PrometheusTextParser,
  quotedLayout,
  writeOpenMetricsText,
  writePrometheusProtobuf,
  writePrometheusText,
} from 'narthex/exposition'

interface FuzzedFormat {
  parser(lenient: boolean): { write(chunk: Uint8Array): void; end(): MetricFamily[] }
  write(families: Iterable<MetricFamily>): Iterable<Uint8Array>
}

export const FUZZED_FORMATS: Readonly<Record<'text' | 'openmetrics' | 'protobuf', FuzzedFormat>> = {
  text: { parser: (lenient) => new PrometheusTextParser({ lenient }), write: inQuotes(writePrometheusText) },
  openmetrics: { parser: (lenient) => new OpenMetricsTextParser({ lenient }), write: inQuotes(writeOpenMetricsText) },
  protobuf: { parser: (lenient) => new PrometheusProtobufParser({ lenient }), write: writePrometheusProtobuf },
}

/** Names are any text, and are to be the same again. */
function inQuotes(write: typeof writePrometheusText): FuzzedFormat['write'] {
  return (families) => write(families, { makeLayout: quotedLayout })
}

/**
 * What a parser promises of any input: it is refused with a place in it, or it is families that can be written;
 * strict parsing accepts nothing that lenient parsing refuses or reads otherwise, and nothing that is something else
 * once it was written again; and chunks make no difference.
 *
 * @throws {Error} what is broken
 */
export function expectParserPromises(format: FuzzedFormat, input: Uint8Array): void {
  const strict = outcome(format, input, false)
  const lenient = outcome(format, input, true)
  if (!isDeepStrictEqual(outcome(format, input, false, 7), strict)) throw new Error('chunks make a difference')
  if (!isDeepStrictEqual(outcome(format, input, true, 1), lenient)) throw new Error('bytes make a difference')
  if (Array.isArray(strict) && !isDeepStrictEqual(lenient, strict)) throw new Error('leniency makes a difference')
  if (Array.isArray(lenient)) written(format, lenient)
  if (!Array.isArray(strict)) return
  const again = outcome(format, written(format, strict), true)
  if (!isDeepStrictEqual(seriesOf(again), seriesOf(strict))) throw new Error('written again, it is something else')
}

function written(format: FuzzedFormat, families: readonly MetricFamily[]): Uint8Array {
  return Buffer.concat(Array.from(format.write(families)))
}

/** Of every family its series; their labels have no order. */
function seriesOf(families: readonly MetricFamily[] | string): unknown {
  if (typeof families === 'string') return families
  return families.map((family) => [
    family.name,
    Array.from(samplesOf(family), ({ labels, value }) => [Object.entries(labels).toSorted(), plain(value)]),
  ])
}

/** Text does not tell −0 from 0. Counts that are not whole are written as sums, and so come back only nearly. */
function plain(value: SampleValue): unknown {
  if (typeof value === 'number') return value + 0
  if (!('buckets' in value) || typeof value.buckets === 'boolean') return value
  return value.buckets.every(({ count }) => Number.isInteger(count)) ? value : 'a histogram of doubles'
}

/** The families, or how they are refused. */
function outcome(
  format: FuzzedFormat,
  input: Uint8Array,
  lenient: boolean,
  chunkLength: number = input.length || 1,
): MetricFamily[] | string {
  try {
    const parser = format.parser(lenient)
    for (let at = 0; at < input.length; at += chunkLength) parser.write(input.subarray(at, at + chunkLength))
    return parser.end()
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    if (!isInside(error, input)) throw new Error(`no such place: ${error.message}`, { cause: error })
    return error.message
  }
}

function isInside({ line = 0, column = 0, offset }: ParseError, input: Uint8Array): boolean {
  if (offset !== undefined) return offset >= 0 && offset <= input.length
  return line >= 1 && line <= Buffer.from(input).toString().split('\n').length && column >= 1
}
