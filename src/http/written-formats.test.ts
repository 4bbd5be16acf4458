import { expect, test } from 'vitest'
import { WrittenFormats } from './written-formats.ts'

test('each format has its own', () => {
  const written = new WrittenFormats()
  const [text, openmetrics] = [written.of('text'), written.of('openmetrics')]
  expect(text).not.toBe(openmetrics)
  expect(written.of('text')).toBe(text)
  expect(written.of('openmetrics')).toBe(openmetrics)
})

test('a format that is asked for no more is forgotten', () => {
  const written = new WrittenFormats()
  const [text, openmetrics] = [written.of('text'), written.of('openmetrics')]
  for (let i = 0; i < 16; i++) expect(written.of('openmetrics')).toBe(openmetrics)
  expect(written.of('text')).not.toBe(text)
  expect(written.of('openmetrics')).toBe(openmetrics)
})
