import { shown } from '../errors.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { LabelPairs } from './label-pairs.ts'
import { parseNumber } from './number-parser.ts'
import { ParseAttempt } from './parse-attempt.ts'
import { ParsedFamilies } from './parsed-families.ts'
import type { ParseRules } from './parsed-point.ts'
import type { SampleParts } from './sample-part.ts'
import { TextChunks, type CompleteLines } from './text-chunks.ts'
import { TextScanner } from './text-scanner.ts'

/** What the parsers of the text formats take. */
export interface ParseOptions {
  /** Tolerates what Prometheus tolerates at a scrape, as far as a family can hold it. Off by default. */
  readonly lenient?: boolean
}

/**
 * What the parsers of the text formats share: chunks to lines to families.
 * A format says what one line is.
 */
export abstract class TextParser {
  protected readonly rules: ParseRules
  protected readonly scanner: TextScanner = new TextScanner()
  protected readonly labels: LabelPairs = new LabelPairs()
  protected readonly families: ParsedFamilies
  readonly #chunks = new TextChunks()
  readonly #attempt: ParseAttempt = new ParseAttempt()

  constructor(parts: SampleParts, openMetrics: boolean, { lenient = false }: ParseOptions = {}) {
    this.rules = { strict: !lenient, openMetrics }
    this.families = new ParsedFamilies(parts, this.rules, this.scanner)
  }

  /**
   * Reads the next chunk of the exposition, which may end anywhere. Bytes are UTF-8.
   *
   * @throws {ParseError} at the first line that breaks a rule; after that, whatever is asked of the parser throws it
   * again
   */
  write(chunk: string | Uint8Array): void {
    this.#attempt.step(() => this.#readLines(this.#chunks.add(chunk)))
  }

  /**
   * The families, once the whole exposition was written.
   *
   * @throws {ParseError} if it ends too soon, or a series lacks a part
   */
  end(): MetricFamily[] {
    return this.#attempt.step(() => {
      const rest = this.#chunks.rest()
      if (rest.brokenAt !== undefined) throw this.#brokenLine(rest.brokenAt)
      if (rest.text !== '') {
        this.scanner.beginLine(rest.text, 0, rest.text.length)
        this.readLastLine()
      }
      this.checkEnd()
      return this.families.build()
    })
  }

  /** Reads the line that the scanner has begun. */
  protected abstract readLine(): void

  /** The same for a last line that has no end. */
  protected abstract readLastLine(): void

  /** What a format wants of an exposition as a whole. */
  protected checkEnd(): void {}

  /** The word at the cursor as the value of a sample. */
  protected readValue(): number {
    const { scanner } = this
    const place = scanner.at
    const word = scanner.word()
    const value = parseNumber(word)
    if (value === undefined) throw scanner.error('INVALID_VALUE', 'T6', `${shown(word)} is no number`, place)
    return value
  }

  #readLines({ text, brokenAt }: CompleteLines): void {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start)
      this.scanner.beginLine(text, start, end)
      this.readLine()
      start = end + 1
    }
    if (brokenAt !== undefined) throw this.#brokenLine(brokenAt)
  }

  #brokenLine(column: number): Error {
    this.scanner.beginLine('', 0, 0)
    return this.scanner.error('INVALID_UTF8', this.rules.openMetrics ? 'O1' : 'N3', 'this is not UTF-8', column - 1)
  }
}
