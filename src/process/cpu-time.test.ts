import process from 'node:process'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { cpuTime } from './cpu-time.ts'

test('the CPU time is the total of user and system time, in seconds', async () => {
  const collector = cpuTime({ prefix: '' })!
  const { process_cpu_seconds_total: seconds } = await scrape(collector)
  const { user, system } = process.cpuUsage()
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeCloseTo((user + system) / 1e6, 0)
})

test('work adds to it', async () => {
  const collector = cpuTime({ prefix: '' })!
  const before = await scrape(collector)
  work(50)
  const after = await scrape(collector)
  expect(after['process_cpu_seconds_total']! - before['process_cpu_seconds_total']!).toBeGreaterThanOrEqual(0.05)
})

/** Takes so many milliseconds of CPU time, however long that lasts on a busy machine. */
function work(milliseconds: number): void {
  const before = process.cpuUsage()
  while (process.cpuUsage(before).user < milliseconds * 1000);
}
