import { isCanonical } from './openmetrics-reader.ts'
import { NAME, readLabels, readName, readNumber, readSeries, type LabelPair } from './text-tokens.ts'

/** A family as an exposition in OpenMetrics 2.0 text tells it. */
export interface ReadFamily2 {
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly help: string
  readonly samples: readonly ReadSample2[]
}

export interface ReadSample2 {
  readonly labels: readonly LabelPair[]
  readonly value: number | ReadComposite
  readonly timestampSeconds?: number
  readonly startSeconds?: number
  readonly exemplars?: readonly ReadExemplar2[]
}

/** The value of a histogram, gauge histogram or summary. */
export interface ReadComposite {
  readonly count: number
  readonly sum: number
  readonly native?: ReadNative
  /** Upper bound and cumulative count. */
  readonly bucket?: readonly (readonly [number, number])[]
  readonly quantile?: readonly (readonly [number, number])[]
}

export interface ReadNative {
  readonly schema: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  /** By index: the count of the bucket. */
  readonly negative: ReadonlyMap<number, number>
  readonly positive: ReadonlyMap<number, number>
}

export interface ReadExemplar2 {
  readonly labels: readonly LabelPair[]
  readonly value: number
  readonly timestampSeconds: number
}

const TYPE = new RegExp(
  `^# TYPE (${NAME}) (unknown|gauge|counter|stateset|info|histogram|gaugehistogram|summary)$`,
  's',
)
const UNIT = new RegExp(`^# UNIT (${NAME}) ([a-zA-Z0-9_:]+)$`, 's')
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`, 's')
const LABELS = String.raw`(?:[^"}]|"(?:[^"\\]|\\.)*")`
/** Never with an exponent (P10). */
const TIME = String.raw`-?\d+(?:\.\d+)?`
const EXEMPLAR = String.raw` # \{(${LABELS}*)\} ([^ ]+) (${TIME})`
const SAMPLE = new RegExp(
  String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)?(?:\{(${LABELS}+)\})? (\{[^ ]*\}|[^ {}]+)(?: (${TIME}))?(?: st@(${TIME}))?((?:${EXEMPLAR})*)$`,
  's',
)
const LIST = String.raw`\[([^\]]*)\]`
const SIDE = (side: string): string => `(?:,${side}_spans:${LIST},${side}_buckets:${LIST})?`
const NATIVE = String.raw`(?:,schema:(-?\d+),zero_threshold:([^,]+),zero_count:(\d+)${SIDE('negative')}${SIDE('positive')})?`
const HISTOGRAM = new RegExp(String.raw`^\{count:([^,]+),sum:([^,}]+)${NATIVE}(?:,bucket:${LIST})?\}$`)
const GAUGE_HISTOGRAM = new RegExp(String.raw`^\{gcount:([^,]+),gsum:([^,}]+)${NATIVE}(?:,bucket:${LIST})?\}$`)
const SUMMARY = new RegExp(String.raw`^\{count:([^,]+),sum:([^,]+),quantile:${LIST}\}$`)

/**
 * Reads an exposition in OpenMetrics 2.0 text, line by line from its specification, and refuses what is allowed but
 * never necessary, too.
 *
 * @throws {Error} with what breaks which rule
 */
export function readOpenMetrics2(exposition: Uint8Array): ReadFamily2[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(exposition)
  if (!/(?:^|\n)# EOF\n$/.test(text)) refuse('the last line is not # EOF')
  const lines = text.split('\n').slice(0, -2)
  const families: ReadFamily2[] = []
  for (let at = 0; at < lines.length;) {
    const { family, next } = familyAt(lines, at)
    families.push(family)
    at = next
  }
  refuseRepeated(
    families.map(({ name }) => name),
    'two families are called (P2)',
  )
  return families
}

function familyAt(lines: readonly string[], from: number): { family: ReadFamily2; next: number } {
  const [, token, type] = TYPE.exec(lines[from]!) ?? refuse(`a family begins with its TYPE, not ${lines[from]}`)
  const name = readName(token!)
  let next = from + 1
  const unit = UNIT.exec(lines[next] ?? '')
  if (unit !== null) next++
  const help = HELP.exec(lines[next] ?? '')
  if (help !== null) next++
  for (const metadata of [unit, help]) {
    if (metadata !== null && metadata[1] !== token) refuse(`${metadata[0]} does not belong to ${token}`)
  }
  if (type === 'info' && !name.endsWith('_info')) refuse(`the info ${name} does not end as it must (P2)`)
  const samples: ReadSample2[] = []
  for (; next < lines.length && !lines[next]!.startsWith('#'); next++) samples.push(sampleOf(lines[next]!, name, type!))
  const read = { name, type: type!, unit: unit?.[2] ?? '', help: help === null ? '' : quotedText(help[2]!), samples }
  checkSeries(read)
  return { family: read, next }
}

function quotedText(text: string): string {
  return readLabels(`help="${text}"`)[0]![1]
}

function sampleOf(line: string, family: string, type: string): ReadSample2 {
  const [, plain, braces, value, timestamp, start, exemplars] = SAMPLE.exec(line) ?? refuse(`no sample: ${line}`)
  const { name, labels } = readSeries(plain, braces)
  if (name !== family) refuse(`${name} is not called as its family ${family} (P2)`)
  if (start !== undefined && !['counter', 'histogram', 'summary'].includes(type))
    refuse(`a ${type} has a start timestamp (P5): ${line}`)
  const read = [...exemplars!.matchAll(new RegExp(EXEMPLAR, 'gs'))].map(([, pairs, number, time]) => ({
    labels: readLabels(pairs!),
    value: readNumber(number!),
    timestampSeconds: Number(time),
  }))
  if (read.length > 0 && !['counter', 'histogram', 'gaugehistogram'].includes(type))
    refuse(`a ${type} has exemplars (P6): ${line}`)
  return {
    labels,
    value: valueOf(value!, type, family, labels),
    ...(timestamp !== undefined && { timestampSeconds: Number(timestamp) }),
    ...(start !== undefined && { startSeconds: Number(start) }),
    ...(read.length > 0 && { exemplars: read }),
  }
}

function valueOf(text: string, type: string, family: string, labels: readonly LabelPair[]): number | ReadComposite {
  if (type === 'histogram') return histogramOf(HISTOGRAM.exec(text) ?? refuse(`no value of a histogram (P3): ${text}`))
  if (type === 'gaugehistogram')
    return histogramOf(GAUGE_HISTOGRAM.exec(text) ?? refuse(`no value of a gauge histogram (P3): ${text}`))
  if (type === 'summary') return summaryOf(SUMMARY.exec(text) ?? refuse(`no value of a summary (P3): ${text}`))
  const value = readNumber(text)
  if (type === 'info' && value !== 1) refuse(`an info is ${text} (P9)`)
  if (type === 'stateset' && ((value !== 0 && value !== 1) || !labels.some(([label]) => label === family)))
    refuse(`a state of ${family} is ${text} (P9)`)
  return value
}

function histogramOf(parts: readonly (string | undefined)[]): ReadComposite {
  const [, countText, sumText, schema, threshold, zero, negSpans, negCounts, posSpans, posCounts, list] = parts
  const count = readNumber(countText!)
  const sum = readNumber(sumText!)
  if (schema === undefined && list === undefined) refuse('a histogram has no buckets (P3)')
  const native = schema !== undefined && {
    schema: Number(schema),
    zeroThreshold: readNumber(threshold!),
    zeroCount: Number(zero),
    negative: sideOf(negSpans, negCounts),
    positive: sideOf(posSpans, posCounts),
  }
  if (native) checkCount(native, count, sum)
  if (list === undefined) return { count, sum, ...(native && { native }) }
  const bucket = boundsOf(list)
  const ascends = bucket.every(
    ([bound, each], i) => i === 0 || (bound > bucket[i - 1]![0] && each >= bucket[i - 1]![1]),
  )
  if (!ascends) refuse(`buckets do not ascend (P3): ${list}`)
  if (bucket.at(-1)![0] !== Number.POSITIVE_INFINITY || bucket.at(-1)![1] !== count)
    refuse(`the last bucket is not the count (P3): ${list}`)
  return { count, sum, bucket, ...(native && { native }) }
}

/** Observed NaN are counted, and in no native bucket (P8). */
function checkCount({ zeroCount, negative, positive }: ReadNative, count: number, sum: number): void {
  const inBuckets = [...negative.values(), ...positive.values()].reduce((total, each) => total + each, zeroCount)
  if (Number.isNaN(sum) ? inBuckets > count : inBuckets !== count) refuse(`${inBuckets} in buckets of ${count} (P8)`)
}

/** Spans and absolute counts (P4). */
function sideOf(spans: string | undefined, counts: string | undefined): Map<number, number> {
  const side = new Map<number, number>()
  if (spans === undefined) return side
  const all = counts!.split(',').map(readNumber)
  let index = 0
  let read = 0
  for (const [i, span] of spans.split(',').entries()) {
    const [, offset, length] = /^(-?\d+):(\d+)$/.exec(span) ?? refuse(`no span (P4): ${span}`)
    if ((i > 0 && Number(offset) <= 0) || Number(length) === 0) refuse(`a span that is none (P4): ${spans}`)
    index += Number(offset)
    for (let bucket = 0; bucket < Number(length); bucket++) side.set(index++, all[read++]!)
  }
  if (read !== all.length) refuse(`${spans} are not the spans of ${counts} (P4)`)
  if (!all.every((each) => each > 0)) refuse(`an empty bucket, or a difference (P4): ${counts}`)
  return side
}

function summaryOf([, count, sum, list]: readonly (string | undefined)[]): ReadComposite {
  const quantile = list === '' ? [] : boundsOf(list!)
  const isRight = quantile.every(([each], i) => each >= 0 && each <= 1 && (i === 0 || each > quantile[i - 1]![0]))
  if (!isRight) refuse(`quantiles (P3): ${list}`)
  return { count: readNumber(count!), sum: readNumber(sum!), quantile }
}

function boundsOf(list: string): [number, number][] {
  return list.split(',').map((each) => {
    const [bound, value, ...more] = each.split(':')
    if (!isCanonical(bound!) || more.length > 0) refuse(`${bound} is not canonical (P3)`)
    return [readNumber(bound!), readNumber(value!)]
  })
}

/** Each series once, and the lines of a state set in groups (P9). */
function checkSeries({ name, type, samples }: ReadFamily2): void {
  const texts = samples.map(({ labels }) => JSON.stringify(labels.map((pair) => JSON.stringify(pair)).toSorted()))
  refuseRepeated(texts, `${name} has a series twice:`)
  if (type !== 'stateset') return
  const groups: string[] = []
  for (const { labels } of samples) {
    const group = JSON.stringify(labels.filter(([label]) => label !== name))
    if (groups.at(-1) !== group) groups.push(group)
  }
  refuseRepeated(groups, `${name} has a group in two places (P9):`)
}

function refuseRepeated(texts: readonly string[], what: string): void {
  const seen = new Set<string>()
  for (const text of texts) {
    if (seen.has(text)) refuse(`${what} ${text}`)
    seen.add(text)
  }
}

function refuse(message: string): never {
  throw new Error(message)
}
