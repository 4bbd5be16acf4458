import { NARTHEX } from './contestants.mjs'
import { times, withUnit } from './figures.mjs'
import { goalsInWords, verdictOn } from './verdict.mjs'

/**
 * A result as text for a terminal: a line per contestant, and how narthex stands.
 *
 * @param {import('./competition.mjs').QuestionResult} result
 */
export function reportOf({ name, rounds, counted, figures }) {
  const agreement = counted === undefined ? '' : `, equal samples: ${counted.samples.toLocaleString('en-US')}`
  const head = `\n${name} (${rounds} round${rounds === 1 ? '' : 's'}${agreement})`
  return [head, ...figures.flatMap(linesOf)].join('\n')
}

function linesOf(figure) {
  const { asks, unit, contestants, must, aim } = figure
  const own = contestants[NARTHEX]?.median
  const lines = Object.entries(contestants).map(([contestant, { median, min, max }]) => {
    const spread = `${withUnit(min, unit)} – ${withUnit(max, unit)}`
    const ratio = contestant === NARTHEX || own === undefined ? '' : times(median / own)
    return `    ${contestant.padEnd(16)}${withUnit(median, unit).padStart(12)}${spread.padStart(26)}${ratio.padStart(10)}`
  })
  const verdict = verdictOn(figure)
  const judged =
    must === undefined && aim === undefined
      ? []
      : [
          `    must ${goalsInWords(must, unit)}: ${verdict.must}; aim ${goalsInWords(aim, unit)}: ${verdict.aim}; ` +
            `is ${times(verdict.timesRival)} ${verdict.rival ?? ''}, ${times(verdict.timesFloor)} of the floor`,
        ]
  return [`  ${asks}`, ...lines, ...judged]
}
