import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { heapSpaces } from './heap-spaces.ts'

test('every space of the heap has its size, what is used of it and what is not', async () => {
  const shown = await scrape(heapSpaces({ prefix: '' })!)
  const expected = ['total', 'used', 'available'].flatMap((part) =>
    getHeapSpaceStatistics().map(({ space_name }) => {
      return `nodejs_heap_space_${part}_bytes{space="${space_name.replace('_space', '')}"}`
    }),
  )
  expect(Object.keys(shown)).toEqual(expected)
  expect(shown['nodejs_heap_space_total_bytes{space="old"}']).toBeGreaterThan(0)
  expect(shown['nodejs_heap_space_used_bytes{space="old"}']).toBeGreaterThan(0)
  expect(shown['nodejs_heap_space_used_bytes{space="old"}']).toBeLessThanOrEqual(
    shown['nodejs_heap_space_total_bytes{space="old"}']!,
  )
})
