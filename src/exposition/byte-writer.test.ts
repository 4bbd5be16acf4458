import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText } from '../../test/conformance/any-family.ts'
import { encode, longest, putEscaped, putInteger, putText } from './byte-writer.ts'

describe('an integer', () => {
  test.each([0, 1, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e15, 2 ** 53 - 1, 2 ** 53])(
    '%d is written in its digits',
    (value) => {
      expect(written((out, at) => putInteger(out, at, value))).toBe(String(value))
    },
  )

  test('is written as JavaScript writes it, up to 2^53', () => {
    const anyInteger = fc.oneof(
      fc.nat({ max: 2 ** 53 - 1 }),
      fc
        .tuple(fc.nat(53), fc.integer({ min: -2, max: 2 }))
        .map(([power, more]) => Math.min(2 ** 53, Math.max(0, 2 ** power + more))),
      fc.tuple(fc.nat(15), fc.integer({ min: -2, max: 2 })).map(([power, more]) => Math.max(0, 10 ** power + more)),
    )
    fc.assert(
      fc.property(anyInteger, (value) => {
        expect(written((out, at) => putInteger(out, at, value))).toBe(String(value))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a text', () => {
  test('is written as UTF-8, a lone surrogate as U+FFFD', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(written((out, at) => putText(out, at, text))).toBe(
          new TextDecoder().decode(new TextEncoder().encode(text)),
        )
        expect(encode(text)).toEqual(new TextEncoder().encode(text))
      }),
    )
  })

  test('is written escaped as a label value: backslash, quote and line feed (T5)', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
        expect(written((out, at) => putEscaped(out, at, text))).toBe(escaped.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
      }),
    )
  })

  test('takes no more bytes than is said beforehand, escaped or not', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const out = new Uint8Array(text.length * 8)
        expect(putText(out, 0, text)).toBeLessThanOrEqual(longest(text))
        expect(putEscaped(out, 0, text)).toBeLessThanOrEqual(longest(text))
      }),
    )
  })
})

/** What was written between two bytes that were there. */
function written(put: (out: Uint8Array, at: number) => number): string {
  const out = new Uint8Array(1000).fill(0x21)
  const end = put(out, 1)
  expect(out[0]).toBe(0x21)
  expect(out[end]).toBe(0x21)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(out.subarray(1, end))
}
