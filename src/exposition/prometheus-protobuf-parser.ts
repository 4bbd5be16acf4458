import type { MetricFamily } from '../model/metric-family.ts'
import { isUtf8Name } from '../model/names.ts'
import { MessageChunks } from './message-chunks.ts'
import { ParseAttempt } from './parse-attempt.ts'
import { brief } from './parse-error.ts'
import { ProtobufFamily, type ProtobufType } from './protobuf-family.ts'
import { FAMILY } from './protobuf-messages.ts'
import { ProtobufMetric } from './protobuf-metric.ts'
import { readMetric } from './protobuf-metric-reader.ts'
import { PROMETHEUS_PARTS } from './sample-part.ts'
import { parseAll } from './text-input.ts'
import type { ParseOptions } from './text-parser.ts'
import { WireReader } from './wire-reader.ts'
import { writtenUnit } from './written-unit.ts'

/** The types by their numbers (conformance B2). */
const TYPES: readonly ProtobufType[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram']

/** A whole exposition, or its chunks in their order. */
export type ProtobufInput = Uint8Array | Iterable<Uint8Array>

/** The chunks of an exposition as they arrive, such as the body of a response. */
export type ProtobufStream = AsyncIterable<Uint8Array>

/**
 * Reads a delimited protobuf exposition. A stream of chunks gives a promise.
 * An info and a state set were gauges there, and stay so.
 *
 * @throws {ParseError} at the first message that breaks a rule of the format, with its `offset`
 *
 * @example
 * ```ts
 * import { counter, expose, Registry, samplesOf } from 'narthex'
 * import { parseProtobuf } from 'narthex/exposition'
 *
 * const registry = new Registry()
 * counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'], registry }).inc({ queue: 'mail' }, 3)
 * const [jobs] = parseProtobuf(await expose(registry, { format: 'protobuf' }))
 * for (const { labels, value } of samplesOf(jobs!)) console.log(jobs!.name, jobs!.type, labels, value)
 * // jobs_total counter { queue: 'mail' } 3
 * ```
 */
export function parseProtobuf(input: ProtobufInput, options?: ParseOptions): MetricFamily[]
export function parseProtobuf(input: ProtobufStream, options?: ParseOptions): Promise<MetricFamily[]>
export function parseProtobuf(
  input: ProtobufInput | ProtobufStream,
  options?: ParseOptions,
): MetricFamily[] | Promise<MetricFamily[]> {
  return parseAll<Uint8Array>(new PrometheusProtobufParser(options), input)
}

/**
 * Reads delimited protobuf (conformance B1–B4) chunk by chunk, for whoever gets them in other ways than
 * {@link parseProtobuf} takes them.
 *
 * @example
 * ```ts
 * import { PrometheusProtobufParser } from 'narthex/exposition'
 *
 * const parser = new PrometheusProtobufParser()
 * parser.write(Uint8Array.of(8, 10, 4, 106))
 * parser.write(Uint8Array.of(111, 98, 115, 24, 1))
 * console.log(parser.end().map(({ name, type }) => `${name} is a ${type}`)) // [ 'jobs is a gauge' ]
 * ```
 */
export class PrometheusProtobufParser {
  readonly #chunks: MessageChunks = new MessageChunks((bytes, from, to, base) => {
    this.#readFamily(bytes, from, to, base)
  })
  readonly #reader: WireReader
  readonly #metric = new ProtobufMetric()
  readonly #families = new Map<string, ProtobufFamily>()
  /** Whose each sample name is. */
  readonly #claims = new Map<string, ProtobufFamily>()
  readonly #attempt: ParseAttempt = new ParseAttempt()

  constructor({ lenient = false }: ParseOptions = {}) {
    this.#reader = new WireReader(!lenient)
  }

  /**
   * Reads the next chunk of the exposition, which may end anywhere.
   *
   * @throws {ParseError} at the first family that breaks a rule; after that, whatever is asked of the parser throws it
   * again
   */
  write(chunk: Uint8Array): void {
    this.#attempt.step(() => this.#chunks.add(chunk))
  }

  /**
   * The families, once the whole exposition was written.
   *
   * @throws {ParseError} if it ends too soon
   */
  end(): MetricFamily[] {
    return this.#attempt.step(() => {
      this.#chunks.end()
      return [...this.#families.values()].map((family) => family.build(this.#reader))
    })
  }

  #readFamily(bytes: Uint8Array, from: number, to: number, base: number): void {
    const reader = this.#reader
    reader.begin(bytes, from, to, base)
    // The fields may be in any order, and metrics come to mean something by the type of their family.
    const family = this.#readDescriptor()
    reader.begin(bytes, from, to, base)
    while (reader.next()) {
      if (reader.field !== FAMILY.metric) {
        reader.skip()
        continue
      }
      readMetric(reader, this.#metric, family.kind)
      family.add(reader, this.#metric)
    }
  }

  #readDescriptor(): ProtobufFamily {
    const reader = this.#reader
    let { place } = reader
    let name = ''
    let help = ''
    let unit = ''
    let type: ProtobufType = 'counter'
    for (let seen = 0; reader.next();) {
      if (reader.field === FAMILY.metric || reader.field > FAMILY.unit) {
        reader.skip()
        continue
      }
      seen = reader.once(seen)
      if (reader.field === FAMILY.name) {
        ;({ place } = reader)
        name = reader.text('N1')
      } else if (reader.field === FAMILY.help) help = reader.text('T5')
      else if (reader.field === FAMILY.type) type = this.#readType()
      else unit = reader.text('N7')
    }
    if (!isUtf8Name(name)) throw reader.error('INVALID_NAME', 'N1', 'a family has no name', place)
    // Prometheus refuses the whole scrape, so this is no matter of leniency.
    if (unit !== writtenUnit({ name, type, unit }))
      throw reader.error('INVALID_UNIT', 'N7', `${brief(name)} does not end with its unit, ${brief(unit)}`, place)
    return this.#family(new ProtobufFamily(name, type, help, unit), place)
  }

  #readType(): ProtobufType {
    const number = this.#reader.int64()
    const type = TYPES[number]
    if (type !== undefined) return type
    throw this.#reader.error('INVALID_TYPE', 'B2', `the format has no type ${number}`)
  }

  /** The family, or the one of its name that was there before. */
  #family(family: ProtobufFamily, place: number): ProtobufFamily {
    const { name, type } = family
    const known = this.#families.get(name)
    if (known !== undefined && this.#reader.strict)
      throw this.#reader.error('DUPLICATE_METADATA', 'T4', `the family ${brief(name)} was there before`, place)
    if (known !== undefined && known.type !== type)
      throw this.#reader.error('NAME_CLASH', 'O8', `${brief(name)} was a ${known.type} before`, place)
    if (known !== undefined) return known
    if (this.#reader.strict) this.#claim(family, place)
    this.#families.set(name, family)
    return family
  }

  /** No two families may have the same sample name (conformance O8). */
  #claim(family: ProtobufFamily, place: number): void {
    const { name, type } = family
    const parts = PROMETHEUS_PARTS[type === 'gaugehistogram' ? 'histogram' : type]!
    for (const suffix of new Set(['', ...Object.keys(parts)])) {
      const other = this.#claims.get(name + suffix)
      if (other !== undefined)
        throw this.#reader.error(
          'NAME_CLASH',
          'O8',
          `${brief(other.name)} and ${brief(name)} would both have the sample ${brief(name + suffix)}`,
          place,
        )
      this.#claims.set(name + suffix, family)
    }
  }
}
