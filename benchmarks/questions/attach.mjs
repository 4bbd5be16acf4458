import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { NARTHEX } from '../harness/contestants.mjs'

const PAIRS = { full: 7, quick: 3 }

/** What a program is started with. */
const ATTACHED = {
  [NARTHEX]: 'narthex/register',
  opentelemetry: '@opentelemetry/auto-instrumentations-node/register',
}

/** Any free port; and nothing that would look for a collector or for a cloud. */
const ENVIRONMENT = {
  ...process.env,
  NARTHEX_PORT: '0',
  OTEL_TRACES_EXPORTER: 'none',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_NODE_RESOURCE_DETECTORS: 'none',
}

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'attach',
  figures: [
    {
      name: 'attach',
      asks: 'time from the start to the end of an empty program with `--import`, less that without',
      unit: 'ms',
      must: [{ atMost: 30, of: 'unit' }],
    },
    {
      name: 'attach-first-answer',
      asks: 'the same of a program that ends when its server has answered a request',
      unit: 'ms',
    },
  ],
  contestants: Object.keys(ATTACHED),
  async answer({ contestant, quick }) {
    const pairs = PAIRS[quick ? 'quick' : 'full']
    return {
      figures: {
        attach: await addedTime('floors/nothing.mjs', contestant, pairs),
        'attach-first-answer': await addedTime('workloads/first-answer.mjs', contestant, pairs),
      },
      counted: undefined,
    }
  },
}

/** With and without by turns, and of each the least: what else runs on the machine only ever adds. */
async function addedTime(program, contestant, pairs) {
  const [alone, attached] = [[], []]
  for (let i = 0; i < pairs; i++) {
    alone.push(await timeOf([program]))
    attached.push(await timeOf(['--import', ATTACHED[contestant], program]))
  }
  return Math.min(...attached) - Math.min(...alone)
}

async function timeOf(programWithOptions) {
  const start = performance.now()
  await promisify(execFile)(process.execPath, programWithOptions, { env: ENVIRONMENT })
  return performance.now() - start
}
