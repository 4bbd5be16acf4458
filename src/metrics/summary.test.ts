import { afterEach, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { summary } from './summary.ts'

afterEach(() => void vi.useRealTimers())

test('a summary counts and sums, by name and by position (CL9)', async () => {
  const registry = new Registry()
  const sizes = summary({ name: 'batch_size', help: 'Rows per batch.', labelNames: ['job'], registry })
  sizes.observe({ job: 'import' }, 12)
  sizes.observe({ job: 'import' }, -2.5)
  sizes.labels('export').observe(7)
  sizes.labels({ job: 'export' }).observe(0)
  expect(await expose(registry)).toBe(`# HELP batch_size Rows per batch.
# TYPE batch_size summary
batch_size_sum{job="import"} 9.5
batch_size_count{job="import"} 2
batch_size_sum{job="export"} 7
batch_size_count{job="export"} 2
`)
})

test('a summary without labels is there from the start, at 0, and has no quantiles (CL9, CL14)', async () => {
  const registry = new Registry()
  summary({ name: 'batch_size', help: 'Rows per batch.', registry })
  expect(await expose(registry)).toBe(`# HELP batch_size Rows per batch.
# TYPE batch_size summary
batch_size_sum 0
batch_size_count 0
`)
})

test.each([
  [[Number.NaN, 1], 'NaN'],
  [[Number.POSITIVE_INFINITY, 1], '+Inf'],
  [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 'NaN'],
])('a summary counts %j, and its sum is %s', async (values, sum) => {
  const registry = new Registry()
  const x = summary({ name: 'x', help: 'X.', registry })
  for (const value of values) x.observe(value)
  expect(await expose(registry)).toContain(`x_sum ${sum}\nx_count 2\n`)
})

test.each<[unknown]>([['5'], [undefined], [null], [5n]])(
  'a summary refuses to observe %s, and stays as it is',
  async (given) => {
    const registry = new Registry()
    const plain = summary({ name: 'plain', help: 'Without labels.', registry })
    const labelled = summary({ name: 'labelled', help: 'With labels.', labelNames: ['a'], registry })
    const series = labelled.labels('x')
    const value = given as number
    for (const attempt of [
      () => plain.observe(value),
      () => labelled.observe({ a: 'new' }, value),
      () => series.observe(value),
    ]) {
      const error = refusal(attempt)
      expect(error.code).toBe('INVALID_VALUE')
      expect(error.message).toMatch(/^(plain|labelled) cannot observe /)
    }
    expect(await expose(registry)).toBe(`# HELP plain Without labels.
# TYPE plain summary
plain_sum 0
plain_count 0
# HELP labelled With labels.
# TYPE labelled summary
labelled_sum{a="x"} 0
labelled_count{a="x"} 0
`)
  },
)

test('a summary times functions, promises and blocks, in seconds', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] })
  const registry = new Registry()
  const slow = summary({ name: 'slow', help: 'Slow Requests', registry })
  expect(slow.time(() => (vi.advanceTimersByTime(1000), 'rows'))).toBe('rows')
  expect(await slow.labels().time(async () => (vi.advanceTimersByTime(500), 'rows'))).toBe('rows')
  {
    using _ = slow.startTimer()
    vi.advanceTimersByTime(250)
  }
  expect(await expose(registry)).toContain('slow_sum 1.75\nslow_count 3\n')
})

test('a summary with labels times through a series only', () => {
  const labelled = summary({ name: 'slow', help: 'Slow.', labelNames: ['a'], registry: new Registry() })
  for (const attempt of [() => labelled.startTimer(), () => labelled.time(() => 1)]) {
    expect(refusal(attempt).code).toBe('INVALID_LABELS')
  }
  expect(refusal(() => summary({ name: 'x', help: 'X.', labelNames: ['quantile'] })).code).toBe('RESERVED_LABEL_NAME')
})
