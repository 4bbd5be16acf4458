import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { hasProc } from './proc-file.ts'
import { startTime } from './start-time.ts'

test('the start of the process stays the same from scrape to scrape', async () => {
  const collector = startTime({ prefix: '' })!
  const first = await scrape(collector)
  await sleep(20)
  expect(await scrape(collector)).toEqual(first)
  expect(first['process_start_time_seconds']).toBeLessThan(Date.now() / 1000)
})

// Elsewhere nobody else says when the process started.
test.runIf(hasProc)('it is the moment that the kernel has noted', async () => {
  const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1])
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])

  const { process_start_time_seconds: started } = await scrape(startTime({ prefix: '' })!)
  // The kernel gives the boot in whole seconds.
  expect(Math.abs(started! - (bootSeconds + startTicks / 100))).toBeLessThan(2)
})
