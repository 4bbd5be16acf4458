import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { externalMemory } from './external-memory.ts'

test('a buffer adds to the array buffers and to the external memory', async () => {
  const collector = externalMemory({ prefix: '' })!
  const before = await scrape(collector)
  const kept = Buffer.alloc(32 * 1024 ** 2)
  const after = await scrape(collector)
  expect(kept).toHaveLength(32 * 1024 ** 2)
  for (const name of ['nodejs_array_buffers_bytes', 'nodejs_external_memory_bytes']) {
    expect(after[name]! - before[name]!).toBeGreaterThan(16 * 1024 ** 2)
  }
})
