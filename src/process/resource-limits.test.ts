import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { hasProc } from './proc-file.ts'
import { resourceLimits } from './resource-limits.ts'

// Other systems do not tell.
test.runIf(hasProc)('the limits are those that the process has', async () => {
  // A shell started from here inherits them.
  const ulimit = (resource: string): number => {
    const limit = execFileSync('sh', ['-c', `ulimit -S ${resource}`], { encoding: 'utf8' }).trim()
    return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
  }
  expect(await scrape(resourceLimits({ prefix: '' })!)).toEqual({
    process_max_fds: ulimit('-n'),
    process_virtual_memory_max_bytes: ulimit('-v') * 1024,
  })
})
