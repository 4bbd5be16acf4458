import { inOneChunk, placedExemplars } from '../model/build-columns.ts'
import type { MetricType } from '../model/descriptor.ts'
import type { Exemplar, RowExemplars } from '../model/exemplar.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesColumns } from '../model/series-columns.ts'
import type { LabelPairs } from './label-pairs.ts'
import { brief, ParseError, type ParseErrorCode } from './parse-error.ts'
import { checkOrder, checkPoint, checkValue, parseBound, ParsedPoint, type ParseRules } from './parsed-point.ts'
import { isWarranted, ParsedSeries } from './parsed-series.ts'
import type { SamplePart } from './sample-part.ts'
import type { TextScanner } from './text-scanner.ts'

/** A family of which the lines are being read. */
export class ParsedFamily {
  /** As HELP and TYPE have it: in OpenMetrics without the suffix of the type. */
  readonly name: string
  type: MetricType = 'unknown'
  help = ''
  unit = ''
  /** Whether lines of another family came behind those of this one. */
  isLeft = false
  /** The kinds of metadata that were there. */
  readonly metadata: string[] = []
  readonly #rules: ParseRules
  readonly #series = new ParsedSeries()
  readonly #points: ParsedPoint[] = []
  #lastRow = -1
  /** Buckets, quantiles or states: the columns, by their text and as what it says. */
  #columnOf: Map<string, number> | undefined
  readonly #bounds: number[] = []
  readonly #states: string[] = []
  /** Row, column, value and line of each, one after the other. */
  readonly #cells: number[] = []

  constructor(name: string, rules: ParseRules) {
    this.name = name
    this.#rules = rules
  }

  get hasSamples(): boolean {
    return this.#points.length > 0
  }

  /** Takes one line. @param timestampMs NaN for none */
  add(part: SamplePart, labels: LabelPairs, value: number, timestampMs: number, scanner: TextScanner): void {
    const row = this.#series.rowOf(labels, this.#formatLabel, scanner)
    this.#checkFormatLabel(part, scanner)
    const point = this.#point(row, part, timestampMs, scanner)
    point.line = scanner.line
    if (this.#rules.strict) checkValue(this.type, part, value, this.#rules, scanner)
    if (part === 'bucket' || part === 'quantile') this.#addBound(row, point, part, value, scanner)
    else if (part === 'state') this.#addCell(row, point, this.#stateColumn(this.#series.formatLabel!), value)
    else if (!point.has(part)) point.set(part, value)
    else if (this.#rules.strict) throw scanner.error('DUPLICATE_SERIES', 'T8', 'this series was there before')
  }

  /** Takes the exemplar of the line that was taken last. */
  addExemplar(exemplar: Exemplar): void {
    const point = this.#points[this.#lastRow]!
    if (point.exemplars === undefined) point.exemplars = [exemplar]
    else point.exemplars.push(exemplar)
  }

  /** The upper bound of the bucket that the last line told. */
  get lastBound(): number {
    return this.#points[this.#lastRow]?.lastBound ?? Number.POSITIVE_INFINITY
  }

  /**
   * @param name of the family as a whole, with the suffix of its type
   * @throws {ParseError} if a series lacks a part, or the series are too different for a family
   */
  build(name: string): MetricFamily {
    const { help, unit, type } = this
    for (const point of this.#rules.strict ? this.#points : []) this.#check(point)
    const descriptor = { name, help, unit, labelNames: this.#series.labelNames }
    switch (type) {
      case 'counter':
      case 'gauge':
      case 'info':
      case 'unknown':
        return { ...descriptor, type, columns: this.#columns(1, (values, row, point) => (values[row] = point.value)) }
      case 'histogram':
      case 'gaugehistogram': {
        const order = this.#order()
        const upperBounds = order.map((column) => this.#bounds[column]!).filter(Number.isFinite)
        const width = upperBounds.length + 2
        const table = this.#table(order, width)
        return { ...descriptor, type, upperBounds, columns: this.#columns(width, fillHistogram, table) }
      }
      case 'summary': {
        const order = this.#order()
        const quantiles = order.map((column) => this.#bounds[column]!)
        const width = quantiles.length + 2
        return {
          ...descriptor,
          type,
          quantiles,
          columns: this.#columns(width, fillSummary, this.#table(order, width, 2)),
        }
      }
      case 'stateset': {
        const order = [...this.#states.keys()]
        const width = this.#states.length
        const table = this.#table(order, width)
        return { ...descriptor, type, states: this.#states, columns: this.#columns(width, fillStates, table) }
      }
    }
  }

  /** The label that the format adds to those of the metric. */
  get #formatLabel(): string | undefined {
    if (this.type === 'stateset') return this.name
    if (this.type === 'summary') return 'quantile'
    return this.type === 'histogram' || this.type === 'gaugehistogram' ? 'le' : undefined
  }

  #checkFormatLabel(part: SamplePart, scanner: TextScanner): void {
    const label = this.#formatLabel
    if (label === undefined) return
    const wanted = part === 'bucket' || part === 'quantile' || part === 'state'
    if (wanted === (this.#series.formatLabel !== undefined)) return
    const rule = part === 'state' ? 'O13' : 'T7'
    throw scanner.error(
      'INVALID_LABELS',
      rule,
      `the label ${brief(label)} ${wanted ? 'is missing' : 'belongs to the format'}`,
    )
  }

  /** The point of a series that a line belongs to; a later point of the series takes the place of the one before. */
  #point(row: number, part: SamplePart, timestampMs: number, scanner: TextScanner): ParsedPoint {
    const { strict, openMetrics } = this.#rules
    const point = this.#points[row]
    if (point === undefined) {
      this.#lastRow = row
      return (this.#points[row] = new ParsedPoint(timestampMs, this.#cells.length))
    }
    if (strict && openMetrics && row !== this.#lastRow)
      throw scanner.error('INTERLEAVED', 'O4', 'this series was there before, and another since')
    this.#lastRow = row
    if (Object.is(timestampMs, point.timestampMs)) return point
    if (openMetrics && timestampMs > point.timestampMs) {
      if (strict) this.#check(point)
      return (this.#points[row] = new ParsedPoint(timestampMs, this.#cells.length))
    }
    if (strict && point.has(part)) throw scanner.error('DUPLICATE_SERIES', 'T8', 'this series was there before')
    if (strict)
      throw scanner.error('INVALID_TIMESTAMP', openMetrics ? 'O14' : 'T8', 'this series has another timestamp before')
    return point
  }

  #addBound(row: number, point: ParsedPoint, part: SamplePart, value: number, scanner: TextScanner): void {
    const column = this.#boundColumn(this.#series.formatLabel!, scanner)
    const bound = this.#bounds[column]!
    if (this.#rules.strict) checkOrder(point, part, bound, value, this.#rules, scanner)
    if (bound < point.lowestBound) point.lowestBound = bound
    point.lastBound = bound
    point.lastCount = value
    this.#addCell(row, point, column, value, scanner.line)
  }

  #addCell(row: number, point: ParsedPoint, column: number, value: number, line: number = point.line): void {
    point.cells++
    this.#cells.push(row, column, value, line)
  }

  #boundColumn(text: string, scanner: TextScanner): number {
    const columnOf = (this.#columnOf ??= new Map<string, number>())
    const known = columnOf.get(text)
    if (known !== undefined) return known
    const bound = parseBound(text, this.type, scanner)
    // By its text and not as a number: texts have a hash that nobody can foresee.
    const plain = String(bound)
    const column = columnOf.get(plain) ?? this.#bounds.push(bound) - 1
    columnOf.set(plain, column)
    columnOf.set(text, column)
    return column
  }

  #stateColumn(state: string): number {
    const columnOf = (this.#columnOf ??= new Map<string, number>())
    const known = columnOf.get(state)
    if (known !== undefined) return known
    const column = this.#states.push(state) - 1
    columnOf.set(state, column)
    return column
  }

  /** The columns in ascending order of their bounds. */
  #order(): number[] {
    return [...this.#bounds.keys()].toSorted((a, b) => this.#bounds[a]! - this.#bounds[b]!)
  }

  /** What the cells say, in a table of `width` places a row: NaN where nothing was said. */
  #table(order: readonly number[], width: number, from: number = 0): Float64Array {
    const { strict } = this.#rules
    if (!isWarranted(this.#points.length * width, this.#points.length + this.#cells.length / 4)) throw this.#tooSparse()
    const placeOf = new Uint32Array(order.length)
    for (const [place, column] of order.entries()) placeOf[column] = from + place
    const table = new Float64Array(this.#points.length * width).fill(Number.NaN)
    const given = new Uint8Array(table.length)
    for (let cell = 0; cell < this.#cells.length; cell += 4) {
      const row = this.#cells[cell]!
      if (cell < this.#points[row]!.firstCell) continue
      const at = row * width + placeOf[this.#cells[cell + 1]!]!
      if (given[at] === 0) table[at] = this.#cells[cell + 2]!
      else if (strict) throw this.#error(this.#cells[cell + 3]!, 'DUPLICATE_SERIES', 'T8', 'a series is there twice')
      given[at] = 1
    }
    if (strict && this.type !== 'summary') this.#checkSameColumns()
    return table
  }

  /** A family has the same buckets, or the same states, in all its series. */
  #checkSameColumns(): void {
    const columns = this.type === 'stateset' ? this.#states.length : this.#bounds.length
    for (const point of this.#points) {
      if (point.cells === columns) continue
      if (this.type === 'stateset') throw this.#error(point.line, 'INVALID_STATES', 'O13', 'a series lacks a state')
      throw this.#error(point.line, 'INVALID_BUCKETS', 'narthex', `${brief(this.name)} has series of different buckets`)
    }
  }

  #columns(width: number, fill: Fill, values: Float64Array = new Float64Array(this.#points.length)): SeriesColumns {
    const labelIds = this.#series.labelIds()
    if (labelIds === undefined) throw this.#tooSparse()
    const rowCount = this.#points.length
    const timestampsMs = new Float64Array(rowCount)
    let timed = false
    for (const [row, point] of this.#points.entries()) {
      fill(values, row, point, width)
      timestampsMs[row] = point.timestampMs
      timed ||= !Number.isNaN(point.timestampMs)
    }
    const chunk = { values, labelIds, ...(timed && { timestampsMs }), ...this.#startTimestamps(), ...this.#exemplars() }
    return inOneChunk(width, rowCount, chunk, this.#series.labelValues)
  }

  #startTimestamps(): { startTimestampsMs?: Float64Array } {
    const startTimestampsMs = Float64Array.from(this.#points, (point) => point.startTimestampMs)
    return startTimestampsMs.every(Number.isNaN) ? {} : { startTimestampsMs }
  }

  #exemplars(): { exemplars?: (RowExemplars | undefined)[] } {
    if (this.#points.every((point) => point.exemplars === undefined)) return {}
    const upperBounds = this.#order()
      .map((column) => this.#bounds[column]!)
      .filter(Number.isFinite)
    return { exemplars: this.#points.map((point) => placedExemplars(point.exemplars ?? [], upperBounds)) }
  }

  #check(point: ParsedPoint): void {
    checkPoint(point, this.type, this.#rules, (code, rule, what) =>
      this.#error(point.line, code, rule, `${brief(this.name)}: ${what}`),
    )
  }

  #tooSparse(): ParseError {
    const line = this.#points.at(-1)!.line
    return this.#error(
      line,
      'TOO_SPARSE',
      'narthex',
      `the series of ${brief(this.name)} have too little in common for a family`,
    )
  }

  #error(line: number, code: ParseErrorCode, rule: string, message: string): ParseError {
    return new ParseError(code, message, { rule, line, column: 1 })
  }
}

type Fill = (values: Float64Array, row: number, point: ParsedPoint, width: number) => void

/** From cumulative counts to a count per bucket; a bucket that is missing holds nothing. */
function fillHistogram(values: Float64Array, row: number, point: ParsedPoint, width: number): void {
  const at = row * width
  const toInfinity = at + width - 2
  if (Number.isNaN(values[toInfinity]!) && point.hasValue) values[toInfinity] = point.value
  let before = 0
  for (let i = at; i <= toInfinity; i++) {
    const count = values[i]!
    values[i] = Number.isNaN(count) ? 0 : count - before
    if (!Number.isNaN(count)) before = count
  }
  values[toInfinity + 1] = point.sum
}

function fillSummary(values: Float64Array, row: number, point: ParsedPoint, width: number): void {
  values[row * width] = point.value
  values[row * width + 1] = point.sum
}

function fillStates(values: Float64Array, row: number, _: ParsedPoint, width: number): void {
  for (let i = row * width; i < (row + 1) * width; i++) values[i] = values[i] === 1 ? 1 : 0
}
