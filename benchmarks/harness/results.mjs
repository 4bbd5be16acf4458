import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const RESULTS = new URL('../results/', import.meta.url)

/**
 * What a run found, as it is kept and handed to programs.
 *
 * @typedef {object} Results
 * @property {ReturnType<typeof import('./environment.mjs').environmentOf>} environment
 * @property {boolean} quick
 * @property {import('./competition.mjs').QuestionResult[]} questions
 */

/** @param {Results} results */
export function textOfResults(results) {
  return `${JSON.stringify(results, undefined, 2)}\n`
}

/** @param {Results} results @returns {string} the file */
export function save(results) {
  const { date, node } = results.environment
  const name = `${date.replaceAll(/[:.]/g, '-')}-node${majorOf(node)}.json`
  const file = fileURLToPath(new URL(name, RESULTS))
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(file, textOfResults(results))
  return relative(process.cwd(), file)
}

/**
 * The newest result of every question, by major version of Node.
 *
 * @returns {Map<string, { environment: Results['environment'], result: import('./competition.mjs').QuestionResult }[]>}
 */
export function newestResults() {
  const byNode = new Map()
  // Names begin with the date.
  for (const name of readdirSync(RESULTS).toSorted()) {
    if (!name.endsWith('.json')) continue
    const { environment, quick, questions } = JSON.parse(readFileSync(new URL(name, RESULTS), 'utf8'))
    if (quick) continue
    const major = majorOf(environment.node)
    if (!byNode.has(major)) byNode.set(major, new Map())
    for (const result of questions) byNode.get(major).set(result.name, { environment, result })
  }
  return new Map([...byNode].map(([major, byQuestion]) => [major, [...byQuestion.values()]]))
}

function majorOf(version) {
  return /^v?(\d+)/.exec(version)?.[1]
}
