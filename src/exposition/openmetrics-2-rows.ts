import { addsUp } from '../model/descriptor.ts'
import type { Exemplar } from '../model/exemplar.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { NativeBuckets, NativeSide } from '../model/native-buckets.ts'
import { ABSENT, REMOVED, type SeriesChunk } from '../model/series-columns.ts'
import { encode, longest, piece, type Piece } from './byte-writer.ts'
import { timedExemplarText } from './exemplar-text.ts'
import { spannedBuckets } from './native-spans.ts'
import { formatCanonicalBound, formatSeconds, formatValue } from './number.ts'
import { NUMBER_BYTES, type LineLayout, type TextLayout } from './text-layout.ts'
import { putLabels, putNumber, writer } from './text-rows.ts'

const LINE_FEED = 10
const NOTHING = /* @__PURE__ */ new Uint8Array(0)
const NO_PARTS = /* @__PURE__ */ piece('}')

/** What is the same in the composite values of a family (conformance P3). */
interface CompositeLayout {
  /** `{count:`, and what comes between it and the sum. */
  readonly count: Piece
  readonly sum: Piece
  /** What stands before each bucket or quantile: its bound, and for the first one what the list is called. */
  readonly parts: readonly Piece[]
  readonly end: Piece
  /** Bytes at most, with all numbers. */
  readonly bytes: number
}

/** Writes the rows of one family in OpenMetrics 2.0: a line for each series, and one for each state of a state set. */
export class OpenMetrics2Rows {
  readonly #family: MetricFamily
  readonly #layout: TextLayout
  readonly #composite: CompositeLayout | undefined
  /** The start that was written last: many series begin together. */
  #startMs = Number.NaN
  #start = ''

  constructor(family: MetricFamily, layout: TextLayout) {
    this.#family = family
    this.#layout = layout
    this.#composite = compositeLayout(family)
  }

  /** Writes the row of a chunk at `at`. @returns where the next one goes */
  write(at: number, chunk: SeriesChunk, row: number): number {
    const { labels, lines, rowBytes } = this.#layout
    const { width, labelValues } = this.#family.columns
    const ids = chunk.labelIds
    const from = row * labels.length
    if (ids[from] === REMOVED) return at
    let labelBytes = 0
    let present = false
    for (let i = from; i < from + labels.length; i++) {
      if (ids[i] === ABSENT) continue
      present = true
      labelBytes += longest(labelValues[ids[i]!]!)
    }
    const native = this.#composite && chunk.native?.[row]
    const nativeText = native === undefined ? '' : textOf(native)
    const times = this.#times(chunk, row)
    const exemplars = this.#exemplars(chunk, row, native)
    const valueBytes = (this.#composite?.bytes ?? 0) + nativeText.length + times.length + exemplars.length
    at = writer.reserve(at, rowBytes + lines.length * (labelBytes + valueBytes))
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!
      if (present) at = this.#putLabelled(at, line, ids, from)
      else at = writer.piece(at, line.bare)
      if (this.#composite === undefined) at = putNumber(at, chunk.values[row * width + i]!)
      else at = this.#putComposite(at, this.#composite, chunk.values, row * width, nativeText)
      at = writer.set(writer.ascii(at, times), exemplars)
      at = writer.byte(at, LINE_FEED)
    }
    return at
  }

  #putLabelled(at: number, { open, close }: LineLayout, ids: Uint32Array, from: number): number {
    at = writer.piece(at, open)
    at = putLabels(at, this.#layout.labels, this.#family.columns.labelValues, ids, from)
    return writer.piece(at, close)
  }

  /** @param native what stands of native buckets before the classic ones (conformance P4) */
  #putComposite(
    at: number,
    { count, sum, parts, end }: CompositeLayout,
    values: Float64Array,
    from: number,
    native: string,
  ): number {
    const isSummary = this.#family.type === 'summary'
    const last = from + this.#family.columns.width - 1
    let total = 0
    if (isSummary) total = values[from]!
    else for (let i = from; i < last; i++) total += values[i]!
    at = putNumber(writer.piece(at, count), total)
    at = putNumber(writer.piece(at, sum), values[isSummary ? from + 1 : last]!)
    at = writer.ascii(at, native)
    // Beside native buckets alone, the bucket to infinity would say what the count says.
    if (native !== '' && parts.length === 1) return writer.piece(at, NO_PARTS)
    let cumulative = 0
    for (let i = 0; i < parts.length; i++) {
      at = writer.piece(at, parts[i]!)
      at = putNumber(at, isSummary ? values[from + 2 + i]! : (cumulative += values[from + i]!))
    }
    return writer.piece(at, end)
  }

  /** Those of the sample and of the start of its series (conformance P5). */
  #times(chunk: SeriesChunk, row: number): string {
    const timestampMs = chunk.timestampsMs?.[row] ?? Number.NaN
    const startMs = (addsUp(this.#family.type) ? chunk.startTimestampsMs?.[row] : undefined) ?? Number.NaN
    if (startMs !== this.#startMs) {
      this.#startMs = startMs
      this.#start = Number.isNaN(startMs) ? '' : ` st@${formatSeconds(startMs)}`
    }
    return Number.isNaN(timestampMs) ? this.#start : ` ${formatSeconds(timestampMs)}${this.#start}`
  }

  /** All of them on one line; one that two buckets have stands there once (conformance P6). */
  #exemplars(chunk: SeriesChunk, row: number, native: NativeBuckets | undefined): Uint8Array {
    const ofRow = chunk.exemplars?.[row]
    if (ofRow === undefined && (native === undefined || native.exemplars.length === 0)) return NOTHING
    const all = [...(ofRow ?? []), ...(native?.exemplars ?? [])].filter((each): each is Exemplar => each !== undefined)
    return encode([...new Set(all.map((each) => timedExemplarText(each, this.#layout.labelName)))].join(''))
  }
}

function compositeLayout(family: MetricFamily): CompositeLayout | undefined {
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
    case 'stateset':
      return undefined
    case 'histogram':
    case 'gaugehistogram': {
      const g = family.type === 'gaugehistogram' ? 'g' : ''
      return partsOf(`{${g}count:`, `,${g}sum:`, ',bucket:[', [...family.upperBounds, Number.POSITIVE_INFINITY])
    }
    case 'summary':
      return partsOf('{count:', ',sum:', ',quantile:[', family.quantiles)
  }
}

/** @param list what the list of bounds begins with */
function partsOf(count: string, sum: string, list: string, bounds: readonly number[]): CompositeLayout {
  const parts = bounds.map((bound, i) => piece(`${i === 0 ? list : ','}${formatCanonicalBound(bound)}:`))
  const end = bounds.length === 0 ? `${list}]}` : ']}'
  const fixed = [piece(count), piece(sum), piece(end)] as const
  const bytes = [...fixed, ...parts].reduce((total, { length }) => total + length + NUMBER_BYTES, 0)
  return { count: fixed[0], sum: fixed[1], parts, end: fixed[2], bytes }
}

/** Native buckets with their own counts, not differences; empty ones are left out (conformance P4). */
function textOf({ schema, zeroThreshold, zeroCount, negative, positive }: NativeBuckets): string {
  const zero = `,zero_threshold:${formatValue(zeroThreshold)},zero_count:${formatValue(zeroCount)}`
  return `,schema:${schema}${zero}${sideText('negative', negative)}${sideText('positive', positive)}`
}

function sideText(side: string, { indexes, counts }: NativeSide): string {
  if (indexes.length === 0) return ''
  const { offsets, lengths, counts: all } = spannedBuckets(indexes, counts, 0)
  const spans = offsets.map((offset, i) => `${offset}:${lengths[i]!}`)
  return `,${side}_spans:[${spans.join(',')}],${side}_buckets:[${all.join(',')}]`
}
