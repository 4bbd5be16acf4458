#!/usr/bin/env node
/**
 * Asks narthex and its rivals the same questions: `npm run bench -- [question…] [options]`, all of them if none is
 * named.
 *
 * --quick        a first look, never saved: fewer and shorter rounds, and services of many series are a tenth of their
 *                size
 * --rounds N     so many rounds
 * --node PATH    the Node that runs the contestants
 * --json FILE    the results for programs
 * --save         the results go into benchmarks/results/ and from there into docs/benchmarks.md, as those of a run of
 *                all questions do by themselves unless it is quick
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compete } from './harness/competition.mjs'
import { environmentOf } from './harness/environment.mjs'
import { install } from './harness/installation.mjs'
import { QUESTIONS, questionNamed } from './harness/questions.mjs'
import { reportOf } from './harness/report.mjs'
import { save, textOfResults } from './harness/results.mjs'
import { writeTable } from './harness/table.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    json: { type: 'string' },
  },
})
const { quick, node } = values
const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
const unknown = positionals.filter((name) => !QUESTIONS.includes(name))
if (unknown.length > 0 || (rounds !== undefined && !(rounds >= 1))) {
  console.error(
    `Unknown: ${unknown.join(', ') || `${values.rounds} rounds`}. The questions are ${QUESTIONS.join(', ')}.`,
  )
  process.exit(2)
}

install()
const environment = environmentOf(node)
const names = positionals.length === 0 ? QUESTIONS : positionals
console.log(`Node ${environment.node}, ${environment.cpu}, commit ${environment.commit || '–'}`)
if (quick) console.log('A first look: short rounds, and services of many series are a tenth of their size.')

const questions = []
for (const name of names) {
  const question = await questionNamed(name)
  try {
    const result = await compete(question, { node, quick, rounds, onRound: showProgress })
    questions.push(result)
    showProgress('')
    console.log(reportOf(result))
  } catch (error) {
    showProgress('')
    console.error(`\n${name}: no result. ${error.message}`)
    process.exitCode = 1
  }
}

const results = { environment, quick, questions }
if (values.json !== undefined) writeFileSync(values.json, textOfResults(results))
const isComplete = questions.length === names.length
if (!quick && isComplete && (values.save || positionals.length === 0)) {
  console.log(`\nSaved in ${save(results)}`)
  writeTable()
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
