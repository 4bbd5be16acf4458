import { randomBytes } from 'node:crypto'
import zlib, { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gzip } from './gzip.ts'

const gzip = Gzip.of(zlib)!

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
        const compressed = await gzip.compress(body)
        expect(gunzipSync(Buffer.concat(compressed)).equals(plain)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('a block that comes again is not compressed again, but for its neighbours the first time', async () => {
  const blocks = Array.from({ length: 20 }, (_, i) => new Uint8Array(20_000).fill(i))
  const other = (fill: number) => new Uint8Array(20_000).fill(fill)
  const first = await gzip.compress(blocks)
  // The header, five groups of four blocks, the trailer.
  expect(first).toHaveLength(7)
  const second = await gzip.compress(blocks.with(7, other(97)))
  // The group of the block that has changed is four of one block now.
  expect(second.filter((part) => first.includes(part))).toHaveLength(5)
  expect(second).toHaveLength(10)
  const changed = blocks.with(7, other(98))
  const third = await gzip.compress(changed)
  expect(third.filter((part) => second.includes(part))).toHaveLength(8)
  expect(third).toHaveLength(10)
  expect(gunzipSync(Buffer.concat(third)).equals(Buffer.concat(changed))).toBe(true)
  const same = await gzip.compress(changed)
  expect(same.filter((part) => third.includes(part))).toHaveLength(9)
})

test('small blocks are compressed together', async () => {
  const blocks = Array.from({ length: 100 }, () => new Uint8Array(1000))
  expect((await gzip.compress(blocks)).length).toBeLessThan(10)
})

test('bodies that are compressed at the same time share the work, and do not mix', async () => {
  const blocks = Array.from({ length: 20 }, (_, i) => new Uint8Array(20_000).fill(i))
  const changed = blocks.with(3, new Uint8Array(20_000).fill(99))
  const [one, other, third] = await Promise.all([blocks, changed, blocks].map((body) => gzip.compress(body)))
  expect(gunzipSync(Buffer.concat(one!)).equals(Buffer.concat(blocks))).toBe(true)
  expect(gunzipSync(Buffer.concat(other!)).equals(Buffer.concat(changed))).toBe(true)
  expect(gunzipSync(Buffer.concat(third!)).equals(Buffer.concat(blocks))).toBe(true)
  // The header, and four groups of four blocks in which nothing has changed.
  expect(third!.filter((part) => one!.includes(part) && other!.includes(part))).toHaveLength(5)
})

test('the groups after a small block that has another length are the same as before', async () => {
  const blocks = [new Uint8Array(300), ...Array.from({ length: 20 }, (_, i) => new Uint8Array(17_000).fill(i))]
  await gzip.compress(blocks)
  const first = await gzip.compress(blocks.with(0, new Uint8Array(301)))
  const second = await gzip.compress(blocks.with(0, new Uint8Array(302)))
  // All but the first group and the trailer.
  expect(second.filter((part) => first.includes(part))).toHaveLength(second.length - 2)
})

test('the event loop goes on while a body is compressed', async () => {
  const blocks = Array.from({ length: 100 }, () => new Uint8Array(randomBytes(20_000)))
  let turns = 0
  const turning = setInterval(() => turns++, 0)
  await gzip.compress(blocks)
  clearInterval(turning)
  expect(turns).toBeGreaterThan(2)
})
