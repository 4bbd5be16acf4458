import type { TextScanner } from './text-scanner.ts'

/** How a format writes labels. */
export interface LabelGrammar {
  /** Any number of spaces and tabs between tokens, and a comma behind the last label (conformance T5, O3). */
  readonly loose: boolean
  /** A backslash before a character that it cannot escape is a backslash. */
  readonly keepUnknownEscapes: boolean
  /** The name of the metric may stand behind labels, too (conformance T10). */
  readonly nameAnywhere: boolean
  /** The rule that a wrong list breaks. */
  readonly rule: string
}

/** The label pairs of one line, as they stand there. One object serves all lines. */
export class LabelPairs {
  readonly names: string[] = []
  readonly values: string[] = []
  /** Where each name stands. */
  readonly places: number[] = []
  /** The name of the metric, where it stands among the labels (conformance T10). */
  metricName = ''

  get length(): number {
    return this.names.length
  }

  clear(): void {
    this.names.length = 0
    this.values.length = 0
    this.places.length = 0
    this.metricName = ''
  }

  /** Reads `{a="x",b="y"}`, of which the cursor is at the brace. */
  read(scanner: TextScanner, grammar: LabelGrammar): void {
    this.clear()
    scanner.skip('{')
    blanks(scanner, grammar)
    if (scanner.skip('}')) return
    for (;;) {
      this.#readItem(scanner, grammar)
      blanks(scanner, grammar)
      if (scanner.skip('}')) return
      if (!scanner.skip(','))
        throw scanner.error('INVALID_LABELS', grammar.rule, `expected "," or "}", found ${scanner.shownRemainder}`)
      blanks(scanner, grammar)
      if (grammar.loose && scanner.skip('}')) return
    }
  }

  #readItem(scanner: TextScanner, grammar: LabelGrammar): void {
    const place = scanner.at
    const isQuoted = scanner.isAt('"')
    const name = isQuoted ? scanner.quoted(grammar.keepUnknownEscapes) : scanner.labelName()
    if (name === '' && !isQuoted)
      throw scanner.error('INVALID_LABELS', grammar.rule, `expected a label name, found ${scanner.shownRemainder}`)
    blanks(scanner, grammar)
    const mayBeMetric = this.metricName === '' && (this.length === 0 || grammar.nameAnywhere)
    if (isQuoted && !scanner.isAt('=') && mayBeMetric) {
      this.metricName = scanner.checkedName(place, name)
      return
    }
    if (!scanner.skip('='))
      throw scanner.error('INVALID_LABELS', grammar.rule, `expected "=", found ${scanner.shownRemainder}`)
    blanks(scanner, grammar)
    if (!scanner.isAt('"'))
      throw scanner.error('INVALID_LABELS', grammar.rule, `expected a quote, found ${scanner.shownRemainder}`)
    this.names.push(isQuoted ? scanner.checkedName(place, name) : name)
    this.values.push(scanner.quoted(grammar.keepUnknownEscapes))
    this.places.push(place)
  }
}

function blanks(scanner: TextScanner, grammar: LabelGrammar): void {
  if (grammar.loose) scanner.skipBlanks()
}
