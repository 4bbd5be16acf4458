import { NAME, readName, readNumber, readSeries, unescapeHelp, type LabelPair } from './text-tokens.ts'

/** A family as an exposition in the text format 0.0.4 tells it, sample line by sample line. */
export interface ReadFamily {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly samples: readonly ReadSample[]
}

export interface ReadSample {
  readonly name: string
  /** Pairs and not an object: their order can be seen, and a label may be called `__proto__`. */
  readonly labels: readonly LabelPair[]
  readonly value: number
  /** Unix time in milliseconds. */
  readonly timestampMs?: number
}

const HELP = new RegExp(`^# HELP (${NAME}) (.*)$`, 's')
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`, 's')
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)?(?:\{(.+)\})? ([^ ]+)(?: (-?\d+))?$/s

/** What the name of a sample may have behind the name of its family. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/**
 * Reads an exposition in the Prometheus text format 0.0.4 or 1.0.0, line by line from its specification, and refuses
 * what is allowed but never necessary, too: every family has one HELP and one TYPE line, single spaces, no other
 * comment, no blank line.
 *
 * @throws {Error} with the line that breaks a rule
 */
export function readText(exposition: string | Uint8Array): ReadFamily[] {
  const text = typeof exposition === 'string' ? exposition : decoded(exposition)
  if (/\p{Surrogate}/u.test(text)) throw new Error('a lone surrogate cannot be encoded')
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('the last line does not end with a line feed (T2)')
  const families = familiesOf(text.slice(0, -1).split('\n'))
  refuseRepeated(
    families.map((family) => family.name),
    'a family is told twice (T4)',
  )
  const series = families.flatMap((family) => family.samples.map(identityOf))
  refuseRepeated(series, 'a series is there twice (T8)')
  for (const family of families) checkComposite(family)
  return families
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

function familiesOf(lines: readonly string[]): ReadFamily[] {
  const families: ReadFamily[] = []
  for (let i = 0; i < lines.length;) {
    const help = HELP.exec(lines[i]!)
    if (help === null) throw new Error(`a family begins with its HELP (T4), not with ${lines[i]}`)
    const type = TYPE.exec(lines[i + 1] ?? '')
    if (type === null || type[1] !== help[1]) throw new Error(`the TYPE of ${help[1]} is missing (T3, T4)`)
    const samples: ReadSample[] = []
    for (i += 2; i < lines.length && !lines[i]!.startsWith('#'); i++) samples.push(sampleOf(lines[i]!))
    const family = { name: readName(help[1]!), help: unescapeHelp(help[2]!), type: type[2]!, samples }
    for (const sample of samples) checkName(sample, family)
    families.push(family)
  }
  return families
}

function sampleOf(line: string): ReadSample {
  const parts = SAMPLE.exec(line)
  if (parts === null) throw new Error(`no sample: ${line}`)
  const [, name, labels, value, timestamp] = parts
  const sample = { ...readSeries(name, labels), value: readNumber(value!) }
  return timestamp === undefined ? sample : { ...sample, timestampMs: Number(timestamp) }
}

function checkName(sample: ReadSample, family: ReadFamily): void {
  const suffixes = SUFFIXES[family.type] ?? ['']
  if (!suffixes.some((suffix) => sample.name === family.name + suffix)) {
    throw new Error(`${sample.name} does not belong to the ${family.type} ${family.name} (T4)`)
  }
}

/** What makes a series another: the name and the set of labels, in whatever order. */
function identityOf(sample: ReadSample): string {
  return JSON.stringify([sample.name, ...sample.labels.map((pair) => JSON.stringify(pair)).toSorted()])
}

function refuseRepeated(names: readonly string[], what: string): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new Error(`${what}: ${name}`)
    seen.add(name)
  }
}

/** T7, for the series of a histogram or summary. */
function checkComposite(family: ReadFamily): void {
  if (family.type !== 'histogram' && family.type !== 'summary') return
  for (const [series, samples] of groupedBySeries(family.samples)) {
    const count = samples.filter((sample) => sample.name === `${family.name}_count`)
    const sum = samples.filter((sample) => sample.name === `${family.name}_sum`)
    if (count.length !== 1 || sum.length !== 1) throw new Error(`${family.name} of ${series} lacks a count or sum (T7)`)
    const own = samples.filter((sample) => sample !== count[0] && sample !== sum[0])
    const bounds = own.map((sample) => boundOf(sample, family))
    if (!bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)) throw new Error(`${bounds} do not ascend (T7)`)
    if (family.type === 'histogram') {
      if (!own.every((sample, i) => i === 0 || sample.value >= own[i - 1]!.value))
        throw new Error(`the buckets of ${series} are not cumulative (T7)`)
      if (bounds.at(-1) !== Number.POSITIVE_INFINITY || own.at(-1)?.value !== count[0]!.value)
        throw new Error(`the bucket to +Inf of ${series} is not the count (T7)`)
    }
  }
}

function boundOf(sample: ReadSample, family: ReadFamily): number {
  const name = family.type === 'histogram' ? 'le' : 'quantile'
  const pair = sample.labels.find(([label]) => label === name)
  if (pair === undefined) throw new Error(`${sample.name} has no ${name} (T7)`)
  return readNumber(pair[1])
}

function groupedBySeries(samples: readonly ReadSample[]): Map<string, ReadSample[]> {
  const groups = new Map<string, ReadSample[]>()
  for (const sample of samples) {
    // The labels that the metric has, without those of the format.
    const series = JSON.stringify(sample.labels.filter(([name]) => name !== 'le' && name !== 'quantile'))
    const group = groups.get(series)
    if (group === undefined) groups.set(series, [sample])
    else group.push(sample)
  }
  return groups
}
