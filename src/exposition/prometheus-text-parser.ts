import { shown } from '../errors.ts'
import type { MetricType } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { LabelGrammar } from './label-pairs.ts'
import { parseMilliseconds } from './number-parser.ts'
import { PROMETHEUS_PARTS } from './sample-part.ts'
import { parseAll, type TextInput, type TextStream } from './text-input.ts'
import { TextParser, type ParseOptions } from './text-parser.ts'

/** The types that the format knows (conformance T3). */
const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
])

/**
 * Reads an exposition in the Prometheus text format 0.0.4 or 1.0.0, which has quoted names (conformance T10).
 * A stream of chunks gives a promise.
 *
 * @throws {ParseError} at the first line that breaks a rule of the format
 *
 * @example
 * ```ts
 * import { samplesOf } from 'narthex'
 * import { parseText } from 'narthex/exposition'
 *
 * const [jobs] = parseText('# TYPE jobs_total counter\njobs_total{queue="mail"} 3\n')
 * for (const { labels, value } of samplesOf(jobs!)) console.log(jobs!.name, jobs!.type, labels, value)
 * // jobs_total counter { queue: 'mail' } 3
 * ```
 */
export function parseText(input: TextInput, options?: ParseOptions): MetricFamily[]
export function parseText(input: TextStream, options?: ParseOptions): Promise<MetricFamily[]>
export function parseText(
  input: TextInput | TextStream,
  options?: ParseOptions,
): MetricFamily[] | Promise<MetricFamily[]> {
  return parseAll(new PrometheusTextParser(options), input)
}

/**
 * Reads the Prometheus text format (conformance T1–T10) chunk by chunk, for whoever gets them in other ways than
 * {@link parseText} takes them.
 *
 * @example
 * ```ts
 * import { PrometheusTextParser } from 'narthex/exposition'
 *
 * const parser = new PrometheusTextParser()
 * parser.write('jobs{queue="ma')
 * parser.write('il"} 3\n')
 * console.log(parser.end().map(({ name, type }) => `${name} is ${type}`)) // [ 'jobs is unknown' ]
 * ```
 */
export class PrometheusTextParser extends TextParser {
  readonly #grammar: LabelGrammar

  constructor(options?: ParseOptions) {
    super(PROMETHEUS_PARTS, false, options)
    const lenient = !this.rules.strict
    this.#grammar = { loose: true, keepUnknownEscapes: lenient, nameAnywhere: lenient, rule: 'T5' }
  }

  protected override readLine(): void {
    const { scanner } = this
    scanner.skipBlanks()
    if (scanner.atEnd) return
    if (scanner.skip('#')) this.#readComment()
    else this.#readSample()
  }

  protected override readLastLine(): void {
    this.readLine()
    if (this.rules.strict)
      throw this.scanner.error('UNEXPECTED_END', 'T2', 'the last line does not end with a line feed')
  }

  /** A comment is HELP, TYPE or of no meaning. */
  #readComment(): void {
    const { scanner } = this
    scanner.skipBlanks()
    const keyword = scanner.word()
    if (keyword !== 'HELP' && keyword !== 'TYPE') return
    scanner.skipBlanks()
    const place = scanner.at
    const name = scanner.metricName(this.#grammar.keepUnknownEscapes)
    const isSeparate = scanner.atEnd || scanner.isAt(' ') || scanner.isAt('\t')
    if (name === '' || !isSeparate)
      throw scanner.error('INVALID_NAME', 'T4', `expected the name of a metric, found ${scanner.shownRemainder}`)
    if (keyword === 'HELP') this.families.help(name, this.#helpText(), place)
    else this.families.type(name, this.#type(), place)
  }

  /** One blank ends the name; all else is text, so that any text can be told. */
  #helpText(): string {
    const { scanner } = this
    if (scanner.atEnd) return ''
    scanner.at++
    const at = scanner.at
    return scanner.unescaped(scanner.remainder(), at, !this.rules.strict, false)
  }

  #type(): MetricType {
    const { scanner } = this
    this.#refuseCarriageReturn()
    scanner.skipBlanks()
    const place = scanner.at
    const word = scanner.word()
    const type = TYPES.get(word)
    scanner.skipBlanks()
    if (type !== undefined && scanner.atEnd) return type
    if (type === undefined) throw scanner.error('INVALID_TYPE', 'T3', `the format has no type ${shown(word)}`, place)
    throw scanner.error('INVALID_LINE', 'T4', `expected the end of the line, found ${scanner.shownRemainder}`)
  }

  #readSample(): void {
    const { scanner, labels } = this
    this.#refuseCarriageReturn()
    const place = scanner.at
    let name = scanner.isAt('"') ? '' : scanner.metricName(false)
    const isSeparate = scanner.skipBlanks()
    const hasLabels = scanner.isAt('{')
    if (hasLabels) labels.read(scanner, this.#grammar)
    else labels.clear()
    if (labels.metricName !== '' && name === '') name = labels.metricName
    else if (name === '' || labels.metricName !== '' || !(isSeparate || hasLabels))
      throw scanner.error('INVALID_LINE', 'T4', 'expected one name of a metric, and then labels or a value', place)
    scanner.skipBlanks()
    const value = this.readValue()
    scanner.skipBlanks()
    const timestampMs = scanner.atEnd ? Number.NaN : this.#timestamp()
    this.families.sample(name, labels, value, timestampMs, place)
  }

  #timestamp(): number {
    const { scanner } = this
    const place = scanner.at
    const word = scanner.word()
    const timestampMs = parseMilliseconds(word)
    if (timestampMs === undefined)
      throw scanner.error('INVALID_TIMESTAMP', 'T6', `${shown(word)} is no integer of milliseconds`, place)
    scanner.skipBlanks()
    if (scanner.atEnd) return timestampMs
    throw scanner.error('INVALID_LINE', 'T4', `expected the end of the line, found ${scanner.shownRemainder}`)
  }

  #refuseCarriageReturn(): void {
    if (this.scanner.hasCarriageReturn)
      throw this.scanner.error(
        'INVALID_LINE',
        'T2',
        'a line ends with a line feed alone, not with a carriage return too',
      )
  }
}
