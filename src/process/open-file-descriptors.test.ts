import { statSync } from 'node:fs'
import { mkdtemp, open, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import { DescriptorFolder, openFileDescriptors } from './open-file-descriptors.ts'
import { hasProc } from './proc-file.ts'

// Other systems do not tell.
describe.runIf(hasProc)('open file descriptors', () => {
  test('are counted: every file that is opened adds one', async () => {
    const shown = async (): Promise<number> => (await scrape(openFileDescriptors({ prefix: '' })!))['process_open_fds']!
    const before = await shown()
    expect(before).toBeGreaterThan(2)
    await whileOpen(25, async () => {
      expect(await shown()).toBe(before + 25)
    })
  })
})

/**
 * What kernels before Linux 6.2 do with `/proc/self/fd`, those of today do with `/proc/self/fdinfo`: the same entries,
 * in a folder of size 0.
 */
describe.runIf(hasProc)('a folder that does not tell how many entries it has', () => {
  test('is counted', async () => {
    const before = await new DescriptorFolder('/proc/self/fdinfo', () => 0).count()
    expect(before).toBeGreaterThan(2)
    await whileOpen(25, async () => {
      expect(await new DescriptorFolder('/proc/self/fdinfo', () => 0).count()).toBe(before + 25)
    })
  })

  // Older kernels do not say what the count should be.
  test.runIf(hasProc && statSync('/proc/self/fd').size > 0)(
    'is counted without the descriptor that this takes',
    async () => {
      const told = await new DescriptorFolder('/proc/self/fd', () => 0).count()
      expect(await new DescriptorFolder('/proc/self/fdinfo', () => 0).count()).toBe(told)
    },
  )

  test('is counted once in 30 seconds, and the count is served meanwhile', async () => {
    let nowMs = 1000
    const folder = new DescriptorFolder('/proc/self/fdinfo', () => nowMs)
    const before = await folder.count()
    await whileOpen(10, async () => {
      nowMs += 29_999
      expect(await folder.count()).toBe(before)
      nowMs += 1
      expect(await folder.count()).toBe(before + 10)
    })
  })

  test('is counted once for scrapes at the same time', async () => {
    const folder = new DescriptorFolder('/proc/self/fdinfo', () => 0)
    const [first, ...others] = await Promise.all([folder.count(), folder.count(), folder.count()])
    expect(others).toEqual([first, first])
  })

  test('is counted again at once after a count that failed', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'narthex-fd-'))
    const path = join(temporary, 'fd')
    const folder = new DescriptorFolder(path, () => 0)
    try {
      // A file of size 0 is no folder to be read.
      await symlink('/proc/self/status', path)
      await expect(folder.count()).rejects.toThrow('ENOTDIR')
      await rm(path)
      await symlink('/proc/self/fdinfo', path)
      expect(await folder.count()).toBeGreaterThan(2)
    } finally {
      await rm(temporary, { recursive: true })
    }
  })
})

async function whileOpen(files: number, promise: () => Promise<void>): Promise<void> {
  const opened = await Promise.all(Array.from({ length: files }, () => open(import.meta.filename)))
  try {
    await promise()
  } finally {
    await Promise.all(opened.map((file) => file.close()))
  }
}
