import { expect, test } from 'vitest'
import { metricFamily } from '../model/build-family.ts'
import { FORMATS, FORMAT_NAMES } from './format.ts'
import { negotiate } from './negotiate.ts'

test.each(Object.entries(FORMATS))(
  'the format %s says its media type with a version or a message, and writes blocks of bytes',
  (_, format) => {
    expect(format.contentType).toMatch(/^[a-z]+\/[a-z.-]+; .*(version=\d+\.\d+\.\d+|proto=[a-zA-Z.]+;)/)
    const family = metricFamily({ name: 'x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 1 }] })
    const blocks = [...format.write([family])]
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) expect(block).toBeInstanceOf(Uint8Array)
  },
)

test('every format is offered, under the media type that it has', () => {
  expect(FORMAT_NAMES.toSorted()).toEqual(Object.keys(FORMATS).toSorted())
  for (const format of FORMAT_NAMES) {
    const { contentType } = FORMATS[format]
    expect(negotiate(contentType)).toEqual({ format, contentType, escaping: 'underscores' })
  }
})
