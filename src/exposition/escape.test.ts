import { expect, test } from 'vitest'
import { escapeHelp, escapeLabelValue } from './escape.ts'

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['"', '"'],
  ['\\n', '\\\\n'],
  ['a\\\nb"c\\\\', 'a\\\\\\nb"c\\\\\\\\'],
  ['\r\t\0', '\r\t\0'],
  ['é😱', 'é😱'],
])('a help text %j is written %j: backslash and line feed are escaped, a quote is not (T5)', (help, written) => {
  expect(escapeHelp(help)).toBe(written)
})

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['"', '\\"'],
  ['\\"\n', '\\\\\\"\\n'],
  ['"} 1\n# EOF', '\\"} 1\\n# EOF'],
  ['\r\t\0', '\r\t\0'],
  ['é😱', 'é😱'],
])('a label value %j is written %j: backslash, line feed and quote are escaped (T5)', (value, written) => {
  expect(escapeLabelValue(value)).toBe(written)
})
