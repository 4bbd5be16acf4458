import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptsGzip, Gzip } from './content-encoding.ts'

const gzip = Gzip.here()!

test.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, GZIP;q=0.8, *;q=0.1', true],
  ['*', true],
  ['x-gzip', true],
  ['gzip;q=0.001', true],
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip;q=0', false],
  ['gzip; q=0.0', false],
  ['*, gzip;q=0', false],
  ['*;q=0', false],
  ['gzip;q=nonsense', false],
  ['deflate, br', false],
])('Accept-Encoding %j takes gzip: %s', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted)
})

test('a body of one packet is not compressed', async () => {
  expect(await gzip.compress([new Uint8Array(1399)])).toBeUndefined()
  expect(await gzip.compress([new Uint8Array(1400)])).toBeDefined()
})

test('what is compressed is one gzip member that inflates to the blocks, whichever of them come again', async () => {
  const pool = fc.array(fc.uint8Array({ minLength: 1400, maxLength: 20_000, size: 'max' }), {
    minLength: 1,
    maxLength: 12,
  })
  const sequences = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(pool, sequences, async (blocks, bodies) => {
      for (const picks of bodies) {
        const body = picks.map((pick) => blocks[pick % blocks.length]!)
        const plain = Buffer.concat(body)
        const compressed = (await gzip.compress(body))!
        expect(gunzipSync(Buffer.concat(compressed)).equals(plain)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('a block that comes again is not compressed again', async () => {
  const blocks = Array.from({ length: 20 }, (_, i) => new Uint8Array(20_000).fill(i))
  const first = (await gzip.compress(blocks))!
  const changed = blocks.with(7, new Uint8Array(20_000).fill(99))
  const second = (await gzip.compress(changed))!
  // The header, one part per block, the trailer.
  expect(second).toHaveLength(22)
  const again = second.filter((part) => first.includes(part))
  expect(again).toHaveLength(20)
  expect(gunzipSync(Buffer.concat(second)).equals(Buffer.concat(changed))).toBe(true)
})

test('small blocks are compressed together', async () => {
  const blocks = Array.from({ length: 100 }, () => new Uint8Array(1000))
  expect((await gzip.compress(blocks))!.length).toBeLessThan(10)
})
