import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { eventLoopUtilization } from './event-loop-utilization.ts'

const active = 'nodejs_eventloop_active_seconds_total'
const idle = 'nodejs_eventloop_idle_seconds_total'

test('running code counts as active', async () => {
  const collector = eventLoopUtilization({ prefix: '' })!
  const before = await scrape(collector)
  const start = performance.now()
  while (performance.now() - start < 50);
  const after = await scrape(collector)
  expect(after[active]! - before[active]!).toBeGreaterThan(0.049)
})

test('waiting counts as idle', async () => {
  const collector = eventLoopUtilization({ prefix: '' })!
  const before = await scrape(collector)
  await sleep(100)
  const after = await scrape(collector)
  expect(after[idle]! - before[idle]!).toBeGreaterThan(0.05)
})

test('no scrape takes anything from the next', async () => {
  const collector = eventLoopUtilization({ prefix: '' })!
  await sleep(1)
  const first = await scrape(collector)
  const second = await scrape(collector)
  expect(first[active]).toBeGreaterThan(0)
  expect(second[active]).toBeGreaterThanOrEqual(first[active]!)
  expect(second[idle]).toBeGreaterThanOrEqual(first[idle]!)
})
