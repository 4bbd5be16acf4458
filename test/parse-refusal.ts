import { ParseError } from '../src/exposition/parse-error.ts'

/** What a parser says against an exposition: `CODE rule line:column`, or `CODE rule offset`. */
export function parseRefusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ParseError) return `${error.code} ${error.rule} ${placeOf(error)}`
    throw error
  }
  return 'accepted'
}

function placeOf({ line, column, offset }: ParseError): string {
  return offset === undefined ? `${line}:${column}` : String(offset)
}
