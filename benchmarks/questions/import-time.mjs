import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CLIENTS, packagesOf } from '../harness/contestants.mjs'
import { median } from '../harness/stopwatch.mjs'

const PROCESSES = { full: 7, quick: 3 }

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'import-time',
  figures: [
    {
      name: 'import-time',
      asks: 'time of `import` in a fresh process, less that of importing nothing',
      unit: 'ms',
      must: [{ atMost: 1 / 3, of: 'rival' }],
    },
  ],
  contestants: CLIENTS,
  async answer({ contestant, quick }) {
    const times = []
    for (let i = 0; i < PROCESSES[quick ? 'quick' : 'full']; i++) times.push(await importTimeOf(packagesOf(contestant)))
    return { figures: { 'import-time': median(times) }, counted: undefined }
  },
}

/**
 * By the clock of a process that does nothing else, so that nothing is there which a package may want. The first import
 * of nothing takes what the first import of anything does.
 */
async function importTimeOf(packages) {
  const program = `
    const timeOf = async (modules) => {
      const start = performance.now()
      for (const module of modules) await import(module)
      return performance.now() - start
    }
    await timeOf(['./floors/nothing.mjs'])
    const again = await timeOf(['./floors/nothing.mjs?again'])
    console.log(await timeOf(${JSON.stringify(packages)}) - again)
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  return Number(stdout)
}
