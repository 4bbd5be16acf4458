import { expect, test } from 'vitest'
import { WrittenFormats } from './written-formats.ts'

const TEXT = { format: 'text', escaping: 'underscores' } as const
const OPENMETRICS = { format: 'openmetrics', escaping: 'underscores' } as const

test('each format has its own, for each escaping', () => {
  const written = new WrittenFormats()
  const [text, openmetrics] = [written.of(TEXT), written.of(OPENMETRICS)]
  expect(text).not.toBe(openmetrics)
  expect(written.of({ ...TEXT, escaping: 'dots' })).not.toBe(text)
  expect(written.of(TEXT)).toBe(text)
  expect(written.of(OPENMETRICS)).toBe(openmetrics)
})

test('a format that is asked for no more is forgotten', () => {
  const written = new WrittenFormats()
  const [text, openmetrics] = [written.of(TEXT), written.of(OPENMETRICS)]
  for (let i = 0; i < 16; i++) expect(written.of(OPENMETRICS)).toBe(openmetrics)
  expect(written.of(TEXT)).not.toBe(text)
  expect(written.of(OPENMETRICS)).toBe(openmetrics)
})
