import { NAME, readLabels, readName, readNumber, readSeries, type LabelPair } from './text-tokens.ts'

/** A family as an exposition in OpenMetrics 1.0 text tells it, sample line by sample line. */
export interface ReadOpenMetricsFamily {
  /** Without the suffix of its type. */
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly help: string
  readonly samples: readonly ReadOpenMetricsSample[]
}

export interface ReadOpenMetricsSample {
  readonly name: string
  readonly labels: readonly LabelPair[]
  readonly value: number
  readonly timestampSeconds?: number
  readonly exemplar?: ReadExemplar
}

export interface ReadExemplar {
  readonly labels: readonly LabelPair[]
  readonly value: number
  readonly timestampSeconds?: number
}

const TYPE = new RegExp(
  `^# TYPE (${NAME}) (unknown|gauge|counter|stateset|info|histogram|gaugehistogram|summary)$`,
  's',
)
const UNIT = new RegExp(`^# UNIT (${NAME}) ([a-zA-Z0-9_:]+)$`, 's')
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`, 's')
const LABELS = '(?:[^"}]|"(?:[^"\\\\]|\\\\.)*")'
const TIME = '(-?\\d+(?:\\.\\d+)?)'
const EXEMPLAR = ` # \\{(${LABELS}*)\\} ([^ ]+)(?: ${TIME})?`
const PLAIN_NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${PLAIN_NAME})?(?:\\{(${LABELS}+)\\})? ([^ ]+)(?: ${TIME})?(?:${EXEMPLAR})?$`, 's')

/** What the name of a sample has behind the name of its family (O7). */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  info: ['_info'],
}

/**
 * Reads an exposition in OpenMetrics 1.0 text, line by line from its specification, and refuses what is allowed but
 * never necessary, too: every family has a TYPE, and its metadata come in the order TYPE, UNIT, HELP.
 *
 * @throws {Error} with the line that breaks a rule
 */
export function readOpenMetrics(exposition: Uint8Array): ReadOpenMetricsFamily[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(exposition)
  if (!/(?:^|\n)# EOF\n$/.test(text)) throw new Error('the last line is not # EOF (O2)')
  const lines = text.split('\n').slice(0, -2)
  const families: ReadOpenMetricsFamily[] = []
  for (let at = 0; at < lines.length;) {
    const { family, next } = familyAt(lines, at)
    families.push(family)
    at = next
  }
  refuseRepeated(families.flatMap(namesOf), 'two families have the name (O4, O8)')
  refuseRepeated(
    families.flatMap(({ samples }) => samples.map(identityOf)),
    'a series is there twice (O4)',
  )
  return families
}

function familyAt(lines: readonly string[], from: number): { family: ReadOpenMetricsFamily; next: number } {
  const [, token, type] =
    TYPE.exec(lines[from]!) ?? refuse(`a family begins with its TYPE (O4, O6), not ${lines[from]}`)
  const name = readName(token!)
  let next = from + 1
  const unit = UNIT.exec(lines[next] ?? '')
  if (unit !== null) next++
  const help = HELP.exec(lines[next] ?? '')
  if (help !== null) next++
  for (const metadata of [unit, help]) {
    if (metadata !== null && metadata[1] !== token) refuse(`${metadata[0]} does not belong to ${token} (O6)`)
  }
  if (unit !== null && !name.endsWith(`_${unit[2]}`)) refuse(`${name} does not end with its unit (N7)`)
  if (unit !== null && (type === 'info' || type === 'stateset')) refuse(`${type} ${name} has a unit (N7)`)
  const samples: ReadOpenMetricsSample[] = []
  for (; next < lines.length && !lines[next]!.startsWith('#'); next++) samples.push(sampleOf(lines[next]!))
  const family = {
    name,
    type: type!,
    unit: unit?.[2] ?? '',
    // Quotes are escaped as in a label value (O5).
    help: help === null ? '' : readLabels(`help="${help[2]}"`)[0]![1],
    samples,
  }
  checkSamples(family)
  return { family, next }
}

function sampleOf(line: string): ReadOpenMetricsSample {
  const [, name, labels, value, timestamp, ...exemplar] = SAMPLE.exec(line) ?? refuse(`no sample (O3): ${line}`)
  const read = exemplarOf(exemplar, line)
  return {
    ...readSeries(name, labels),
    value: readNumber(value!),
    ...(timestamp !== undefined && { timestampSeconds: Number(timestamp) }),
    ...(read && { exemplar: read }),
  }
}

function exemplarOf(parts: readonly (string | undefined)[], line: string): ReadExemplar | undefined {
  const [labels, value, timestamp] = parts
  if (labels === undefined) return undefined
  const pairs = readLabels(labels)
  if (Array.from(pairs.flat().join('')).length > 128) refuse(`labels of more than 128 code points (O17): ${line}`)
  const exemplar = { labels: pairs, value: readNumber(value!) }
  return timestamp === undefined ? exemplar : { ...exemplar, timestampSeconds: Number(timestamp) }
}

function checkSamples(family: ReadOpenMetricsFamily): void {
  const { name, type, samples } = family
  const suffixes = SUFFIXES[type] ?? ['']
  for (const sample of samples) {
    if (!suffixes.some((suffix) => sample.name === name + suffix)) refuse(`${sample.name} is not of ${name} (O7)`)
    if (sample.exemplar !== undefined) checkExemplar(family, sample, sample.exemplar)
  }
  const own = { histogram: 'le', gaugehistogram: 'le', summary: 'quantile', stateset: name }[type]
  if (own === undefined) return
  const finished = new Set<string>()
  for (const [series, lines] of runsOf(samples, own)) {
    if (finished.has(series)) refuse(`the lines of ${name} ${series} are not together (O4)`)
    finished.add(series)
    if (type === 'stateset') checkStates(lines, own)
    else checkComposite(family, lines, own)
  }
}

function checkExemplar(
  { name, type }: ReadOpenMetricsFamily,
  sample: ReadOpenMetricsSample,
  { value }: ReadExemplar,
): void {
  const bound = labelOf(sample, 'le')
  const suits = sample.name === name + (type === 'counter' ? '_total' : '_bucket')
  if (!suits || (bound !== undefined && !(value <= readNumber(bound)))) refuse(`${sample.name} has an exemplar (O17)`)
}

function checkComposite({ name, type }: ReadOpenMetricsFamily, lines: ReadOpenMetricsSample[], own: string): void {
  const parts = lines.filter((line) => labelOf(line, own) !== undefined)
  const [sumName, countName] = type === 'gaugehistogram' ? ['_gsum', '_gcount'] : ['_sum', '_count']
  const sum = lines.find((line) => line.name === name + sumName)
  const count = lines.find((line) => line.name === name + countName)
  if ((sum === undefined) !== (count === undefined)) refuse(`${name} has one of sum and count (O10, O11)`)
  const texts = parts.map((part) => labelOf(part, own)!)
  for (const text of texts) if (!isCanonical(text)) refuse(`${own}="${text}" is not canonical (O16)`)
  const bounds = texts.map(readNumber)
  if (!ascend(bounds, (one, other) => one < other)) refuse(`${own} of ${name} does not ascend (O10, O12)`)
  if (type === 'summary') return
  const counts = parts.map((part) => part.value)
  if (texts.at(-1) !== '+Inf') refuse(`${name} has no bucket to +Inf (O10)`)
  if (!counts.every((each) => Number.isInteger(each) && each >= 0)) refuse(`${counts} are no counts (O10)`)
  if (!ascend(counts, (one, other) => one <= other)) refuse(`${counts} are not cumulative (O10)`)
  if (count !== undefined && count.value !== counts.at(-1)) refuse(`the count of ${name} is not the last bucket (O10)`)
  if (type === 'histogram' && bounds[0]! < 0 && sum !== undefined) refuse(`${name} has negative bounds and a sum (O10)`)
}

function checkStates(lines: readonly ReadOpenMetricsSample[], own: string): void {
  refuseRepeated(
    lines.map((line) => labelOf(line, own) ?? refuse(`a line of ${own} names no state (O13)`)),
    'a state is there twice (O13)',
  )
  for (const { value } of lines) if (value !== 0 && value !== 1) refuse(`a state of ${own} is ${value} (O13)`)
}

/** The fewest digits; with an exponent of sign and two digits below −4 and from 6 on, otherwise with a point (O16). */
export function isCanonical(text: string): boolean {
  if (text === '+Inf') return true
  const [mantissa = '', exponent] = Number(text).toExponential().split('e')
  const isScientific = Number(exponent) < -4 || Number(exponent) >= 6
  const form = isScientific ? /^-?\d(?:\.\d*[1-9])?e[+-]\d{2,3}$/ : /^-?(?:0|[1-9]\d*)\.(?:0|\d*[1-9])$/
  return form.test(text) && significant(text.split('e')[0]!) === significant(mantissa)
}

function significant(digits: string): string {
  return digits.replaceAll(/[-.]/g, '').replaceAll(/^0+|0+$/g, '')
}

/** Neighbours that differ in nothing but the label of the format. */
function runsOf(samples: readonly ReadOpenMetricsSample[], own: string): [string, ReadOpenMetricsSample[]][] {
  const runs: [string, ReadOpenMetricsSample[]][] = []
  for (const sample of samples) {
    const series = JSON.stringify(sample.labels.filter(([label]) => label !== own))
    if (runs.at(-1)?.[0] === series) runs.at(-1)![1].push(sample)
    else runs.push([series, [sample]])
  }
  return runs
}

function labelOf(sample: ReadOpenMetricsSample, name: string): string | undefined {
  return sample.labels.find(([label]) => label === name)?.[1]
}

/** Every name that belongs to a family: no other may have it. */
function namesOf({ name, samples }: ReadOpenMetricsFamily): string[] {
  return [...new Set([name, ...samples.map((sample) => sample.name)])]
}

function identityOf(sample: ReadOpenMetricsSample): string {
  return JSON.stringify([sample.name, ...sample.labels.map((pair) => JSON.stringify(pair)).toSorted()])
}

function ascend(numbers: readonly number[], inOrder: (one: number, other: number) => boolean): boolean {
  return numbers.every((number, i) => i === 0 || inOrder(numbers[i - 1]!, number))
}

function refuseRepeated(texts: readonly string[], what: string): void {
  const seen = new Set<string>()
  for (const text of texts) {
    if (seen.has(text)) refuse(`${what}: ${text}`)
    seen.add(text)
  }
}

function refuse(message: string): never {
  throw new Error(message)
}
