#!/usr/bin/env node
/**
 * Adds up vitest's JSON reports and prints one line: `N passed, N failed`, and `, N skipped` where there are any.
 *
 *     node scripts/count-tests.mjs reports/unit.json reports/real.json
 *
 * A test file that could not be loaded has no failed test in its report, and a run that broke down leaves no report:
 * each counts as one failure, so that nothing passes by not having run. Exits with 1 if anything failed.
 */
import { existsSync, readFileSync } from 'node:fs'

const total = { passed: 0, failed: 0, skipped: 0 }
for (const path of process.argv.slice(2)) {
  const counts = existsSync(path)
    ? countsOf(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 1, skipped: 0 }
  for (const state of Object.keys(total)) total[state] += counts[state]
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
if (total.failed > 0) process.exitCode = 1

function countsOf(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of report.testResults) {
    const states = assertionResults.map((result) => result.status)
    counts.passed += states.filter((state) => state === 'passed').length
    counts.failed += states.filter((state) => state === 'failed').length
    counts.skipped += states.filter((state) => state !== 'passed' && state !== 'failed').length
    if (status === 'failed' && !states.includes('failed')) counts.failed += 1
  }
  // An error outside of any test, such as an unhandled rejection.
  if (!report.success && counts.failed === 0) counts.failed = 1
  return counts
}
