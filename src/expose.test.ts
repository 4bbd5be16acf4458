import { afterEach, describe, expect, test } from 'vitest'
import { counter, defaultRegistry, expose, gauge, histogram, Registry } from './index.ts'

afterEach(() => defaultRegistry.clear())

describe('expose', () => {
  test('gives the exposition of the default registry, in the text format', async () => {
    const requests = counter({ name: 'requests', help: 'Application Request Count', labelNames: ['endpoint'] })
    requests.inc({ endpoint: '/' })
    requests.labels('/').inc()
    expect(await expose()).toBe(`# HELP requests_total Application Request Count
# TYPE requests_total counter
requests_total{endpoint="/"} 2
`)
  })

  test('gives that of another registry', async () => {
    const registry = new Registry()
    gauge({ name: 'here', help: 'Here.', registry })
    gauge({ name: 'elsewhere', help: 'Elsewhere.' })
    expect(await expose(registry, { format: 'text' })).toBe('# HELP here Here.\n# TYPE here gauge\nhere 0\n')
  })

  test('gives only the families that have one of some names, their own or that of a sample', async () => {
    counter({ name: 'requests', help: 'Requests.' })
    histogram({ name: 'slow', help: 'Slow.', buckets: [1] })
    gauge({ name: 'other', help: 'Other.' })
    const slow =
      '# HELP slow Slow.\n# TYPE slow histogram\nslow_bucket{le="1"} 0\nslow_bucket{le="+Inf"} 0\nslow_sum 0\nslow_count 0\n'
    expect(await expose(defaultRegistry, { names: ['slow_count'] })).toBe(slow)
    expect(await expose(defaultRegistry, { names: ['slow', 'unknown'] })).toBe(slow)
    expect(await expose(defaultRegistry, { names: [] })).toBe('')
  })

  test('refuses options in the place of the registry', async () => {
    const misplaced = { format: 'openmetrics' } as unknown as Registry
    await expect(expose(misplaced)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'expose takes a registry first, then its options: expose(undefined, { format }).',
    })
  })

  test('of an empty registry is empty', async () => {
    expect(await expose(new Registry())).toBe('')
  })

  test('gives OpenMetrics to who asks for it', async () => {
    counter({ name: 'requests', help: 'The "best" ones.' }).inc()
    expect(await expose(defaultRegistry, { format: 'openmetrics' })).toBe(
      '# TYPE requests counter\n# HELP requests The \\"best\\" ones.\nrequests_total 1\n# EOF\n',
    )
  })

  test('gives protobuf as bytes', async () => {
    gauge({ name: 'x', help: 'X.' }).set(1)
    const bytes: Uint8Array = await expose(defaultRegistry, { format: 'protobuf' })
    const fields = ['0a0178', '1202582e', '1801', '220b1209', '09000000000000f03f']
    expect(Buffer.from(bytes).toString('hex')).toBe(`16${fields.join('')}`)
  })

  test.each(['html', '__proto__', ''])('refuses %j, which is no format', async (format) => {
    await expect(expose(new Registry(), { format: format as 'text' })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  test('always answers with a promise', () => {
    const answer: unknown = expose(new Registry())
    expect(answer).toBeInstanceOf(Promise)
  })
})
