/**
 * A question and how a contestant answers it.
 *
 * @typedef {object} Question
 * @property {string} name what the command line calls it, and its file
 * @property {Figure[]} figures
 * @property {string[]} contestants
 * @property {(round: Round) => Promise<Answer>} answer called in a fresh process
 * @property {{ full: number, quick: number }} [rounds]
 * @property {string[]} [nodeOptions] for the process
 */

/**
 * What is measured; less is better.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} asks one line, Markdown
 * @property {'ns' | 'ms' | 'B' | 'kB'} unit
 * @property {Goal[]} [must] all of them; without a goal a figure is only shown
 * @property {Goal[]} [aim]
 * @property {string} [floor] what the floor does
 */

/**
 * narthex takes at most so much of what the fastest rival or the floor takes, or at most so many units.
 *
 * @typedef {{ atMost: number, of: 'rival' | 'floor' | 'unit' }} Goal
 */

/** @typedef {{ question: string, contestant: string, quick: boolean }} Round */

/**
 * @typedef {object} Answer
 * @property {Record<string, number>} figures by name
 * @property {import('./digest.mjs').Counted | undefined} counted what all contestants must agree on
 */

/** In the order in which they are asked. */
export const QUESTIONS = [
  'kept-inc',
  'labelled-inc',
  'many-metrics-inc',
  'positional-inc',
  'labelled-observe',
  'native-observe',
  'summary-observe',
  'timer',
  'first-scrape',
  'busy-scrape',
  'quiet-scrape',
  'quiet-scrape-gzip',
  'event-loop-stop',
  'small-scrape',
  'exposition-formats',
  'series-memory',
  'million-series',
  'import-time',
  'attach',
  'http-overhead',
  'bundle-size',
  'growth',
]

/** @returns {Promise<Question>} */
export async function questionNamed(name) {
  const { question } = await import(`../questions/${name}.mjs`)
  return question
}
