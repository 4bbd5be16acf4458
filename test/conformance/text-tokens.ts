/** A label name and its value. */
export type LabelPair = readonly [name: string, value: string]

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const NUMBER = /^(?:NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/

/** The text of a HELP line: `\\` is a backslash and `\n` a line feed; nothing else may follow a backslash (T5). */
export function unescapeHelp(text: string): string {
  return unescape(text, { '\\': '\\', n: '\n' })
}

/** A name of a metric as it stands in a line, to put into a pattern: as it is, or in quotes if it must be (T10). */
export const NAME = String.raw`[a-zA-Z_:][a-zA-Z0-9_:]*|"(?:[^"\\]|\\.)*"`

/** The name of a metric that is matched by {@link NAME}. */
export function readName(token: string): string {
  return token.startsWith('"') ? readQuoted(token, METRIC_NAME) : token
}

/**
 * The name of a sample and its labels: `name{labels}`, or `{"name",labels}` (T10).
 *
 * @param labels what stands between the braces
 */
export function readSeries(name: string | undefined, labels: string = ''): { name: string; labels: LabelPair[] } {
  if (name !== undefined) return { name, labels: readLabels(labels) }
  const end = closingQuote(labels, 1) + 1
  const rest = labels.slice(end)
  if (!labels.startsWith('"') || (rest !== '' && !/^,./s.test(rest))) throw new Error(`no name of a metric: ${labels}`)
  return { name: readQuoted(labels.slice(0, end), METRIC_NAME), labels: readLabels(rest.slice(1)) }
}

/** What stands between the braces of a sample: `a="x","b.c"="y"`, each name once (T5, T10). */
export function readLabels(text: string): LabelPair[] {
  const pairs: LabelPair[] = []
  for (let at = 0; at < text.length;) {
    const equals = text[at] === '"' ? closingQuote(text, at + 1) + 1 : text.indexOf('=', at)
    const token = text.slice(at, equals)
    const name = token.startsWith('"') ? readQuoted(token, LABEL_NAME) : token
    if (text.slice(equals, equals + 2) !== '="' || !(name !== token || LABEL_NAME.test(name)))
      throw new Error(`no label name at ${text.slice(at)}`)
    if (pairs.some(([other]) => other === name)) throw new Error(`the label ${name} is there twice`)
    const end = closingQuote(text, equals + 2)
    pairs.push([name, unescapeQuoted(text.slice(equals + 2, end))])
    at = end + 1
    if (at === text.length) break
    if (text[at] !== ',' || at + 1 === text.length) throw new Error(`no further label at ${text.slice(at)}`)
    at++
  }
  return pairs
}

/** What Go's ParseFloat takes, save hexadecimal numbers and underscores, which nobody needs (T6). */
export function readNumber(text: string): number {
  if (!NUMBER.test(text)) throw new Error(`no number: ${text}`)
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text)
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  throw new Error(`no closing quote in ${text.slice(from)}`)
}

/** @param legal what would need no quotes */
function readQuoted(token: string, legal: RegExp): string {
  const name = unescapeQuoted(token.slice(1, -1))
  if (name === '' || legal.test(name)) throw new Error(`no name that needs quotes: ${token} (T10)`)
  return name
}

function unescapeQuoted(text: string): string {
  return unescape(text, { '\\': '\\', n: '\n', '"': '"' })
}

function unescape(text: string, meaning: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\\(.?)/gsu, (escaped, character: string) => {
    const plain = meaning[character]
    if (plain === undefined) throw new Error(`${escaped} is no escape sequence`)
    return plain
  })
}
