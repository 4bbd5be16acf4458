import zlib from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { ContentEncoding } from './content-encoding.ts'
import type { Zlib } from './zlib-module.ts'

const large = [new Uint8Array(1400), new Uint8Array(1000)]

test('a body of one packet is not compressed', async () => {
  const encoding = new ContentEncoding()
  const small = [new Uint8Array(1000), new Uint8Array(399)]
  expect(await encoding.encode(small, 'gzip')).toEqual({ blocks: small })
  expect(await encoding.encode([...small, new Uint8Array(1)], 'gzip')).toMatchObject({ coding: 'gzip' })
})

test('who accepts nothing gets the body as it is', async () => {
  const { coding, blocks } = await new ContentEncoding().encode(large, undefined)
  expect(coding).toBeUndefined()
  expect(blocks).toBe(large)
})

test('where there is no zlib, or one without checksums, bodies stay as they are', async () => {
  vi.stubGlobal('process', {})
  const nowhere = new ContentEncoding()
  vi.unstubAllGlobals()
  const withoutChecksums: Zlib = { ...zlib, crc32: undefined as never }
  for (const encoding of [nowhere, new ContentEncoding(withoutChecksums)]) {
    expect(await encoding.encode(large, 'gzip, zstd')).toEqual({ blocks: large })
  }
})

// Before 22.15, Node has no zstd: `npm run test:real` runs this on later ones.
test.runIf('createZstdCompress' in zlib)('zstd is there where Node has it', async () => {
  const { coding, blocks } = await new ContentEncoding().encode(large, 'gzip, zstd')
  expect(coding).toBe('zstd')
  const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync: (bytes: Uint8Array) => Buffer }
  expect(zstdDecompressSync(Buffer.concat(blocks)).equals(Buffer.concat(large))).toBe(true)
})
