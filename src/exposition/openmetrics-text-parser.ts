import { shown } from '../errors.ts'
import type { MetricType } from '../model/descriptor.ts'
import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar } from '../model/exemplar.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { LabelPairs, type LabelGrammar } from './label-pairs.ts'
import { parseNumber, parseSeconds } from './number-parser.ts'
import { OPENMETRICS_PARTS } from './sample-part.ts'
import { parseAll, type TextInput, type TextStream } from './text-input.ts'
import { TextParser, type ParseOptions } from './text-parser.ts'

/**
 * Reads an exposition in the text format of OpenMetrics 1.0. A stream of chunks gives a promise.
 *
 * @throws {ParseError} at the first line that breaks a rule of the format
 *
 * @example
 * ```ts
 * import { samplesOf } from 'narthex'
 * import { parseOpenMetrics } from 'narthex/exposition'
 *
 * const [jobs] = parseOpenMetrics('# TYPE jobs counter\njobs_total{queue="mail"} 3.0\n# EOF\n')
 * for (const { labels, value } of samplesOf(jobs!)) console.log(jobs!.name, jobs!.type, labels, value)
 * // jobs_total counter { queue: 'mail' } 3
 * ```
 */
export function parseOpenMetrics(input: TextInput, options?: ParseOptions): MetricFamily[]
export function parseOpenMetrics(input: TextStream, options?: ParseOptions): Promise<MetricFamily[]>
export function parseOpenMetrics(
  input: TextInput | TextStream,
  options?: ParseOptions,
): MetricFamily[] | Promise<MetricFamily[]> {
  return parseAll(new OpenMetricsTextParser(options), input)
}

/**
 * Reads the text format of OpenMetrics 1.0 (conformance O1–O17) chunk by chunk, for whoever gets them in other ways
 * than {@link parseOpenMetrics} takes them.
 *
 * @example
 * ```ts
 * import { OpenMetricsTextParser } from 'narthex/exposition'
 *
 * const parser = new OpenMetricsTextParser()
 * parser.write('jobs{queue="ma')
 * parser.write('il"} 3\n# EOF\n')
 * console.log(parser.end().map(({ name, type }) => `${name} is ${type}`)) // [ 'jobs is unknown' ]
 * ```
 */
export class OpenMetricsTextParser extends TextParser {
  readonly #grammar: LabelGrammar
  readonly #exemplarLabels = new LabelPairs()
  #ended = false

  constructor(options?: ParseOptions) {
    super(OPENMETRICS_PARTS, true, options)
    // OpenMetrics writes labels without any blanks, and lets a backslash stand for itself.
    this.#grammar = { loose: false, keepUnknownEscapes: true, nameAnywhere: !this.rules.strict, rule: 'O3' }
  }

  protected override readLine(): void {
    const { scanner } = this
    if (this.#ended) throw scanner.error('CONTENT_AFTER_END', 'O2', 'nothing comes behind # EOF')
    if (scanner.skip('# ')) this.#readMetadata()
    else this.#readSample()
  }

  protected override readLastLine(): void {
    this.readLine()
    if (!this.#ended) throw this.scanner.error('UNEXPECTED_END', 'O2', 'the exposition does not end with # EOF')
  }

  protected override checkEnd(): void {
    if (this.#ended) return
    this.scanner.beginLine('', 0, 0)
    throw this.scanner.error('UNEXPECTED_END', 'O2', 'the exposition does not end with # EOF')
  }

  #readMetadata(): void {
    const { scanner } = this
    const keywordPlace = scanner.at
    const keyword = scanner.word()
    if (keyword === 'EOF' && scanner.atEnd) {
      this.#ended = true
      return
    }
    if (keyword !== 'HELP' && keyword !== 'TYPE' && keyword !== 'UNIT')
      throw scanner.error('INVALID_LINE', 'O1', 'a comment is HELP, TYPE, UNIT or EOF', keywordPlace)
    this.#space()
    const place = scanner.at
    const name = scanner.metricName(true)
    if (name === '')
      throw scanner.error('INVALID_NAME', 'O3', `expected the name of a family, found ${scanner.shownRemainder}`)
    this.#space()
    if (keyword === 'HELP') this.families.help(name, this.#helpText(), place)
    else if (keyword === 'TYPE') this.families.type(name, this.#type(), place)
    else this.families.unit(name, this.#unit(), place)
  }

  /** Conformance O5. */
  #helpText(): string {
    const { scanner } = this
    const at = scanner.at
    const text = scanner.remainder()
    if (this.rules.strict) {
      for (let i = 0; i < text.length; i++) {
        if (text[i] === '\\') i++
        else if (text[i] === '"') throw scanner.error('INVALID_ESCAPE', 'O5', 'a quote has a backslash', at + i)
      }
    }
    return scanner.unescaped(text, at, true, true)
  }

  #type(): MetricType {
    const place = this.scanner.at
    const word = this.scanner.remainder()
    if (Object.hasOwn(OPENMETRICS_PARTS, word)) return word as MetricType
    throw this.scanner.error('INVALID_TYPE', 'O6', `the format has no type ${shown(word)}`, place)
  }

  #unit(): string {
    const place = this.scanner.at
    const unit = this.scanner.remainder()
    for (let i = 0; i < unit.length; i++) {
      const character = unit[i]!
      if (!/[a-zA-Z0-9_:]/.test(character))
        throw this.scanner.error('INVALID_UNIT', 'N7', `no unit has ${shown(character)}`, place + i)
    }
    return unit
  }

  #readSample(): void {
    const { scanner, labels } = this
    const place = scanner.at
    let name = scanner.isAt('"') ? '' : scanner.metricName(false)
    if (scanner.isAt('{')) labels.read(scanner, this.#grammar)
    else labels.clear()
    if (labels.metricName !== '' && name === '') name = labels.metricName
    else if (name === '' || labels.metricName !== '') {
      const blank = scanner.atEnd && scanner.at === place
      throw scanner.error('INVALID_LINE', 'O1', blank ? 'a line is not blank' : 'expected one name of a metric', place)
    }
    this.#space()
    const value = this.readValue()
    let timestampMs = Number.NaN
    let goesOn = this.#goesOn()
    if (goesOn && !scanner.isAt('#')) {
      timestampMs = this.#timestamp()
      goesOn = this.#goesOn()
    }
    if (goesOn && !scanner.isAt('#'))
      throw scanner.error('INVALID_LINE', 'O3', `expected an exemplar, found ${scanner.shownRemainder}`)
    this.#addSample(name, value, timestampMs, place)
  }

  #addSample(name: string, value: number, timestampMs: number, place: number): void {
    const { scanner } = this
    const exemplarPlace = scanner.at
    const exemplar = scanner.isAt('#') ? this.#exemplar() : undefined
    const { family, part } = this.families.sample(name, this.labels, value, timestampMs, place)
    if (exemplar === undefined) return
    const { strict } = this.rules
    const suits = part === 'bucket' || (part === 'value' && family.type === 'counter')
    const isInside = part !== 'bucket' || exemplar.value <= family.lastBound
    if (suits && isInside) family.addExemplar(exemplar)
    else if (strict && !suits)
      throw scanner.error('INVALID_EXEMPLAR', 'O17', 'only a counter and a bucket have exemplars', exemplarPlace)
    else if (strict)
      throw scanner.error(
        'INVALID_EXEMPLAR',
        'O17',
        `${exemplar.value} is not in the bucket to ${family.lastBound}`,
        exemplarPlace,
      )
  }

  /** Reads ` # {labels} value timestamp` from the `#` on. */
  #exemplar(): Exemplar {
    const { scanner } = this
    const labels = this.#exemplarLabels
    const place = scanner.at
    scanner.skip('#')
    this.#space()
    if (!scanner.isAt('{'))
      throw scanner.error('INVALID_EXEMPLAR', 'O17', `expected "{", found ${scanner.shownRemainder}`)
    labels.read(scanner, this.#grammar)
    this.#space()
    const value = this.#number()
    const timestampMs = this.#goesOn() ? this.#timestamp() : undefined
    if (!scanner.atEnd)
      throw scanner.error('INVALID_LINE', 'O3', `expected the end of the line, found ${scanner.shownRemainder}`)
    if (this.rules.strict) this.#checkExemplarLabels(place)
    const set = Object.fromEntries(labels.names.map((name, i) => [name, labels.values[i]!]))
    return timestampMs === undefined ? { labels: set, value } : { labels: set, value, timestampMs }
  }

  #checkExemplarLabels(place: number): void {
    const { names, values, metricName } = this.#exemplarLabels
    if (metricName !== '' || new Set(names).size < names.length)
      throw this.scanner.error('INVALID_EXEMPLAR', 'N4', 'an exemplar has each label once, and no name', place)
    const codePoints = codePointsOf(names.map((name, i) => [name, values[i]!]))
    if (codePoints > EXEMPLAR_CODE_POINTS)
      throw this.scanner.error(
        'INVALID_EXEMPLAR',
        'O17',
        `the labels have ${codePoints} code points, more than ${EXEMPLAR_CODE_POINTS}`,
        place,
      )
  }

  #number(): number {
    const place = this.scanner.at
    const word = this.scanner.word()
    const value = parseNumber(word)
    if (value === undefined) throw this.scanner.error('INVALID_EXEMPLAR', 'O17', `${shown(word)} is no number`, place)
    return value
  }

  #timestamp(): number {
    const place = this.scanner.at
    const word = this.scanner.word()
    const timestampMs = parseSeconds(word)
    if (timestampMs === undefined)
      throw this.scanner.error('INVALID_TIMESTAMP', 'O14', `${shown(word)} is no number of seconds`, place)
    return timestampMs
  }

  #goesOn(): boolean {
    if (this.scanner.atEnd) return false
    this.#space()
    return true
  }

  /** Exactly one space (conformance O3). */
  #space(): void {
    if (!this.scanner.skip(' '))
      throw this.scanner.error('INVALID_LINE', 'O3', `expected one space, found ${this.scanner.shownRemainder}`)
  }
}
