import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { hasProc } from './proc-file.ts'
import { processThreads } from './process-threads.ts'

// Other systems do not tell.
test.runIf(hasProc)('every thread of the process is counted', async () => {
  const collector = processThreads({ prefix: '' })!
  expect(await scrape(collector)).toEqual({ process_threads: readdirSync('/proc/self/task').length })
})

// Other systems do not tell.
test.runIf(hasProc)('a worker thread adds to them', async () => {
  const collector = processThreads({ prefix: '' })!
  const before = await scrape(collector)
  const worker = new Worker(`require('node:worker_threads').parentPort.once('message', () => {})`, { eval: true })
  await new Promise((resolve) => worker.once('online', resolve))
  const during = await scrape(collector)
  await worker.terminate()
  expect(during['process_threads']).toBeGreaterThan(before['process_threads']!)
})
