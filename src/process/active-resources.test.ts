import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { activeResources } from './active-resources.ts'

const servers = 'nodejs_active_resources{type="TCPServerWrap"}'

test('what keeps the event loop alive is counted by type', async () => {
  const collector = activeResources({ prefix: '' })!
  const before = (await scrape(collector))[servers] ?? 0
  const [a, b] = [createServer().listen(0, '127.0.0.1'), createServer().listen(0, '127.0.0.1')]
  await Promise.all([once(a, 'listening'), once(b, 'listening')])
  expect((await scrape(collector))[servers]).toBe(before + 2)

  a.close()
  b.close()
  await Promise.all([once(a, 'close'), once(b, 'close')])
  // A type that was seen stays, at 0. Node lets go of a closed handle some turns of the loop later.
  await expect.poll(async () => (await scrape(collector))[servers]).toBe(before)
})

test('what does not keep it alive is not counted', async () => {
  const collector = activeResources({ prefix: '' })!
  const timers = async (): Promise<number> => (await scrape(collector))['nodejs_active_resources{type="Timeout"}'] ?? 0
  const before = await timers()
  const timer = setTimeout(() => {}, 60_000)
  expect(await timers()).toBe(before + 1)
  timer.unref()
  expect(await timers()).toBe(before)
  clearTimeout(timer)
})
