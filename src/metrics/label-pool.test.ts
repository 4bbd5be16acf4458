import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText } from '../../test/conformance/any-family.ts'
import type { LabelValue } from '../model/label-set.ts'
import { ABSENT } from '../model/series-columns.ts'
import { LabelPool } from './label-pool.ts'

const anyValue: fc.Arbitrary<LabelValue> = fc.oneof(hostileText, fc.double(), fc.integer(), fc.boolean())

describe('the pool of label values', () => {
  test('gives a value the same id as its text, and no other value the same', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const pool = new LabelPool()
        const ids = values.map((value) => pool.intern(value))
        for (const [i, value] of values.entries()) {
          for (const [j, other] of values.entries()) expect(ids[i] === ids[j]).toBe(textOf(value) === textOf(other))
        }
      }),
    )
  })

  test('knows the text of every id', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const pool = new LabelPool()
        for (const value of values) expect(pool.texts[pool.intern(value)]).toBe(textOf(value))
      }),
    )
  })

  test('finds the id of what was interned, by the text and by the value that was given', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const pool = new LabelPool()
        const ids = values.map((value) => pool.intern(value))
        // Twice: what was looked up lately is found in another way.
        for (let i = 0; i < 2; i++) {
          expect(values.map((value) => pool.idOf(typeof value === 'string' ? textOf(value) : value))).toEqual(ids)
        }
      }),
    )
  })

  test('finds nothing that was not interned, and interns nothing by looking', () => {
    const pool = new LabelPool()
    pool.intern('a')
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
      expect(pool.idOf(value)).toBe(ABSENT)
    }
    expect(pool.texts).toHaveLength(2)
  })

  test('finds each of very many texts that differ in but one character', () => {
    const pool = new LabelPool()
    const texts = Array.from({ length: 5000 }, (_, i) => `customer-${String(i).padStart(5, '0')}-of-this-service`)
    const ids = texts.map((text) => pool.intern(text))
    expect(new Set(ids).size).toBe(texts.length)
    for (const round of [texts, texts.toReversed()]) {
      for (const text of round) expect(pool.texts[pool.idOf(text)]).toBe(text)
    }
  })

  test('gives no value the id of an absent label', () => {
    expect(new LabelPool().intern('')).not.toBe(ABSENT)
  })
})

/** What is exposed of a value. */
function textOf(value: LabelValue): string {
  return String(value).replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
