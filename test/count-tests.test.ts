import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'narthex-reports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the closing line of .ci/run', () => {
  test('adds up the runs', () => {
    const unit = report({ success: true, files: [['passed', 'passed'], ['passed']] })
    const real = report({ success: true, files: [['passed', 'skipped', 'todo']] })
    expect(closingLine(unit, real)).toEqual({ line: '4 passed, 0 failed, 2 skipped\n', code: 0 })
  })

  test('leaves out what was skipped where nothing was', () => {
    expect(closingLine(report({ success: true, files: [['passed']] })).line).toBe('1 passed, 0 failed\n')
  })

  test('fails with a failed test', () => {
    expect(closingLine(report({ success: false, files: [['passed', 'failed']] }))).toEqual({
      line: '1 passed, 1 failed\n',
      code: 1,
    })
  })

  test('counts a test file that could not be loaded as one failure', () => {
    expect(closingLine(report({ success: false, files: [['passed'], []] }))).toEqual({
      line: '1 passed, 1 failed\n',
      code: 1,
    })
  })

  test('counts a run that left no report as one failure', () => {
    const unit = report({ success: true, files: [['passed']] })
    expect(closingLine(unit, join(folder, 'none.json'))).toEqual({ line: '1 passed, 1 failed\n', code: 1 })
  })
})

/** What vitest writes, as far as it is read; a file without results is one that could not be loaded. */
function report({ success, files }: { success: boolean; files: string[][] }): string {
  const testResults = files.map((states) => ({
    status: states.length === 0 || states.includes('failed') ? 'failed' : 'passed',
    assertionResults: states.map((status) => ({ status })),
  }))
  const path = join(mkdtempSync(join(folder, 'run-')), 'report.json')
  writeFileSync(path, JSON.stringify({ success, testResults }))
  return path
}

function closingLine(...reports: string[]): { line: string; code: number | null } {
  const script = fileURLToPath(new URL('../scripts/count-tests.mjs', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, [script, ...reports], { encoding: 'utf8' })
  return { line: stdout, code: status }
}
