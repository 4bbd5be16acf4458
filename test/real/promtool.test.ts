import { afterEach, describe, expect, test } from 'vitest'
import { stopChildren } from './child-process.ts'
import { checkMetrics } from './promtool.ts'
import { isMissing } from './real-parts.ts'
import { startExampleApp } from './service.ts'

afterEach(stopChildren)

describe.skipIf(isMissing('promtool'))('promtool', () => {
  test('finds nothing to say about the whole exposition of the example application', async () => {
    const app = await startExampleApp({ FAIL_RATE: '0.5' })
    for (const path of ['/', '/database/', '/probe', '/probe', '/probe', '/probe', '/nope']) await app.request(path)
    await app.request('/probe', 'HEAD')
    await app.request('/', 'POST')

    const text = await app.scrape()
    // The exposition is the whole one: what the process and the runtime tell is in it.
    for (const name of [
      'requests_total',
      'app_request_count_total',
      'process_cpu_seconds_total',
      'nodejs_version_info',
    ]) {
      expect(text).toContain(`\n# TYPE ${name} `)
    }
    expect(checkMetrics(text)).toEqual({ code: 0, findings: [] })
  })

  test('does find faults, when there are any', () => {
    expect(checkMetrics('# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n')).toEqual({
      code: 3,
      findings: ['a_total non-counter metrics should not have "_total" suffix'],
    })
    expect(checkMetrics('a{b="c} 1\n').code).toBe(1)
  })
})
