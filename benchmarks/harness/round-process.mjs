import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROUND = fileURLToPath(new URL('round.mjs', import.meta.url))
const BENCHMARKS = fileURLToPath(new URL('..', import.meta.url))

/** No answer takes so long; whoever hangs is ended. */
const LONGEST_MS = 180_000
/**
 * Who has answered has so long to end. Node may wait for good there, for a compiler that waits for it
 * (nodejs/node#54918).
 */
const LONGEST_END_MS = 5000

/**
 * Lets a contestant answer in a fresh process.
 *
 * @param {import('./questions.mjs').Question} question
 * @param {string} contestant
 * @param {{ node: string, quick: boolean }} options
 * @returns {Promise<import('./questions.mjs').Answer>}
 */
export async function answerInFreshProcess(question, contestant, { node, quick }) {
  const child = fork(ROUND, [question.name, contestant, quick ? 'quick' : 'full'], {
    cwd: BENCHMARKS,
    execPath: node,
    execArgv: ['--expose-gc', ...(question.nodeOptions ?? [])],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: LONGEST_MS,
  })
  let answer
  let hangsAtItsEnd
  let complaints = ''
  child.on('message', (message) => {
    answer = message
    hangsAtItsEnd = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text))
  const [code, signal] = await once(child, 'close')
  clearTimeout(hangsAtItsEnd)
  if (answer !== undefined && (code === 0 || signal === 'SIGKILL')) return answer
  throw new Error(`${contestant} did not answer ${question.name} (${signal ?? `exit code ${code}`})\n${complaints}`)
}
