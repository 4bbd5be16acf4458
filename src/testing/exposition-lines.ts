/** What an exposition in a text format says of one family. */
export interface FamilyLines {
  readonly name: string
  /** Its HELP, TYPE and UNIT lines. */
  readonly comments: readonly string[]
  /** Its sample lines by series: the name and the sorted labels. More than one only if the exposition is wrong. */
  readonly series: ReadonlyMap<string, readonly SampleText[]>
}

/** A line of a sample. */
export interface SampleText {
  /** As it was written. */
  readonly line: string
  /** What stands behind the series, each number in the one form that equal numbers share. */
  readonly value: string
}

const COMMENT = /^#\s+(?:HELP|TYPE|UNIT)\s+(?<name>"(?:[^"\\]|\\.)*"|\S+)/
const SAMPLE = /^(?<name>[^\s{]*)(?:\{(?<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(?<value>\S.*)$/
const PAIR = /(?:[^",]|"(?:[^"\\]|\\.)*")+/g

/** What a sample may have behind the name of its family. */
const SUFFIXES = ['', '_total', '_created', '_info', '_bucket', '_sum', '_count', '_gsum', '_gcount']

/**
 * The families of an exposition, by name, without the order of families, series and labels. It reads the text formats
 * as far as they are alike, and takes a line that it does not understand for a series of its own: it compares, and does
 * not judge.
 */
export function familyLines(exposition: string): ReadonlyMap<string, FamilyLines> {
  const families = new Map<string, Growing>()
  let current: Growing | undefined
  for (const line of exposition.split('\n').map((each) => each.trim())) {
    const comment = COMMENT.exec(line)
    if (comment !== null) {
      current = familyOf(families, comment.groups!['name']!)
      current.comments.push(line)
    } else if (line !== '' && !line.startsWith('#')) {
      const { name, series, value } = sampleOf(line)
      if (current === undefined || !isOf(current, name)) current = familyOf(families, name)
      current.series.set(series, [...(current.series.get(series) ?? []), { line, value }])
    }
  }
  return families
}

interface Growing extends FamilyLines {
  readonly comments: string[]
  readonly series: Map<string, readonly SampleText[]>
}

function familyOf(families: Map<string, Growing>, name: string): Growing {
  const family = families.get(name) ?? { name, comments: [], series: new Map<string, readonly SampleText[]>() }
  families.set(name, family)
  return family
}

function isOf(family: FamilyLines, name: string): boolean {
  return SUFFIXES.some((suffix) => family.name + suffix === name)
}

function sampleOf(line: string): { name: string; series: string; value: string } {
  const { name = '', labels = '', value = '' } = SAMPLE.exec(line)?.groups ?? { name: line }
  const pairs = [...labels.matchAll(PAIR)].map(([pair]) => pair.trim()).filter((pair) => pair !== '')
  // Names beyond the old character set stand among the labels, in quotes.
  const quoted = pairs.find((pair) => pair.startsWith('"') && pair.endsWith('"') && !pair.includes('"='))
  return { name: name || (quoted ?? ''), series: JSON.stringify([name, ...pairs.toSorted()]), value: canonical(value) }
}

/** Of `1 1700000000 # {trace_id="a"} 0.5` and the like. */
function canonical(value: string): string {
  return value.split(/\s+/).map(canonicalNumber).join(' ')
}

function canonicalNumber(text: string): string {
  const number = Number(text.replace(/^([+-]?)Inf$/i, '$1Infinity'))
  return Number.isNaN(number) ? text : String(number)
}
