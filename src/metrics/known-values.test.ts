import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText } from '../../test/conformance/any-family.ts'
import type { LabelValue } from '../model/label-set.ts'
import { ABSENT } from '../model/series-columns.ts'
import { KnownValues } from './known-values.ts'
import { NONE, type LabelTexts } from './series-slots.ts'

const anyValue: fc.Arbitrary<LabelValue> = fc.oneof(hostileText, fc.double(), fc.integer(), fc.boolean())

describe('the values of a label', () => {
  test('gives a value the same id as its text, and no other value the same', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const { known } = nothingKnown()
        const ids = values.map((value) => known.intern(value))
        for (const [i, value] of values.entries()) {
          for (const [j, other] of values.entries()) expect(ids[i] === ids[j]).toBe(textOf(value) === textOf(other))
        }
      }),
    )
  })

  test('knows the text of every id', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const { known, pool } = nothingKnown()
        for (const value of values) expect(pool.texts[known.intern(value)]).toBe(textOf(value))
      }),
    )
  })

  test('finds the id of what was interned, by the text and by the value that was given', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const { known } = nothingKnown()
        const ids = values.map((value) => known.intern(value))
        // Twice: what was looked up lately is found in another way.
        for (let i = 0; i < 2; i++) {
          expect(values.map((value) => known.stepOf(typeof value === 'string' ? textOf(value) : value))).toEqual(ids)
        }
      }),
    )
  })

  test('finds nothing that was not interned, and interns nothing by looking', () => {
    const { known, pool } = nothingKnown()
    known.intern('a')
    for (const value of [
      '',
      'b',
      'constructor',
      '__proto__',
      'length',
      0,
      1,
      true,
      null,
      undefined,
      Symbol('a'),
      {},
      [],
    ]) {
      expect(known.stepOf(value)).toBe(NONE)
    }
    expect(pool.texts).toHaveLength(2)
  })

  test('finds each of very many texts that differ in but one character', () => {
    const { known, pool } = nothingKnown()
    const texts = Array.from({ length: 5000 }, (_, i) => `customer-${String(i).padStart(5, '0')}-of-this-service`)
    const ids = texts.map((text) => known.intern(text))
    expect(new Set(ids).size).toBe(texts.length)
    for (const round of [texts, texts.toReversed()]) {
      for (const text of round) expect(pool.texts[known.stepOf(text)]).toBe(text)
    }
  })

  test('finds each of many texts, whichever of their characters differ', () => {
    const anyTexts = fc.uniqueArray(fc.stringMatching(/^[ab1]{0,9}$/), { maxLength: 300, size: 'max' })
    fc.assert(
      fc.property(anyTexts, fc.nat(400), (texts, stride) => {
        const { known, pool } = nothingKnown()
        const ids = texts.map((text) => known.intern(text))
        for (let i = 0; i < 2; i++) expect(texts.map((text) => known.stepOf(text))).toEqual(ids)
        known.restep(stride + 1)
        expect(texts.map((text) => known.stepOf(text))).toEqual(texts.map((_, i) => i * (stride + 1)))
        expect(ids.map((id) => known.stepOfId(id))).toEqual(texts.map((_, i) => i * (stride + 1)))
        expect(pool.texts).toEqual(['', ...texts])
      }),
      { numRuns: 50 },
    )
  })

  test('are forgotten when they are cleared', () => {
    const { known } = nothingKnown()
    for (const value of ['a', 'b', 1, '']) known.intern(value)
    known.clear()
    known.restep(1)
    for (const value of ['a', 'b', 1, '1', '']) expect(known.stepOf(value)).toBe(NONE)
    expect(known.size).toBe(0)
  })

  test('gives no value the id of an absent label', () => {
    expect(nothingKnown().known.intern('')).not.toBe(ABSENT)
  })
})

/** Steps are ids as long as none others were made. */
function nothingKnown(): { known: KnownValues; pool: LabelTexts } {
  const pool: LabelTexts = { texts: [''], ordinals: [0] }
  return { known: new KnownValues(pool), pool }
}

/** What is exposed of a value. */
function textOf(value: LabelValue): string {
  return String(value).replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
