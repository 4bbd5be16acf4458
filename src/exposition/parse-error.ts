/**
 * Every way in which a parser refuses an exposition.
 * The codes are stable: match on them, not on messages.
 */
export type ParseErrorCode =
  /** Bytes that are not UTF-8, or a lone surrogate. */
  | 'INVALID_UTF8'
  /** Bytes that are no message of the format: a number without end, a type that its field has not, too short. */
  | 'INVALID_MESSAGE'
  /** A field twice that is there once. */
  | 'DUPLICATE_FIELD'
  /** Neither a sample nor metadata: wrong blanks, tokens missing or too many. */
  | 'INVALID_LINE'
  /** A type that the format does not know. */
  | 'INVALID_TYPE'
  /** Not the name of a metric or label, or one that families cannot have. */
  | 'INVALID_NAME'
  /** A list of labels that is broken, or has or lacks a label that the format adds. */
  | 'INVALID_LABELS'
  /** A backslash before a character that it cannot escape, or a quote that lacks one. */
  | 'INVALID_ESCAPE'
  /** No number, or one that the type does not allow. */
  | 'INVALID_VALUE'
  /** No timestamp, or one that does not fit those of the same series. */
  | 'INVALID_TIMESTAMP'
  /** A unit that its family cannot have. */
  | 'INVALID_UNIT'
  /** An exemplar that is broken, too long, out of its bucket, or on a sample that has none. */
  | 'INVALID_EXEMPLAR'
  /** A sample name that its family must not use. */
  | 'INVALID_SAMPLE_NAME'
  /** Upper bounds or counts that are wrong, out of order, or other than those of the family. */
  | 'INVALID_BUCKETS'
  /** Quantiles that are wrong or out of order. */
  | 'INVALID_QUANTILES'
  /** A state set that lacks a state of the family. */
  | 'INVALID_STATES'
  /** A label twice in one series. */
  | 'DUPLICATE_LABEL_NAME'
  /** Two lines of metadata of one kind for one family. */
  | 'DUPLICATE_METADATA'
  /** A series twice. */
  | 'DUPLICATE_SERIES'
  /** Metadata behind the samples of their family. */
  | 'MISPLACED_METADATA'
  /** A series that lacks a part. */
  | 'MISSING_SAMPLE'
  /** A family, or in OpenMetrics a series, that goes on after another has begun. */
  | 'INTERLEAVED'
  /** Two families that would both have a sample name. */
  | 'NAME_CLASH'
  /** No end of the last line, or no `# EOF`. */
  | 'UNEXPECTED_END'
  /** Anything behind `# EOF`. */
  | 'CONTENT_AFTER_END'
  /** Series that have too little in common for the table that a family is. */
  | 'TOO_SPARSE'

/** Names and other texts in messages: they may be as long as the exposition. */
export function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** Where and why an exposition is refused: in a text at a line and column, in protobuf at a byte. */
export type ParseErrorDetails = {
  /** Of the conformance list; `narthex` where the format allows more than families can hold. */
  readonly rule: string
} & (
  | { readonly line: number; readonly column: number; readonly offset?: undefined }
  | { readonly offset: number; readonly line?: undefined; readonly column?: undefined }
)

/**
 * An exposition that breaks a rule of its format. The message says where, what was found and which rule it breaks.
 *
 * @example
 * ```ts
 * import { parseText, ParseError } from 'narthex/exposition'
 *
 * try {
 *   parseText('# TYPE jobs gauge\njobs three\n')
 * } catch (error) {
 *   if (error instanceof ParseError) console.log(error.code, error.line, error.column) // INVALID_VALUE 2 6
 * }
 * ```
 */
export class ParseError extends Error {
  readonly code: ParseErrorCode
  /**
   * The rule that is broken, as docs/conformance.md lists it; `narthex` where a family could not hold what is there.
   */
  readonly rule: string
  /** Of a text: lines count from 1. */
  readonly line: number | undefined
  /** Of a text: columns count from 1, in UTF-16 code units, as editors do. */
  readonly column: number | undefined
  /** Of protobuf: so many bytes of the exposition come before. */
  readonly offset: number | undefined

  constructor(code: ParseErrorCode, message: string, details: ParseErrorDetails) {
    const { rule, line, column, offset } = details
    const place = offset === undefined ? `Line ${line}, column ${column}` : `Byte ${offset}`
    super(`${place}: ${message} (${rule})`)
    this.name = 'ParseError'
    this.code = code
    this.rule = rule
    this.line = line
    this.column = column
    this.offset = offset
  }
}
