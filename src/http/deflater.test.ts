import zlib, { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Deflater } from './deflater.ts'
import type { Zlib } from './zlib-module.ts'

const pieces = Array.from({ length: 30 }, (_, i) => Buffer.from(`cakes_total{kind="${i}"} ${i}\n`.repeat(1 + i * 100)))

test('pieces are deflated each by itself, in whatever order they are put together', async () => {
  const deflater = new Deflater(zlib)
  const deflated = await Promise.all(pieces.map((piece) => deflater.deflate(piece)))
  expectInflated(deflated.toReversed(), pieces.toReversed())
  expectInflated(deflated.slice(7, 9), pieces.slice(7, 9))
})

test('a short piece is deflated at once, without the thread pool', () => {
  const deflated = new Deflater(zlib).deflate(pieces[1]!)
  expectInflated([deflated as Uint8Array], [pieces[1]!])
})

test('a long piece is deflated while the event loop goes on', async () => {
  const deflated = new Deflater(zlib).deflate(pieces.at(-1)!)
  expect(deflated).toBeInstanceOf(Promise)
  expectInflated([await deflated], [pieces.at(-1)!])
})

test.each([
  ['that flush nothing', () => zlib.createDeflateRaw()],
  ['that fail', () => zlib.createDeflateRaw().destroy(new Error('deliberate'))],
])('where streams are there %s, the result is the same', async (_, createDeflateRaw) => {
  const platform: Zlib = { ...zlib, createDeflateRaw }
  const deflater = new Deflater(platform)
  const deflated = []
  for (const piece of pieces) deflated.push(await deflater.deflate(piece))
  expectInflated(deflated, pieces)
})

function expectInflated(deflated: readonly Uint8Array[], plain: readonly Uint8Array[]): void {
  const end = Buffer.from([3, 0])
  expect(inflateRawSync(Buffer.concat([...deflated, end])).equals(Buffer.concat(plain))).toBe(true)
}
