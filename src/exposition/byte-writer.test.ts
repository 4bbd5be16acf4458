import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText, wellFormed } from '../../test/conformance/any-family.ts'
import { ByteWriter, encode, longest, piece } from './byte-writer.ts'

describe('an integer', () => {
  test.each([0, 1, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e15, 2 ** 53 - 1, 2 ** 53])(
    '%d is written in its digits',
    (value) => {
      expect(written((writer, at) => writer.integer(at, value))).toBe(String(value))
    },
  )

  test('is written as JavaScript writes it, up to 2^53', () => {
    const near = (base: number, limit: number): fc.Arbitrary<number> =>
      fc
        .tuple(fc.nat(limit), fc.integer({ min: -2, max: 2 }))
        .map(([power, more]) => Math.min(2 ** 53, Math.max(0, base ** power + more)))
    fc.assert(
      fc.property(fc.oneof(fc.nat({ max: 2 ** 53 - 1 }), near(2, 53), near(10, 15)), (value) => {
        expect(written((writer, at) => writer.integer(at, value))).toBe(String(value))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a text', () => {
  test('is written as UTF-8, a lone surrogate as U+FFFD', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(encode(text)).toEqual(new TextEncoder().encode(text))
        expect(written((writer, at) => writer.piece(at, piece(text)))).toBe(wellFormed([text])[0])
      }),
    )
  })

  test('is written escaped as a label value: backslash, quote and line feed (T5)', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
        expect(written((writer, at) => writer.escaped(at, text))).toBe(wellFormed([escaped])[0])
      }),
    )
  })

  test('of ASCII characters is written as it is', () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))
    expect(written((writer, at) => writer.ascii(at, ascii))).toBe(ascii)
  })

  test('takes no more bytes than is said beforehand, escaped or not', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const writer = new ByteWriter()
        expect(encode(text).length).toBeLessThanOrEqual(longest(text))
        expect(writer.escaped(0, text)).toBeLessThanOrEqual(longest(text))
      }),
    )
  })
})

describe('the memory of a writer', () => {
  test('takes what was written before once more', () => {
    fc.assert(
      fc.property(hostileText, fc.nat(7), (text, gap) => {
        const read = written((writer, at) => {
          const end = writer.piece(at, piece(text))
          return writer.again(writer.piece(end, piece('-'.repeat(gap + 1))), at, end)
        })
        const [plain] = wellFormed([text])
        expect(read).toBe(plain + '-'.repeat(gap + 1) + plain)
      }),
    )
  })

  test('grows as it must, and keeps what was written', () => {
    const writer = new ByteWriter()
    const text = 'narthex'.repeat(1000)
    let at = 0
    for (let i = 0; i < 100; i++) {
      at = writer.ascii(writer.reserve(at, text.length), text)
    }
    expect(new TextDecoder().decode(writer.take(at)) === text.repeat(100)).toBe(true)
  })

  test('is given back when a block took unusually much', () => {
    const writer = new ByteWriter()
    const usual = writer.bytes.length
    writer.reserve(0, 100 * usual)
    writer.take(1)
    expect(writer.bytes.length).toBe(usual)
  })

  test('that was handed out stays what it is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileText, fc.nat(40_000), fc.boolean())), (texts) => {
        const writer = new ByteWriter()
        const taken = texts.map(([text, room, copied]) => {
          const { words, length } = piece(text)
          const end = writer.piece(writer.reserve(writer.start, length + room), { words, length })
          return writer.take(end, copied)
        })
        for (const [i, [text]] of texts.entries()) expect(taken[i]).toEqual(encode(text))
      }),
    )
  })
})

/** What was written after a byte that was there, which is still there. */
function written(put: (writer: ByteWriter, at: number) => number): string {
  const writer = new ByteWriter()
  writer.bytes.fill(0x21)
  const end = put(writer, 1)
  const bytes = writer.take(end)
  expect(bytes[0]).toBe(0x21)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(1))
}
