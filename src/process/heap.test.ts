import { getHeapStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { heap } from './heap.ts'

test('the heap is used up to its size, and may grow up to its limit', async () => {
  const shown = await scrape(heap({ prefix: '' })!)
  expect(shown['nodejs_heap_used_bytes']).toBeGreaterThan(1e6)
  expect(shown['nodejs_heap_total_bytes']).toBeGreaterThanOrEqual(shown['nodejs_heap_used_bytes']!)
  expect(shown['nodejs_heap_limit_bytes']).toBe(getHeapStatistics().heap_size_limit)
})

test('objects that are kept add to what is used', async () => {
  const collector = heap({ prefix: '' })!
  const before = await scrape(collector)
  const kept = Array.from({ length: 2_000_000 }, (_, i) => ({ i }))
  const after = await scrape(collector)
  expect(kept).toHaveLength(2_000_000)
  expect(after['nodejs_heap_used_bytes']! - before['nodejs_heap_used_bytes']!).toBeGreaterThan(10e6)
})
