import { spawnSync } from 'node:child_process'
import { pathOf } from './real-parts.ts'

/**
 * What `promtool check metrics` says about an exposition in the text format: nothing, when it is good.
 * It ends with 3 for findings and 1 for a text that it cannot parse.
 */
export function checkMetrics(text: string): { code: number | null; findings: string[] } {
  const { status, stdout, stderr, error } = spawnSync(pathOf('promtool'), ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  if (error) throw error
  return { code: status, findings: `${stdout}${stderr}`.split('\n').filter((line) => line !== '') }
}
