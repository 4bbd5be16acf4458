import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { hasProc, readProcFile, unlessUnavailable } from './proc-file.ts'

const { signal } = new AbortController()

// Elsewhere there is no /proc to read.
describe.runIf(hasProc)('where there is /proc', () => {
  test('a file of this process is read', async () => {
    expect(await readProcFile('status', signal)).toMatch(new RegExp(`^Pid:\\s+${process.pid}$`, 'm'))
  })

  test('a file that the kernel does not have is left out', async () => {
    expect(await readProcFile('no-such-file', signal)).toBeUndefined()
  })

  test('a scrape that was given up does not wait for the file', async () => {
    await expect(readProcFile('status', AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

test('what may not be read is left out', async () => {
  const byNode = Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' })
  const byDeno = Object.assign(new Error('Requires read access'), { name: 'NotCapable' })
  expect(await unlessUnavailable(Promise.reject(byNode))).toBeUndefined()
  expect(await unlessUnavailable(Promise.reject(byDeno))).toBeUndefined()
})

test('any other failure stays one, so that the registry counts and reports it', async () => {
  await expect(unlessUnavailable(readFile(import.meta.dirname))).rejects.toThrow('EISDIR')
})
