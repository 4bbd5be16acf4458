/**
 * Whether a name has a word behind its first: `requests_ms` and `requests_ms_total` have `ms`, `ms_total` has not.
 *
 * @param word in lower case; may consist of several, as `gauge_histogram`
 */
export function hasWord(name: string, word: string): boolean {
  const lower = name.toLowerCase()
  return lower.endsWith(`_${word}`) || lower.includes(`_${word}_`)
}
