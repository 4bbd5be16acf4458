import { NARTHEX } from './contestants.mjs'
import { answerInFreshProcess } from './round-process.mjs'
import { median } from './stopwatch.mjs'

const ROUNDS = { full: 5, quick: 2 }

/**
 * Asks all contestants a question, round after round, each round beginning with another of them: what disturbs the
 * machine for a while disturbs all of them.
 *
 * @param {import('./questions.mjs').Question} question
 * @param {{ node: string, quick: boolean, rounds?: number, onRound?: (text: string) => void }} options
 * @returns {Promise<QuestionResult>}
 */
export async function compete(question, { node, quick, rounds, onRound }) {
  const count = rounds ?? (question.rounds ?? ROUNDS)[quick ? 'quick' : 'full']
  const { contestants } = question
  const answers = Object.fromEntries(contestants.map((contestant) => [contestant, []]))
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(round + i) % contestants.length]
      onRound?.(`${question.name}: round ${round + 1} of ${count}, ${contestant}`)
      answers[contestant].push(await answerInFreshProcess(question, contestant, { node, quick }))
    }
  }
  const counted = agreed(question.name, answers)
  return {
    name: question.name,
    rounds: count,
    counted,
    figures: question.figures
      .map((figure) => ({ ...figure, contestants: measuredOf(figure.name, answers) }))
      .filter((figure) => Object.keys(figure.contestants).length > 0),
  }
}

/**
 * @typedef {object} QuestionResult
 * @property {string} name
 * @property {number} rounds
 * @property {import('./digest.mjs').Counted} [counted] what all contestants counted
 * @property {FigureResult[]} figures
 *
 * @typedef {import('./questions.mjs').Figure & { contestants: Record<string, Measured> }} FigureResult
 * @typedef {{ median: number, min: number, max: number }} Measured
 */

/** A time is worth something only if all did the same work. @throws {Error} if they did not */
function agreed(name, answers) {
  const counts = Object.entries(answers).flatMap(([contestant, given]) =>
    given.filter(({ counted }) => counted !== undefined).map(({ counted }) => ({ contestant, counted })),
  )
  const reference = counts.find(({ contestant }) => contestant === NARTHEX) ?? counts[0]
  for (const { contestant, counted } of counts) {
    if (JSON.stringify(counted) === JSON.stringify(reference.counted)) continue
    throw new Error(
      `${name}: ${contestant} counted ${JSON.stringify(counted)}, ` +
        `${reference.contestant} ${JSON.stringify(reference.counted)}: no figure of this question is worth anything`,
    )
  }
  return reference?.counted
}

function measuredOf(figure, answers) {
  const measured = {}
  for (const [contestant, given] of Object.entries(answers)) {
    const values = given.map(({ figures }) => figures[figure]).filter((value) => value !== undefined)
    if (values.length === 0) continue
    measured[contestant] = { median: median(values), min: Math.min(...values), max: Math.max(...values) }
  }
  return measured
}
