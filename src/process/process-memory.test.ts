import process from 'node:process'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { hasProc } from './proc-file.ts'
import { processMemory } from './process-memory.ts'

test('the resident memory is that of this process', async () => {
  const { process_resident_memory_bytes: bytes } = await scrape(processMemory({ prefix: '' }))
  const expected = process.memoryUsage.rss()
  expect(bytes).toBeGreaterThan(expected * 0.8)
  expect(bytes).toBeLessThan(expected * 1.25)
})

// Other systems do not tell the rest.
test.runIf(hasProc)('virtual memory contains the heap and what is resident', async () => {
  const shown = await scrape(processMemory({ prefix: '' }))
  expect(Object.keys(shown)).toEqual([
    'process_virtual_memory_bytes',
    'process_resident_memory_bytes',
    'process_heap_bytes',
  ])
  expect(shown['process_virtual_memory_bytes']).toBeGreaterThan(shown['process_resident_memory_bytes']!)
  expect(shown['process_virtual_memory_bytes']).toBeGreaterThan(shown['process_heap_bytes']!)
  expect(shown['process_heap_bytes']).toBeGreaterThan(process.memoryUsage().heapTotal)
})
