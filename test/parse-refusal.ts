import { ParseError } from '../src/exposition/parse-error.ts'

/** What a parser says against an exposition: `CODE rule line:column`. */
export function parseRefusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ParseError) return `${error.code} ${error.rule} ${error.line}:${error.column}`
    throw error
  }
  return 'accepted'
}
