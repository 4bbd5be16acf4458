import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mutatedOpenMetrics, mutatedText } from './mutated-exposition.ts'
import { mutatedProtobuf } from './mutated-protobuf.ts'
import { expectParserPromises, FUZZED_FORMATS } from './parser-promises.ts'

/** Set by scripts/fuzz-parsers.mjs, for a long run. */
const { NARTHEX_FUZZ_RUNS: runs, NARTHEX_FUZZ_SEED: seed } = process.env

/** None for a long run. */
const TIME = runs === undefined ? 30_000 : 0

const cases = new URL('cases/', import.meta.url)
const anyBytes = fc.uint8Array({ maxLength: 60 })

describe('whatever it is given, a parser refuses it with a place, or reads it as families', () => {
  test.each([
    ['text', 'changed at some places', mutatedText],
    ['text', 'of any bytes', anyBytes],
    ['openmetrics', 'changed at some places', mutatedOpenMetrics],
    ['openmetrics', 'of any bytes', anyBytes],
    ['protobuf', 'changed at some places', mutatedProtobuf],
    ['protobuf', 'of any bytes', anyBytes],
  ] as const)(
    '%s, %s',
    (format, _, anyInput) => {
      const property = fc.property(anyInput, (input) => expectParserPromises(FUZZED_FORMATS[format], input))
      const found = fc.check(property, { seed: Number(seed ?? 20_261_121), numRuns: Number(runs ?? 800) })
      if (found.failed && runs !== undefined) keep(format, found.counterexample![0])
      expect(fc.defaultReportMessage(found)).toBeUndefined()
    },
    TIME,
  )
})

describe('what was once found', () => {
  test.each(readdirSync(cases))('%s is read as promised, in all formats', (name) => {
    const input = readFileSync(new URL(name, cases))
    expectParserPromises(FUZZED_FORMATS.text, input)
    expectParserPromises(FUZZED_FORMATS.openmetrics, input)
    expectParserPromises(FUZZED_FORMATS.protobuf, input)
  })
})

function keep(format: string, input: Uint8Array): void {
  const name = `${format}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}.txt`
  writeFileSync(new URL(name, cases), input)
}
