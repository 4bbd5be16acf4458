import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metricFamily } from 'narthex'
import { anyFamily, anyText } from '../../test/conformance/any-family.ts'
import { readText } from '../../test/conformance/text-reader.ts'
import { exposeText } from './expose-text.ts'
import { sampleLines } from './sample-lines.ts'

test('the sample lines of any family are those of its text exposition', () => {
  fc.assert(
    fc.property(anyFamily(anyText), (options) => {
      const family = metricFamily(options)
      const read = readText(exposeText([family])).flatMap(({ samples }) => samples)
      expect(sampleLines(family).map(({ name, labels, value }) => [name, labels, value + 0])).toEqual(
        read.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value]),
      )
    }),
    { numRuns: 100 },
  )
})
