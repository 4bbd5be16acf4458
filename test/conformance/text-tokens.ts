/** A label name and its value. */
export type LabelPair = readonly [name: string, value: string]

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const NUMBER = /^(?:NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/

/** The text of a HELP line: `\\` is a backslash and `\n` a line feed; nothing else may follow a backslash (T5). */
export function unescapeHelp(text: string): string {
  return unescape(text, { '\\': '\\', n: '\n' })
}

/** What stands between the braces of a sample: `a="x",b="y"`, each name once (T5). */
export function readLabels(text: string): LabelPair[] {
  const pairs: LabelPair[] = []
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('="', at)
    const name = text.slice(at, quote)
    if (quote === -1 || !LABEL_NAME.test(name)) throw new Error(`no label name at ${text.slice(at)}`)
    if (pairs.some(([other]) => other === name)) throw new Error(`the label ${name} is there twice`)
    const end = closingQuote(text, quote + 2)
    pairs.push([name, unescape(text.slice(quote + 2, end), { '\\': '\\', n: '\n', '"': '"' })])
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

function unescape(text: string, meaning: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\\(.?)/gsu, (escaped, character: string) => {
    const plain = meaning[character]
    if (plain === undefined) throw new Error(`${escaped} is no escape sequence`)
    return plain
  })
}
