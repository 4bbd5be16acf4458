import { shown } from '../errors.ts'
import { isUtf8Name } from '../model/names.ts'
import { ParseError, type ParseErrorCode } from './parse-error.ts'

const TAB = 9
const SPACE = 32
const QUOTE = 34
const COLON = 58
const BACKSLASH = 92

/** Reads the tokens of one line after the other. No token ends behind its line. */
export class TextScanner {
  /** The number of the line, from 1. */
  line = 0
  at = 0
  #text = ''
  #start = 0
  #end = 0

  /** Goes to the next line, which is `text` from `start` to `end`. */
  beginLine(text: string, start: number, end: number): void {
    this.line++
    this.#text = text
    this.#start = this.at = start
    this.#end = end
  }

  get atEnd(): boolean {
    return this.at === this.#end
  }

  /** Whether the line ends as it does on other systems, with a carriage return too. */
  get hasCarriageReturn(): boolean {
    return this.#end > this.#start && this.#text.charCodeAt(this.#end - 1) === 13
  }

  /** Whether the line goes on with `character`. */
  isAt(character: string): boolean {
    return this.at < this.#end && this.#text[this.at] === character
  }

  /** Steps over `token` if the line goes on with it. */
  skip(token: string): boolean {
    if (this.at + token.length > this.#end || !this.#text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  /** Steps over spaces and tabs. @returns whether there were any */
  skipBlanks(): boolean {
    const from = this.at
    while (this.at < this.#end && isBlank(this.#text.charCodeAt(this.at))) this.at++
    return this.at > from
  }

  /** All up to the next space, tab or end of the line. */
  word(): string {
    const from = this.at
    while (this.at < this.#end && !isBlank(this.#text.charCodeAt(this.at))) this.at++
    return this.#text.slice(from, this.at)
  }

  /** All up to the end of the line. */
  remainder(): string {
    const from = this.at
    this.at = this.#end
    return this.#text.slice(from, this.#end)
  }

  /**
   * The name of a metric, quoted or not (conformance T10). Empty if the line goes on with something else.
   *
   * @param keepUnknownEscapes as in {@link quoted}
   */
  metricName(keepUnknownEscapes: boolean): string {
    if (this.isAt('"')) return this.checkedName(this.at, this.quoted(keepUnknownEscapes))
    return this.#plainName(true)
  }

  /** A name that stood in quotes, of a metric or of a label: any text (conformance N1). @param at where it stands */
  checkedName(at: number, name: string): string {
    if (isUtf8Name(name)) return name
    throw this.error('INVALID_NAME', 'T10', `${shown(name)} is no name`, at)
  }

  /** The name of a label that is not quoted. Empty if the line goes on with something else. */
  labelName(): string {
    return this.#plainName(false)
  }

  /**
   * The text between quotes, of which the cursor is at the first.
   *
   * @param keepUnknownEscapes a backslash before any other character is a backslash, rather than an error (conformance
   * T5)
   */
  quoted(keepUnknownEscapes: boolean): string {
    const text = this.#text
    const from = this.at + 1
    let escaped = false
    let i = from
    for (; i < this.#end; i++) {
      const code = text.charCodeAt(i)
      if (code === QUOTE) break
      if (code !== BACKSLASH) continue
      escaped = true
      i++
    }
    if (i >= this.#end) throw this.error('INVALID_LABELS', 'T5', 'the quote is not closed')
    this.at = i + 1
    const content = text.slice(from, i)
    return escaped ? this.unescaped(content, from, keepUnknownEscapes, true) : content
  }

  /**
   * The text that `content` stands for.
   *
   * @param at where it stands in the line
   * @param quotes whether `\"` is a quote
   */
  unescaped(content: string, at: number, keepUnknownEscapes: boolean, quotes: boolean): string {
    return content.replaceAll(/\\([^]?)/gu, (sequence: string, character: string, offset: number) => {
      if (character === 'n') return '\n'
      if (character === '\\' || (quotes && character === '"')) return character
      if (keepUnknownEscapes) return sequence
      throw this.error('INVALID_ESCAPE', 'T5', `${shown(sequence)} stands for nothing`, at + offset)
    })
  }

  /** @param at the place in question; the cursor by default */
  error(code: ParseErrorCode, rule: string, message: string, at: number = this.at): ParseError {
    return new ParseError(code, message, { rule, line: this.line, column: at - this.#start + 1 })
  }

  /** What the line goes on with, for a message. */
  get shownRemainder(): string {
    return this.atEnd ? 'the end of the line' : shown(this.#text.slice(this.at, Math.min(this.#end, this.at + 61)))
  }

  #plainName(colons: boolean): string {
    const text = this.#text
    const from = this.at
    let i = from
    for (; i < this.#end; i++) {
      const code = text.charCodeAt(i)
      if (!(isLetter(code) || (i > from && isDigit(code)) || (colons && code === COLON))) break
    }
    this.at = i
    return text.slice(from, i)
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** `_` counts as one. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}
