import { FLOOR, NARTHEX } from './contestants.mjs'
import { withUnit } from './figures.mjs'

/**
 * How narthex stands in a figure.
 *
 * @typedef {object} Verdict
 * @property {string | undefined} rival the fastest, by name
 * @property {number | undefined} timesRival how many times what narthex takes the fastest rival takes
 * @property {number | undefined} timesFloor how many times what the floor takes narthex takes
 * @property {string} must 'pass', 'fail' or '–' where there is no goal
 * @property {string} aim
 */

/**
 * @param {import('./competition.mjs').FigureResult} figure
 * @returns {Verdict}
 */
export function verdictOn({ contestants, must, aim }) {
  const own = contestants[NARTHEX]?.median
  const rivals = Object.keys(contestants).filter((name) => name !== NARTHEX && name !== FLOOR)
  const rival = rivals.toSorted((a, b) => contestants[a].median - contestants[b].median)[0]
  const references = { rival: contestants[rival]?.median, floor: contestants[FLOOR]?.median, unit: 1 }
  return {
    rival,
    timesRival: own && references.rival && references.rival / own,
    timesFloor: own && references.floor && own / references.floor,
    must: verdict(must, own, references),
    aim: verdict(aim, own, references),
  }
}

/** @param {import('./questions.mjs').Goal[] | undefined} goals */
export function goalsInWords(goals = [], unit) {
  const words = goals.map(({ atMost, of }) => {
    if (of === 'unit') return `≤ ${withUnit(atMost, unit)}`
    if (of === 'floor') return `≤ ${atMost}× floor`
    return `≥ ${Number((1 / atMost).toPrecision(3))}×`
  })
  return words.join(', ') || '–'
}

function verdict(goals, own, references) {
  if (goals === undefined || own === undefined) return '–'
  return goals.every(({ atMost, of }) => own <= atMost * references[of]) ? 'pass' : 'fail'
}
